// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/store/challenges.h"

#include "server/store/schema.h"
#include "server/store/sql.h"

namespace daypass::server {
namespace {

constexpr uint64_t kMaxChallenges = 10'000;  // anybody can ask for one

}  // namespace

Schema ChallengesSchema() {
  return {"challenges",
          {{"CREATE TABLE challenges (digest TEXT PRIMARY KEY, expires_ms BIGINT NOT NULL)"}}};
}

bool Challenges::Add(const std::string& digest, core::Instant expires) {
  Sql(tx_, "DELETE FROM challenges WHERE expires_ms <= :now").Bind(tx_.now).Run();
  uint64_t count = 0;
  Sql query(tx_, "SELECT COUNT(*) FROM challenges");
  query.Into(count).Fetch();
  if (count >= kMaxChallenges) return false;
  Sql(tx_, "INSERT INTO challenges (digest, expires_ms) VALUES (:digest, :expires)")
      .Bind(digest)
      .Bind(expires)
      .Run();
  return true;
}

bool Challenges::Take(const std::string& digest) {
  return Sql(tx_, "DELETE FROM challenges WHERE digest = :digest AND expires_ms > :now")
             .Bind(digest)
             .Bind(tx_.now)
             .Run() == 1;
}

}  // namespace daypass::server
