// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/store/requests.h"

#include <array>

#include "server/store/schema.h"
#include "server/store/sql.h"

namespace daypass::server {
namespace {

constexpr std::array<const char*, 5> kStateNames = {"pending", "approved", "denied", "expired",
                                                    "cancelled"};

RequestState ParseState(const std::string& name) {
  for (size_t i = 0; i < kStateNames.size(); ++i) {
    if (name == kStateNames[i]) return static_cast<RequestState>(i);
  }
  return RequestState::kCancelled;  // a damaged store grants nothing
}

constexpr const char* kSelect =
    "SELECT r.id, r.short_id, r.statement, r.vouched_by, r.requested_by, r.state, r.created_ms, "
    "r.start_by_ms, r.ends_ms, r.denied_by, r.denial, r.changed FROM requests r ";

std::vector<RequestRow> FetchAll(Tx& tx, Sql& query) {
  std::vector<RequestRow> rows;
  RequestRow row;
  std::string state;
  query.Into(row.id).Into(row.short_id).Into(row.statement).Into(row.vouched_by);
  query.Into(row.requested_by).Into(state).Into(row.created).Into(row.start_by).Into(row.ends);
  query.Into(row.denied_by).Into(row.denial).Into(row.changed);
  while (query.Fetch()) {
    row.state = ParseState(state);
    if (row.state == RequestState::kPending && tx.now >= row.start_by) {
      row.state = RequestState::kExpired;
    }
    rows.push_back(row);
  }
  return rows;
}

}  // namespace

std::string StateName(RequestState state) {
  return kStateNames.at(static_cast<size_t>(state));
}

Schema RequestsSchema() {
  return {"requests",
          {{"CREATE TABLE requests (id TEXT PRIMARY KEY, short_id TEXT NOT NULL UNIQUE, "
            "statement TEXT NOT NULL, vouched_by TEXT NOT NULL, requested_by TEXT NOT NULL, "
            "state TEXT NOT NULL, created_ms BIGINT NOT NULL, start_by_ms BIGINT NOT NULL, "
            "ends_ms BIGINT NOT NULL, denied_by TEXT NOT NULL, denial TEXT NOT NULL, "
            "changed BIGINT NOT NULL)",
            "CREATE INDEX requests_state ON requests (state, start_by_ms)",
            "CREATE TABLE request_hosts (request TEXT NOT NULL REFERENCES requests (id), "
            "host TEXT NOT NULL, PRIMARY KEY (host, request))"}}};
}

void Requests::Add(const RequestRow& row, const std::vector<std::string>& hosts) {
  Sql(tx_,
      "INSERT INTO requests (id, short_id, statement, vouched_by, requested_by, state, created_ms, "
      "start_by_ms, ends_ms, denied_by, denial, changed) VALUES (:id, :short, :statement, "
      ":vouched, "
      ":requested, :state, :created, :start_by, :ends, :denied_by, :denial, :changed)")
      .Bind(row.id)
      .Bind(row.short_id)
      .Bind(row.statement)
      .Bind(row.vouched_by)
      .Bind(row.requested_by)
      .Bind(StateName(row.state))
      .Bind(row.created)
      .Bind(row.start_by)
      .Bind(row.ends)
      .Bind(row.denied_by)
      .Bind(row.denial)
      .Bind(row.changed)
      .Run();
  for (const std::string& host : hosts) {
    Sql(tx_, "INSERT INTO request_hosts (request, host) VALUES (:request, :host)")
        .Bind(row.id)
        .Bind(host)
        .Run();
  }
}

void Requests::SaveState(const RequestRow& row) {
  Sql(tx_,
      "UPDATE requests SET state = :state, denied_by = :by, denial = :denial, changed = :changed "
      "WHERE id = :id")
      .Bind(StateName(row.state))
      .Bind(row.denied_by)
      .Bind(row.denial)
      .Bind(row.changed)
      .Bind(row.id)
      .Run();
}

std::optional<RequestRow> Requests::Find(const std::string& id) {
  Sql query(tx_, std::string(kSelect) + "WHERE r.id = :id OR r.short_id = :short");
  query.Bind(id).Bind(id);
  std::vector<RequestRow> rows = FetchAll(tx_, query);
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

std::vector<RequestRow> Requests::Pending() {
  Sql query(tx_, std::string(kSelect) +
                     "WHERE r.state = 'pending' AND r.start_by_ms > :now "
                     "ORDER BY r.created_ms DESC, r.id LIMIT :most");
  query.Bind(tx_.now).Bind(kMaxListed);
  return FetchAll(tx_, query);
}

std::vector<RequestRow> Requests::All() {
  Sql query(tx_, std::string(kSelect) + "ORDER BY r.created_ms DESC, r.id LIMIT :most");
  query.Bind(kMaxListed);
  return FetchAll(tx_, query);
}

std::vector<RequestRow> Requests::Grants(const std::string& host) {
  const bool of_all = host.empty();
  Sql query(tx_, std::string(kSelect) +
                     (of_all ? "WHERE "
                             : "JOIN request_hosts h ON h.request = r.id "
                               "WHERE h.host = :host AND ") +
                     "r.state = 'approved' AND r.ends_ms > :now "
                     "ORDER BY r.created_ms DESC, r.id LIMIT :most");
  if (!of_all) query.Bind(host);
  query.Bind(tx_.now).Bind(kMaxListed);
  return FetchAll(tx_, query);
}

std::vector<RequestRow> Requests::GrantsToHold(const std::string& host, uint64_t after) {
  Sql query(tx_, std::string(kSelect) +
                     "JOIN request_hosts h ON h.request = r.id "
                     "WHERE h.host = :host AND r.state = 'approved' AND r.ends_ms > :now "
                     "AND r.changed > :after AND NOT EXISTS "
                     "(SELECT 1 FROM grant_revocations g WHERE g.request = r.id) "
                     "ORDER BY r.changed, r.id");
  query.Bind(host).Bind(tx_.now).Bind(after);
  return FetchAll(tx_, query);
}

uint64_t Requests::CountPending(const std::string& vouched_by, const std::string& requested_by) {
  uint64_t count = 0;
  Sql query(tx_,
            "SELECT COUNT(*) FROM requests WHERE state = 'pending' AND start_by_ms > :now "
            "AND vouched_by = :host AND requested_by = :requested");
  query.Bind(tx_.now).Bind(vouched_by).Bind(requested_by).Into(count).Fetch();
  return count;
}

}  // namespace daypass::server
