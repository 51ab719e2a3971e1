// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/store/policies.h"

#include "server/store/schema.h"
#include "server/store/sql.h"

namespace daypass::server {
namespace {

constexpr const char* kSelect = "SELECT version, digest, envelope, taken_ms FROM policies ";

std::optional<PolicyRow> FetchOne(Sql& query) {
  PolicyRow row;
  query.Into(row.version).Into(row.digest).Into(row.envelope).Into(row.taken);
  if (!query.Fetch()) return std::nullopt;
  return row;
}

}  // namespace

Schema PoliciesSchema() {
  return {"policies",
          {{"CREATE TABLE policies (version BIGINT PRIMARY KEY, digest TEXT NOT NULL, "
            "envelope TEXT NOT NULL, taken_ms BIGINT NOT NULL)"}}};
}

void Policies::Add(const PolicyRow& row) {
  Sql(tx_,
      "INSERT INTO policies (version, digest, envelope, taken_ms) "
      "VALUES (:version, :digest, :envelope, :taken)")
      .Bind(row.version)
      .Bind(row.digest)
      .Bind(row.envelope)
      .Bind(row.taken)
      .Run();
}

std::optional<PolicyRow> Policies::Newest() {
  Sql query(tx_, std::string(kSelect) + "ORDER BY version DESC LIMIT 1");
  return FetchOne(query);
}

std::optional<PolicyRow> Policies::Find(uint64_t version) {
  Sql query(tx_, std::string(kSelect) + "WHERE version = :version");
  query.Bind(version);
  return FetchOne(query);
}

}  // namespace daypass::server
