// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/store/changes.h"

#include "server/store/schema.h"
#include "server/store/sql.h"

namespace daypass::server {

Schema ChangesSchema() {
  return {"changes",
          {{"CREATE TABLE changes (id BIGINT PRIMARY KEY, cursor BIGINT NOT NULL)",
            "INSERT INTO changes (id, cursor) VALUES (1, 0)"}}};
}

uint64_t Changes::Next() {
  Sql(tx_, "UPDATE changes SET cursor = cursor + 1 WHERE id = 1").Run();
  uint64_t cursor = 0;
  Sql query(tx_, "SELECT cursor FROM changes WHERE id = 1");
  query.Into(cursor).Fetch();
  return cursor;
}

uint64_t Changes::MarkHosts(std::span<const std::string> hosts) {
  const uint64_t cursor = Next();
  for (const std::string& host : hosts) {
    Sql(tx_, "UPDATE hosts SET cursor = :cursor WHERE name = :name").Bind(cursor).Bind(host).Run();
    tx_.woken.insert(host);
  }
  return cursor;
}

uint64_t Changes::MarkAllHosts() {
  const uint64_t cursor = Next();
  Sql(tx_, "UPDATE hosts SET cursor = :cursor").Bind(cursor).Run();
  std::string host;
  Sql query(tx_, "SELECT name FROM hosts");
  query.Into(host);
  while (query.Fetch()) tx_.woken.insert(host);
  return cursor;
}

uint64_t Changes::CursorOf(const std::string& host) {
  uint64_t cursor = 0;
  Sql query(tx_, "SELECT cursor FROM hosts WHERE name = :name");
  query.Bind(host).Into(cursor).Fetch();
  return cursor;
}

}  // namespace daypass::server
