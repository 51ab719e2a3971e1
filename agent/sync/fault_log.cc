// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/sync/fault_log.h"

namespace daypass::agent {
namespace {

constexpr core::Millis kAgainAfter{3'600'000};

}  // namespace

void FaultLog::Fault(const std::string& source, const core::Error& error, const std::string& next) {
  const core::Millis now = clock_();
  const auto [told, is_new] = told_[source].try_emplace(error.code, now);
  if (!is_new && now - told->second < kAgainAfter) return;
  told->second = now;
  write_(source + ": " + error.what + "; " + next);
}

void FaultLog::Fine(const std::string& source) {
  if (told_.erase(source) > 0) write_(source + ": works again");
}

}  // namespace daypass::agent
