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
  if (!transaction) {
    if (on_fault) on_fault(transaction.error());
    return std::move(transaction).error();
  }
  const uint64_t seq_before = seq_;
  const core::Digest prev_before = prev_;
  newest_.reset();
  unsigned_bytes_ = 0;
  core::Result<void> done = work();
  if (done) done = StoreNewest(/*signs=*/true);
  if (done) done = transaction->Commit();
  if (!done) {
    if (on_fault) on_fault(done.error());
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
  if (auto stored = StoreNewest(unsigned_bytes_ >= kSignAfter); !stored)
    return std::move(stored).error();
  newest_ = wire::StoredRecord{record.seq, wire::EncodeRecord(record), {}};
  seq_ = newest_->seq;
  prev_ = wire::Sha256Hex(newest_->bytes);
  unsigned_bytes_ += newest_->bytes.size();
  return seq_;
}

core::Result<void> Ledger::StoreNewest(bool signs) {
  std::optional<wire::StoredRecord> record = std::exchange(newest_, std::nullopt);
  if (!record) return {};
  if (signs) {
    record->signature = wire::Sign(key_, wire::NamespaceOf("record"), record->bytes);
    unsigned_bytes_ = 0;
  }
  return store_.AddRecord(*record);
}

core::Result<std::optional<wire::Record>> Ledger::Find(uint64_t seq) {
  const auto records = store_.RecordsAfter(seq - 1, 1);
  if (!records) {
    if (on_fault) on_fault(records.error());
    return records.error();
  }
  if (records->empty() || records->front().seq != seq) return std::optional<wire::Record>{};
  core::Result<wire::Record> record = wire::ParseRecord(records->front().bytes);
  if (!record) return std::move(record).error();
  return std::optional(*std::move(record));
}

core::Result<void> Ledger::Note(wire::Record record) {
  return Commit([&]() -> core::Result<void> {
    core::Result<uint64_t> seq = Append(std::move(record));
    if (!seq) return std::move(seq).error();
    return {};
  });
}

}  // namespace daypass::agent
