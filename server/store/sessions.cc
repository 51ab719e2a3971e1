// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/store/sessions.h"

#include "server/store/schema.h"
#include "server/store/sql.h"

namespace daypass::server {

Schema SessionsSchema() {
  return {"sessions",
          {{"CREATE TABLE sessions (digest TEXT PRIMARY KEY, person TEXT NOT NULL, "
            "fingerprint TEXT NOT NULL, expires_ms BIGINT NOT NULL)"}}};
}

void Sessions::Add(const SessionRow& row) {
  Sql(tx_, "DELETE FROM sessions WHERE expires_ms <= :now").Bind(tx_.now).Run();
  Sql(tx_,
      "INSERT INTO sessions (digest, person, fingerprint, expires_ms) "
      "VALUES (:digest, :person, :fingerprint, :expires)")
      .Bind(row.digest)
      .Bind(row.person)
      .Bind(row.fingerprint)
      .Bind(row.expires)
      .Run();
}

std::optional<SessionRow> Sessions::Find(const std::string& digest) {
  SessionRow row;
  Sql query(tx_,
            "SELECT digest, person, fingerprint, expires_ms FROM sessions "
            "WHERE digest = :digest AND expires_ms > :now");
  query.Bind(digest).Bind(tx_.now);
  query.Into(row.digest).Into(row.person).Into(row.fingerprint).Into(row.expires);
  if (!query.Fetch()) return std::nullopt;
  return row;
}

void Sessions::EndAllOf(const std::string& person) {
  Sql(tx_, "DELETE FROM sessions WHERE person = :person").Bind(person).Run();
}

}  // namespace daypass::server
