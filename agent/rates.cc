// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/rates.h"

#include <algorithm>

namespace daypass::agent {
namespace {

constexpr size_t kFewest = 256;  // below this it is not worth looking

}  // namespace

bool Rates::Take(uid_t uid, core::Millis now) {
  ForgetFull(now);
  const auto known = full_at_.find(uid);
  const core::Millis full_at = known == full_at_.end() ? now : std::max(known->second, now);
  if (full_at + rate_.per_token - now > rate_.burst * rate_.per_token) return false;
  full_at_[uid] = full_at + rate_.per_token;
  return true;
}

/// Looks through all of them only when they have doubled: a flood of uids costs each of them
/// little.
void Rates::ForgetFull(core::Millis now) {
  if (full_at_.size() < std::max(forget_at_, kFewest)) return;
  std::erase_if(full_at_, [now](const auto& entry) { return entry.second <= now; });
  forget_at_ = 2 * full_at_.size();
}

}  // namespace daypass::agent
