// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The ledger: records, numbered and chained from the first one, each commit signed with the host's
// key. Whatever else the store is told in the same breath becomes durable with them or not at all.
//
//   1. MUST be durable before anybody learns of the answer that it records.
//   2. MUST go on from the stored head after a restart, and never number two records alike.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "agent/store.h"
#include "core/decision.h"
#include "core/result.h"
#include "wire/keys.h"
#include "wire/record.h"

namespace daypass::agent {

/// What every record says of the moment it was made in.
struct Moment {
  std::string boot_id;
  core::Instant time;
  core::Millis boot{0};
  std::string clock;
  std::string mode;
  std::optional<int64_t> policy;
  std::string freshness;
};

class Ledger {
 public:
  /// `identity`, `key` and `store` outlive the ledger.
  static core::Result<std::unique_ptr<Ledger>> Make(Store& store,
                                                    const core::HostIdentity& identity,
                                                    const wire::PrivateKey& key);

  /// Who is told, after each commit, that there is something new to read.
  std::function<void()> on_commit;
  /// Who is told that a commit failed, before anything else is asked of the store.
  std::function<void(const core::Error&)> on_fault;
  /// Says in which moment a record is made. Set once by whoever knows the clocks.
  std::function<Moment()> moment;

  /// Runs `work` in one transaction, signs its last record (in a large one others too), and
  /// commits. If anything fails, nothing is stored and the error comes back; `work` undoes what it
  /// changed in memory by itself.
  core::Result<void> Commit(const std::function<core::Result<void>()>& work);

  /// Inside Commit only: appends one record and returns its number. Head and chain are filled in.
  core::Result<uint64_t> Append(wire::Record record);

  /// One record by itself, for events that nobody waits for. A fault is returned, not thrown away.
  core::Result<void> Note(wire::Record record);

  /// An earlier record, if it is still kept. Fails: kStoreUnavailable, or what ParseRecord says.
  core::Result<std::optional<wire::Record>> Find(uint64_t seq);

  uint64_t last_seq() const { return seq_; }

 private:
  Ledger(Store& store, const core::HostIdentity& identity, const wire::PrivateKey& key);
  core::Result<void> StoreNewest(bool signs);

  Store& store_;
  const core::HostIdentity& identity_;
  const wire::PrivateKey& key_;
  uint64_t seq_ = 0;
  core::Digest prev_ = wire::kNoPrev;
  // The transaction's newest record: stored when another follows, or signed when it is the last.
  std::optional<wire::StoredRecord> newest_;
  size_t unsigned_bytes_ = 0;  // of the transaction, since the last signature
};

}  // namespace daypass::agent
