// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/refusals.h"

#include <algorithm>
#include <array>

#include "platform/clock.h"
#include "wire/digest.h"

namespace daypass::agent {
namespace {

constexpr core::Millis kMinute{60'000};
constexpr int kMaxRecordedAMinute = 300;

/// Not a document of ours at all, or not signed by whom it says: nobody can be blamed for it.
constexpr std::array kProveNothing = {core::Reason::kMalformed,     core::Reason::kTooLarge,
                                      core::Reason::kUnknownField,  core::Reason::kUnknownFormat,
                                      core::Reason::kKeyRefused,    core::Reason::kBadSignature,
                                      core::Reason::kWrongNamespace};

}  // namespace

bool Refusals::IsFlood() {
  const core::Millis now = platform::BootTime();
  if (now - minute_ >= kMinute) {
    minute_ = now;
    recorded_ = 0;
  }
  return ++recorded_ > kMaxRecordedAMinute;
}

core::Error Refusals::Note(std::string event, std::string_view bytes, core::Error why) {
  if (IsFlood()) {
    ++unrecorded_;
    return why;
  }
  wire::Record record;
  record.event = std::move(event);
  record.reason = core::ReasonName(why.code);
  record.detail = why.what;
  record.digest = wire::Sha256Hex(bytes);
  if (unrecorded_ > 0) {
    record.detail += " (and " + std::to_string(unrecorded_) + " more before, too many to record)";
  }
  const bool proves = std::ranges::find(kProveNothing, why.code) == kProveNothing.end();
  const core::Result<void> noted = ledger_.Commit([&]() -> core::Result<void> {
    if (proves) {
      auto kept = store_.KeepEvidence(record.reason, bytes, time_.BestGuess());
      if (!kept) return kept;
    }
    auto seq = ledger_.Append(record);
    return seq ? core::Result<void>{} : std::move(seq).error();
  });
  if (noted) {
    unrecorded_ = 0;
  } else {
    why.what += " (and this could not be recorded: " + noted.error().what + ")";
  }
  return why;
}

}  // namespace daypass::agent
