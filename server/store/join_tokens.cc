// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/store/join_tokens.h"

#include "server/store/schema.h"
#include "server/store/sql.h"

namespace daypass::server {

Schema JoinTokensSchema() {
  return {"join_tokens",
          {{"CREATE TABLE join_tokens (digest TEXT PRIMARY KEY, host TEXT NOT NULL, "
            "made_by TEXT NOT NULL, expires_ms BIGINT NOT NULL)"}}};
}

void JoinTokens::Add(const JoinTokenRow& row) {
  Sql(tx_, "DELETE FROM join_tokens WHERE expires_ms <= :now").Bind(tx_.now).Run();
  Sql(tx_,
      "INSERT INTO join_tokens (digest, host, made_by, expires_ms) "
      "VALUES (:digest, :host, :made_by, :expires)")
      .Bind(row.digest)
      .Bind(row.host)
      .Bind(row.made_by)
      .Bind(row.expires)
      .Run();
}

bool JoinTokens::Take(const std::string& digest, const std::string& host) {
  return Sql(tx_,
             "DELETE FROM join_tokens WHERE digest = :digest AND host = :host "
             "AND expires_ms > :now")
             .Bind(digest)
             .Bind(host)
             .Bind(tx_.now)
             .Run() == 1;
}

}  // namespace daypass::server
