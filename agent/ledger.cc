// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/ledger.h"

#include "wire/digest.h"
#include "wire/sshsig.h"

namespace daypass::agent {
namespace {

// Records leave the host in batches that end with a signed one, so a large commit has several.
constexpr size_t kSignAfter = 16 * 1024;

}  // namespace

Ledger::Ledger(Store& store, const core::HostIdentity& identity, const wire::PrivateKey& key)
    : store_(store), identity_(identity), key_(key) {}

core::Result<std::unique_ptr<Ledger>> Ledger::Make(Store& store, const core::HostIdentity& identity,
                                                   const wire::PrivateKey& key) {
  std::unique_ptr<Ledger> ledger(new Ledger(store, identity, key));
  core::Result<std::optional<wire::StoredRecord>> last = store.LastRecord();
  if (!last) return std::move(last).error();
  if (*last) {
    ledger->seq_ = (*last)->seq;
    ledger->prev_ = wire::Sha256Hex((*last)->bytes);
  }
  return ledger;
}

core::Result<void> Ledger::Commit(const std::function<core::Result<void>()>& work) {
  core::Result<platform::Transaction> transaction = store_.Begin();
  if (!transaction) return std::move(transaction).error();
  const uint64_t seq_before = seq_;
  const core::Digest prev_before = prev_;
  last_bytes_.clear();
  unsigned_bytes_ = 0;
  core::Result<void> done = work();
  if (done && !last_bytes_.empty()) done = SignLast();
  if (done) done = transaction->Commit();
  if (!done) {
    seq_ = seq_before;
    prev_ = prev_before;
    return done;
  }
  if (on_commit) on_commit();
  return {};
}

core::Result<uint64_t> Ledger::Append(wire::Record record) {
  const Moment now = moment();
  record.realm = identity_.realm;
  record.host = identity_.name;
  record.seq = seq_ + 1;
  record.prev = prev_;
  record.boot_id = now.boot_id;
  record.time = now.time;
  record.boot_ms = now.boot.count();
  record.clock = now.clock;
  record.mode = now.mode;
  record.policy = now.policy;
  record.freshness = now.freshness;
  std::string bytes = wire::EncodeRecord(record);
  if (auto added = store_.AddRecord({record.seq, bytes, {}}); !added)
    return std::move(added).error();
  seq_ = record.seq;
  prev_ = wire::Sha256Hex(bytes);
  unsigned_bytes_ += bytes.size();
  last_bytes_ = std::move(bytes);
  if (unsigned_bytes_ >= kSignAfter) {
    if (auto done = SignLast(); !done) return std::move(done).error();
  }
  return seq_;
}

core::Result<void> Ledger::SignLast() {
  unsigned_bytes_ = 0;
  const std::string bytes = std::exchange(last_bytes_, {});
  return store_.SignRecord(seq_, wire::Sign(key_, wire::NamespaceOf("record"), bytes));
}

core::Result<void> Ledger::Note(wire::Record record) {
  return Commit([&]() -> core::Result<void> {
    core::Result<uint64_t> seq = Append(std::move(record));
    if (!seq) return std::move(seq).error();
    return {};
  });
}

}  // namespace daypass::agent
