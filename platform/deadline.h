// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Deadline: an instant of CLOCK_MONOTONIC by which something must be done. It is absolute, so that
// a call made of many steps, or interrupted by many signals, ends on time as a whole.
#pragma once

#include <cstdint>

#include "core/time.h"

namespace daypass::platform {

class Deadline {
 public:
  static Deadline After(core::Millis delay);
  /// Already passed: calls that take it do what can be done without waiting.
  static Deadline Immediate() { return Deadline(0); }
  static Deadline Never() { return Deadline(INT64_MAX); }

  bool HasPassed() const;
  /// For poll(2): milliseconds left, rounded up, 0 when passed, -1 for Never().
  int PollTimeout() const;

 private:
  explicit Deadline(int64_t monotonic_ns) : monotonic_ns_(monotonic_ns) {}
  int64_t monotonic_ns_;
};

}  // namespace daypass::platform
