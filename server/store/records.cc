// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/store/records.h"

#include "server/store/schema.h"
#include "server/store/sql.h"

namespace daypass::server {
namespace {

constexpr uint64_t kMaxFaults = 100;  // of one chain: its host could send new ones for ever

}  // namespace

Schema RecordsSchema() {
  return {"records",
          {{"CREATE TABLE records (host TEXT NOT NULL, chain BIGINT NOT NULL, seq BIGINT NOT NULL, "
            "digest TEXT NOT NULL, bytes TEXT NOT NULL, signature TEXT NOT NULL, "
            "received_ms BIGINT NOT NULL, PRIMARY KEY (host, chain, seq))",
            "CREATE TABLE chain_faults (host TEXT NOT NULL, chain BIGINT NOT NULL, "
            "kind TEXT NOT NULL, seq BIGINT NOT NULL, bytes TEXT NOT NULL, at_ms BIGINT NOT NULL, "
            "PRIMARY KEY (host, chain, kind, seq))"}}};
}

void Records::Add(const wire::StoredRecord& record, const core::Digest& digest) {
  Sql(tx_,
      "INSERT INTO records (host, chain, seq, digest, bytes, signature, received_ms) "
      "VALUES (:host, :chain, :seq, :digest, :bytes, :signature, :at)")
      .Bind(name_.host)
      .Bind(name_.chain)
      .Bind(record.seq)
      .Bind(digest)
      .Bind(record.bytes)
      .Bind(record.signature)
      .Bind(tx_.now)
      .Run();
}

core::Receipt Records::Head() {
  core::Receipt head;
  Sql query(tx_,
            "SELECT seq, digest FROM records WHERE host = :host AND chain = :chain "
            "ORDER BY seq DESC LIMIT 1");
  query.Bind(name_.host).Bind(name_.chain).Into(head.seq).Into(head.digest).Fetch();
  return head;
}

std::optional<core::Digest> Records::DigestOf(uint64_t seq) {
  core::Digest digest;
  Sql query(tx_, "SELECT digest FROM records WHERE host = :host AND chain = :chain AND seq = :seq");
  query.Bind(name_.host).Bind(name_.chain).Bind(seq).Into(digest);
  if (!query.Fetch()) return std::nullopt;
  return digest;
}

void Records::AddFault(const ChainFaultRow& row) {
  uint64_t count = 0;
  Sql query(tx_, "SELECT COUNT(*) FROM chain_faults WHERE host = :host AND chain = :chain");
  query.Bind(name_.host).Bind(name_.chain).Into(count).Fetch();
  if (count >= kMaxFaults) return;
  Sql(tx_,
      "INSERT INTO chain_faults (host, chain, kind, seq, bytes, at_ms) "
      "VALUES (:host, :chain, :kind, :seq, :bytes, :at) "
      "ON CONFLICT (host, chain, kind, seq) DO NOTHING")
      .Bind(name_.host)
      .Bind(name_.chain)
      .Bind(row.kind)
      .Bind(row.seq)
      .Bind(row.bytes)
      .Bind(row.at)
      .Run();
}

std::optional<ChainFaultRow> Records::NewestFault() {
  ChainFaultRow row;
  Sql query(tx_,
            "SELECT kind, seq, bytes, at_ms FROM chain_faults WHERE host = :host "
            "AND chain = :chain ORDER BY at_ms DESC, seq DESC LIMIT 1");
  query.Bind(name_.host).Bind(name_.chain);
  query.Into(row.kind).Into(row.seq).Into(row.bytes).Into(row.at);
  if (!query.Fetch()) return std::nullopt;
  return row;
}

}  // namespace daypass::server
