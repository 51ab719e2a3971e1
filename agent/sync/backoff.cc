// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/sync/backoff.h"

#include <algorithm>

namespace daypass::agent {
namespace {

constexpr core::Millis kFirst{1000};
constexpr core::Millis kLongest{60'000};
constexpr unsigned kMostDoublings = 6;  // 64 s: already over the longest

}  // namespace

core::Millis Backoff::Next(uint64_t random) {
  const core::Millis full = std::min(kFirst * (1 << std::min(failures_, kMostDoublings)), kLongest);
  ++failures_;
  const core::Millis half = full / 2;
  return half +
         core::Millis{static_cast<int64_t>(random % static_cast<uint64_t>(half.count() + 1))};
}

}  // namespace daypass::agent
