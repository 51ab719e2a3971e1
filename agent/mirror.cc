// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/mirror.h"

#include <algorithm>
#include <string>
#include <utility>

#include "agent/journal_fields.h"

namespace daypass::agent {

using core::Error;
using core::Millis;
using core::Result;

namespace {

constexpr size_t kRecordsPerTurn = 32;
constexpr size_t kTurnsOfFlush = 64;  // the program wants to end: the rest is for its next start
constexpr Millis kFirstRetry{1000};
constexpr Millis kLongestRetry{60'000};
constexpr Millis kFirstWait{5};  // journald's queue is short, and usually it is soon read
constexpr Millis kLongestWait{1000};
constexpr Millis kSaveWithin{1000};  // so that a commit is not followed by another fsync

/// The entry of a record that cannot be read.
wire::Record DamagedRecord(uint64_t seq, const Error& why) {
  wire::Record record;
  record.seq = seq;
  record.event = "store.damaged";
  record.detail = "record " + std::to_string(seq) + " cannot be read: " + why.what;
  return record;
}

}  // namespace

Mirror::Mirror(platform::EventLoop& loop, RecordSource& records, JournalSender send)
    : loop_(loop), records_(records), send_(std::move(send)) {}

void Mirror::Wake() {
  if (fault_) return;  // the retry is set
  if (turn_) return turn_.Arm();
  auto turn = loop_.Defer([this] { Turn(); }, platform::Priority::kLast);
  if (turn) turn_ = *std::move(turn);  // else the next commit wakes us
}

void Mirror::Turn() {
  const uint64_t before = cursor_;
  auto sent = SendSome();
  if (cursor_ != before) delay_ = Millis{0};
  if (!sent) return BackOff(std::move(sent).error());
  delay_ = Millis{0};
  fault_.reset();
  if (*sent == kRecordsPerTurn) Wake();
}

/// Sends what comes next. Returns how many records that was.
Result<size_t> Mirror::SendSome() {
  if (!is_loaded_) {
    auto saved = records_.LoadMirrorCursor();
    if (!saved) return std::move(saved).error();
    cursor_ = saved_ = *saved;
    is_loaded_ = true;
  }
  const auto records = records_.After(cursor_, kRecordsPerTurn);
  if (!records) return records.error();
  for (const wire::StoredRecord& stored : *records) {
    auto sent = SendOne(stored);
    if (!sent) return std::move(sent).error();
    cursor_ = stored.seq;
    SaveSoon();
  }
  return records->size();
}

Result<void> Mirror::SendOne(const wire::StoredRecord& stored) {
  const auto read = wire::ParseRecord(stored.bytes);
  const std::vector<JournalValue> values =
      JournalFieldsOf(read ? *read : DamagedRecord(stored.seq, read.error()));
  std::vector<platform::JournalField> fields;
  fields.reserve(values.size());
  for (const JournalValue& value : values) fields.push_back({value.name, value.value});
  return send_(fields);
}

void Mirror::BackOff(Error fault) {
  fault_ = std::move(fault);
  const bool only_waits = fault_->code == core::Reason::kTooMany;
  delay_ = only_waits ? std::clamp(2 * delay_, kFirstWait, kLongestWait)
                      : std::clamp(2 * delay_, kFirstRetry, kLongestRetry);
  auto retry = loop_.AfterMonotonic(delay_, [this] { Turn(); }, platform::Priority::kLast);
  if (retry)
    retry_ = *std::move(retry);
  else
    fault_.reset();  // then the next commit wakes us
}

void Mirror::SaveSoon() {
  if (is_save_due_) return;
  auto save = loop_.AfterMonotonic(kSaveWithin, [this] { Save(); }, platform::Priority::kLast);
  if (!save) return;  // a later record comes by here
  save_ = *std::move(save);
  is_save_due_ = true;
}

/// A cursor that could not be saved is saved with the next record; until then some might come
/// twice.
void Mirror::Save() {
  is_save_due_ = false;
  if (cursor_ == saved_) return;
  if (records_.SaveMirrorCursor(cursor_)) saved_ = cursor_;
}

Result<void> Mirror::Flush() {
  for (size_t turn = 0; turn < kTurnsOfFlush; ++turn) {
    const auto sent = SendSome();
    if (!sent || *sent < kRecordsPerTurn) break;  // what journald does not take, it gets next time
  }
  if (cursor_ == saved_) return {};
  auto saved = records_.SaveMirrorCursor(cursor_);
  if (saved) saved_ = cursor_;
  return saved;
}

}  // namespace daypass::agent
