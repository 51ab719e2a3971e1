// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/store/revocations.h"

#include "server/store/schema.h"
#include "server/store/sql.h"

namespace daypass::server {
namespace {

std::vector<RevocationRow> FetchAll(Sql& query) {
  std::vector<RevocationRow> rows;
  RevocationRow row;
  query.Into(row.target).Into(row.by).Into(row.reason).Into(row.at);
  while (query.Fetch()) rows.push_back(row);
  return rows;
}

}  // namespace

Schema RevocationsSchema() {
  return {"revocations",
          {{"CREATE TABLE grant_revocations (request TEXT PRIMARY KEY REFERENCES requests (id), "
            "revoked_by TEXT NOT NULL, reason TEXT NOT NULL, at_ms BIGINT NOT NULL)",
            "CREATE TABLE person_revocations (person TEXT PRIMARY KEY, "
            "revoked_by TEXT NOT NULL, reason TEXT NOT NULL, at_ms BIGINT NOT NULL)"}}};
}

void Revocations::AddGrant(const RevocationRow& row) {
  Sql(tx_,
      "INSERT INTO grant_revocations (request, revoked_by, reason, at_ms) "
      "VALUES (:request, :by, :reason, :at) ON CONFLICT (request) DO NOTHING")
      .Bind(row.target)
      .Bind(row.by)
      .Bind(row.reason)
      .Bind(row.at)
      .Run();
}

std::optional<RevocationRow> Revocations::OfGrant(const std::string& id) {
  Sql query(tx_,
            "SELECT request, revoked_by, reason, at_ms FROM grant_revocations "
            "WHERE request = :id");
  query.Bind(id);
  std::vector<RevocationRow> rows = FetchAll(query);
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

std::vector<RevocationRow> Revocations::OfHost(const std::string& host) {
  Sql query(tx_,
            "SELECT g.request, g.revoked_by, g.reason, g.at_ms FROM grant_revocations g "
            "JOIN requests r ON r.id = g.request JOIN request_hosts h ON h.request = g.request "
            "WHERE h.host = :host AND r.ends_ms > :now ORDER BY g.at_ms, g.request");
  query.Bind(host).Bind(tx_.now);
  return FetchAll(query);
}

void Revocations::SavePerson(const RevocationRow& row) {
  Sql(tx_,
      "INSERT INTO person_revocations (person, revoked_by, reason, at_ms) "
      "VALUES (:person, :by, :reason, :at) ON CONFLICT (person) DO UPDATE SET "
      "revoked_by = excluded.revoked_by, reason = excluded.reason, at_ms = excluded.at_ms")
      .Bind(row.target)
      .Bind(row.by)
      .Bind(row.reason)
      .Bind(row.at)
      .Run();
}

std::vector<RevocationRow> Revocations::OfPeople() {
  Sql query(tx_,
            "SELECT person, revoked_by, reason, at_ms FROM person_revocations ORDER BY person");
  return FetchAll(query);
}

}  // namespace daypass::server
