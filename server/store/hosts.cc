// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/store/hosts.h"

#include "server/store/schema.h"
#include "server/store/sql.h"
#include "wire/json_builder.h"
#include "wire/json_reader.h"

namespace daypass::server {
namespace {

constexpr size_t kMaxLabelsBytes = 64 * 1024;

std::string EncodeLabels(const std::map<std::string, std::string>& labels) {
  return wire::ObjectBuilder().StringMap("labels", labels).Dump();
}

// What EncodeLabels made. Anything else is a damaged store, and labels are only shown.
std::map<std::string, std::string> DecodeLabels(const std::string& text) {
  auto json = wire::ParseJson(text, {.max_bytes = kMaxLabelsBytes});
  if (!json) return {};
  wire::ObjectReader in(json->get());
  auto labels = in.StringMap("labels", wire::kLine, wire::kOptionalLine, {});
  return in.Finish() ? labels : std::map<std::string, std::string>{};
}

std::vector<HostRow> FetchAll(Sql& query) {
  std::vector<HostRow> rows;
  HostRow row;
  std::string labels;
  query.Into(row.name).Into(labels).Into(row.host_key).Into(row.tls_key).Into(row.tls_key_before);
  query.Into(row.chain).Into(row.enrolled).Into(row.last_seen).Into(row.policy_version);
  while (query.Fetch()) {
    row.labels = DecodeLabels(labels);
    rows.push_back(row);
  }
  return rows;
}

constexpr const char* kSelect =
    "SELECT name, labels, host_key, tls_key, tls_key_before, chain, enrolled_ms, last_seen_ms, "
    "policy_version FROM hosts ";

}  // namespace

Schema HostsSchema() {
  return {"hosts",
          {{"CREATE TABLE hosts (name TEXT PRIMARY KEY, labels TEXT NOT NULL, "
            "host_key TEXT NOT NULL, tls_key TEXT NOT NULL, tls_key_before TEXT NOT NULL, "
            "chain BIGINT NOT NULL, enrolled_ms BIGINT NOT NULL, last_seen_ms BIGINT NOT NULL, "
            "policy_version BIGINT NOT NULL, cursor BIGINT NOT NULL DEFAULT 0)"}}};
}

void Hosts::Save(const HostRow& row) {
  Sql(tx_,
      "INSERT INTO hosts (name, labels, host_key, tls_key, tls_key_before, chain, enrolled_ms, "
      "last_seen_ms, policy_version) VALUES (:name, :labels, :host_key, :tls_key, :before, :chain, "
      ":enrolled, :seen, :policy) ON CONFLICT (name) DO UPDATE SET labels = excluded.labels, "
      "host_key = excluded.host_key, tls_key = excluded.tls_key, "
      "tls_key_before = excluded.tls_key_before, chain = excluded.chain, "
      "enrolled_ms = excluded.enrolled_ms, last_seen_ms = excluded.last_seen_ms, "
      "policy_version = excluded.policy_version")
      .Bind(row.name)
      .Bind(EncodeLabels(row.labels))
      .Bind(row.host_key)
      .Bind(row.tls_key)
      .Bind(row.tls_key_before)
      .Bind(row.chain)
      .Bind(row.enrolled)
      .Bind(row.last_seen)
      .Bind(row.policy_version)
      .Run();
}

std::optional<HostRow> Hosts::Find(const std::string& name) {
  Sql query(tx_, std::string(kSelect) + "WHERE name = :name");
  query.Bind(name);
  std::vector<HostRow> rows = FetchAll(query);
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

std::vector<HostRow> Hosts::All() {
  Sql query(tx_, std::string(kSelect) + "ORDER BY name");
  return FetchAll(query);
}

void Hosts::SetLastSeen(const std::string& name, core::Instant at) {
  Sql(tx_, "UPDATE hosts SET last_seen_ms = :at WHERE name = :name").Bind(at).Bind(name).Run();
}

void Hosts::SetPolicyVersion(const std::string& name, uint64_t version) {
  Sql(tx_, "UPDATE hosts SET policy_version = :version WHERE name = :name")
      .Bind(version)
      .Bind(name)
      .Run();
}

}  // namespace daypass::server
