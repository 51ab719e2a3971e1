// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The agent's store: documents, latches, live commands and records, in one file, so that what is
// decided, what is latched and what is recorded become durable in one transaction.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/statement.h"
#include "core/status.h"
#include "platform/database.h"
#include "wire/record.h"

namespace daypass::agent {

/// A grant as it lies in the store: signed bytes, and what this host has latched of it.
struct GrantRow {
  core::Digest id;
  std::string envelope;
  uint32_t uid = 0;  ///< the subject's, when it was imported
  core::Latch latch;
};

/// A command (or its sudo) that a grant let through and that has not ended.
struct LiveRow {
  uint64_t query = 0;  ///< number of the record that allowed it
  core::Digest grant;
  std::string scope;
  std::string user;
  uint32_t uid = 0;
  int64_t pid = 0;
  uint64_t start_ticks = 0;
  std::string boot_id;
  core::Instant until;
  bool is_ended_at_end = true;  ///< the role's on_end
  bool has_started = false;
};

/// A request made on this host.
struct RequestRow {
  core::Digest id;
  std::string envelope;
  uint32_t uid = 0;
  std::string state;  ///< pending, approved, denied, expired, cancelled, refused
  std::string text;
  bool is_delivered = false;
  core::Instant start_by;
};

class Store {
 public:
  /// Opens the file, made if missing, and checks that it is whole: structure, and every value that
  /// decides. Fails: kStoreUnavailable, kPathUnsafe; `why`: kDamaged if it is not whole.
  static core::Result<Store> Open(const std::string& path, platform::StoreFault* why = nullptr);

  /// Reads every page, records too: it may take seconds. Fails: kStoreUnavailable (damaged).
  core::Result<void> CheckEverything();
  /// Whether what failed just now failed because the file is damaged.
  bool HasMetDamage() const { return database_.last_fault() == platform::StoreFault::kDamaged; }
  /// Whether nothing more can be done with it until it is opened anew.
  bool IsStuck() const { return database_.last_fault() == platform::StoreFault::kStuck; }

  core::Result<platform::Transaction> Begin() { return platform::Transaction::Begin(database_); }

  // Small values: anchor, floor, cursors, the last status.
  core::Result<std::optional<std::string>> Get(std::string_view key);
  core::Result<void> Set(std::string_view key, std::string_view value);
  core::Result<void> Clear(std::string_view key);

  /// One at a time: there may be a hundred thousand. `visit` leaves the store alone.
  core::Result<void> ForEachGrant(const std::function<void(GrantRow)>& visit);
  core::Result<void> AddGrant(const GrantRow& grant, const std::string& short_id,
                              core::Instant last_end);
  core::Result<void> UpdateGrant(const core::Digest& id, const std::string& envelope);
  core::Result<void> SetLatch(const core::Digest& id, const core::Latch& latch);
  /// Forgets grants whose last possible end lies before `before`. Their ids cannot come back: a
  /// statement is taken only before its latest start.
  core::Result<void> RemoveGrantsEndedBefore(core::Instant before);

  core::Result<std::vector<core::Revocation>> LoadRevocations();
  core::Result<void> AddRevocation(const core::Revocation& revocation);

  core::Result<std::vector<LiveRow>> LoadLive();
  core::Result<void> AddLive(const LiveRow& live);
  core::Result<void> MarkStarted(uint64_t query);
  core::Result<void> RemoveLive(uint64_t query);

  core::Result<std::vector<RequestRow>> LoadRequests();
  core::Result<void> PutRequest(const RequestRow& request);
  core::Result<void> RemoveRequest(const core::Digest& id);

  core::Result<void> AddRecord(const wire::StoredRecord& record);
  core::Result<std::optional<wire::StoredRecord>> LastRecord();
  /// At most `max` records after `seq`, in order.
  core::Result<std::vector<wire::StoredRecord>> RecordsAfter(uint64_t seq, size_t max);

  /// Keeps a refused document that proves something about its signers.
  core::Result<void> KeepEvidence(std::string_view reason, std::string_view envelope,
                                  core::Instant at);

 private:
  explicit Store(platform::Database database) : database_(std::move(database)) {}
  static core::Result<void> Make(const std::string& path);
  platform::Database database_;
};

}  // namespace daypass::agent
