// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Mirror: copies the records of the store to journald, with a cursor of its own, behind everything
// else that the loop has to do. The store stays the truth: an entry may come twice (after a crash;
// DAYPASS_SEQ tells), never not at all as long as journald takes what is sent.
//
//   1. MUST NOT be in a check's way: a few records a turn of the loop, and no fsync for each.
//   2. MUST NOT save a cursor beyond what journald has taken.
//   3. MUST NOT stop at a record that it cannot read: it says so in the journal and goes on.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "platform/event_loop.h"
#include "platform/journal.h"
#include "wire/record.h"

namespace daypass::agent {

/// What the mirror needs of the store.
class RecordSource {
 public:
  virtual ~RecordSource() = default;

  /// Records with a number above `seq`, in order, at most `max`; committed ones only.
  virtual core::Result<std::vector<wire::StoredRecord>> After(uint64_t seq, size_t max) = 0;

  /// The number of the last record that was mirrored, 0 at first, and how to keep it durably.
  virtual core::Result<uint64_t> LoadMirrorCursor() = 0;
  virtual core::Result<void> SaveMirrorCursor(uint64_t seq) = 0;
};

using JournalSender = std::function<core::Result<void>(std::span<const platform::JournalField>)>;

class Mirror {
 public:
  /// Both must outlive it. `send`: to journald; another one in tests.
  Mirror(platform::EventLoop& loop, RecordSource& records,
         JournalSender send = platform::SendToJournal);
  Mirror(const Mirror&) = delete;
  Mirror& operator=(const Mirror&) = delete;
  Mirror(Mirror&&) = delete;
  Mirror& operator=(Mirror&&) = delete;
  ~Mirror() = default;

  /// There may be new records: call at start and after each commit. Cheap, sends nothing itself.
  void Wake();

  /// Sends what is left, as far as journald takes it, and saves the cursor: before the program
  /// ends.
  core::Result<void> Flush();

  /// The last record that journald has taken.
  uint64_t cursor() const { return cursor_; }
  /// Why the mirror waits instead of sending; none while all is well. For status and for
  /// mirror.lagging.
  const std::optional<core::Error>& fault() const { return fault_; }

 private:
  void Turn();
  core::Result<size_t> SendSome();
  core::Result<void> SendOne(const wire::StoredRecord& stored);
  void BackOff(core::Error fault);
  void SaveSoon();
  void Save();

  platform::EventLoop& loop_;
  RecordSource& records_;
  JournalSender send_;
  platform::EventLoop::Source turn_;   // deferred; armed while there may be something to send
  platform::EventLoop::Source retry_;  // after a fault
  platform::EventLoop::Source save_;
  bool is_loaded_ = false;
  bool is_save_due_ = false;
  uint64_t cursor_ = 0;
  uint64_t saved_ = 0;
  core::Millis delay_{0};  // of the next retry; 0: all is well
  std::optional<core::Error> fault_;
};

}  // namespace daypass::agent
