// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "platform/deadline.h"

#include <climits>
#include <ctime>

namespace daypass::platform {
namespace {

constexpr int64_t kNsPerMs = 1'000'000;

int64_t MonotonicNs() {
  timespec now{};
  static_cast<void>(clock_gettime(CLOCK_MONOTONIC, &now));  // fails for unknown clocks only
  return int64_t{now.tv_sec} * 1'000 * kNsPerMs + now.tv_nsec;
}

}  // namespace

Deadline Deadline::After(core::Millis delay) {
  const int64_t now = MonotonicNs();
  if (delay.count() >= (INT64_MAX - now) / kNsPerMs) return Never();
  return Deadline(now + delay.count() * kNsPerMs);
}

bool Deadline::HasPassed() const {
  return MonotonicNs() >= monotonic_ns_;
}

int Deadline::PollTimeout() const {
  if (monotonic_ns_ == INT64_MAX) return -1;
  const int64_t left = monotonic_ns_ - MonotonicNs();
  if (left <= 0) return 0;
  const int64_t ms = (left + kNsPerMs - 1) / kNsPerMs;
  return ms > INT_MAX ? INT_MAX : static_cast<int>(ms);
}

}  // namespace daypass::platform
