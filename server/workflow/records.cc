// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/workflow/records.h"

#include "server/log.h"
#include "server/store/records.h"
#include "wire/digest.h"
#include "wire/keys.h"

namespace daypass::server {
namespace {

using core::Error;
using core::Reason;
using core::Receipt;
using core::Result;
using Batch = std::span<const wire::StoredRecord>;

core::Digest DigestOf(const Receipt& head) {
  return head.seq == 0 ? wire::kNoPrev : head.digest;
}

RecordsTaken ChainFault(Tx& tx, const HostRow& host, const Receipt& head, std::string kind,
                        const wire::StoredRecord& record, const std::string& why) {
  Error fault{Reason::kConflict,
              "records: " + kind + " at " + std::to_string(record.seq) + ": " + why, "/records"};
  Records(tx, {host.name, host.chain})
      .AddFault({std::move(kind), record.seq, record.bytes, tx.now});
  LogFault({fault.code, "host " + host.name + ": " + fault.what, {}});
  return {head, std::move(fault)};
}

/// Drops from the front what is stored already. The first that contradicts it, if one does.
const wire::StoredRecord* SkipStored(Records& stored, const Receipt& head, Batch& batch) {
  while (!batch.empty() && batch.front().seq <= head.seq) {
    if (stored.DigestOf(batch.front().seq) != wire::Sha256Hex(batch.front().bytes)) {
      return &batch.front();
    }
    batch = batch.subspan(1);
  }
  return nullptr;
}

/// The host's store was lost, and the first record of its new chain says so. A beginning that is
/// stored, of this chain or of one before, only comes again.
bool BeginsAnew(Tx& tx, const HostRow& host, const std::string& realm, const wire::PublicKey& key,
                Batch batch) {
  if (batch.empty() || batch.front().seq != 1) return false;
  const auto first = wire::ParseRecord(batch.front().bytes);
  if (!first || first->event != "store.damaged") return false;
  const core::Digest digest = wire::Sha256Hex(batch.front().bytes);
  for (uint64_t chain = 1; chain <= host.chain; ++chain) {
    if (Records(tx, {host.name, chain}).DigestOf(1) == digest) return false;
  }
  const auto chain = wire::VerifyChain({realm, host.name, 0, wire::kNoPrev}, batch, key);
  return chain && chain->signed_seq > 0;
}

/// Goes on with another chain, and keeps for everybody to see how far the lost one went.
HostRow BeginChain(Tx& tx, HostRow host, uint64_t lost_seq, const wire::StoredRecord& first) {
  ++host.chain;
  Hosts(tx).Save(host);
  Records(tx, {host.name, host.chain}).AddFault({"lost", lost_seq, first.bytes, tx.now});
  LogFault({Reason::kConflict,
            "host " + host.name + ": has lost its store behind record " + std::to_string(lost_seq) +
                " and begins anew",
            {}});
  return host;
}

/// Stores the records, which form a chain, up to number `last`.
void Add(Records& stored, Batch batch, uint64_t last) {
  for (const wire::StoredRecord& record : batch) {
    if (record.seq <= last) stored.Add(record, wire::Sha256Hex(record.bytes));
  }
}

void NotePolicyVersion(Tx& tx, const HostRow& host, const wire::StoredRecord& newest) {
  const auto record = wire::ParseRecord(newest.bytes);
  if (!record || !record->policy) return;
  const auto version = static_cast<uint64_t>(*record->policy);
  if (version != host.policy_version) Hosts(tx).SetPolicyVersion(host.name, version);
}

}  // namespace

Result<RecordsTaken> TakeRecords(Tx& tx, Context& context, const HostRow& of_host, Batch batch) {
  HostRow host = of_host;
  auto policy = context.newest_policy.Get(tx);
  if (!policy) return std::move(policy).error();
  auto key = wire::ParsePublicKey(host.host_key);
  if (!key) return std::move(key).error();
  Receipt head = Records(tx, {host.name, host.chain}).Head();
  if (head.seq > 0 && BeginsAnew(tx, host, (*policy)->realm, *key, batch)) {
    host = BeginChain(tx, std::move(host), head.seq, batch.front());
    head = {};
  }
  Records stored(tx, {host.name, host.chain});
  if (const wire::StoredRecord* fork = SkipStored(stored, head, batch)) {
    return ChainFault(tx, host, head, "fork", *fork, "another record of this number is stored");
  }
  if (batch.empty()) return RecordsTaken{head, {}};
  const wire::StoredRecord& first = batch.front();
  if (first.seq != head.seq + 1) {
    return ChainFault(tx, host, head, "gap", first, "expected " + std::to_string(head.seq + 1));
  }
  auto record = wire::ParseRecord(first.bytes);
  if (!record) return std::move(record).error();
  if (record->prev != DigestOf(head)) {
    return ChainFault(tx, host, head, "fork", first, "it does not follow the record before it");
  }
  auto chain =
      wire::VerifyChain({(*policy)->realm, host.name, head.seq, DigestOf(head)}, batch, *key);
  if (!chain) return std::move(chain).error();
  if (chain->signed_seq == 0) {
    return Error{Reason::kBadSignature, "records: none of them is signed by the host", "/records"};
  }
  Add(stored, batch, chain->signed_seq);
  NotePolicyVersion(tx, host, batch[chain->signed_seq - first.seq]);
  return RecordsTaken{stored.Head(), {}};
}

}  // namespace daypass::server
