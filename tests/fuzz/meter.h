// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What one piece of work costs this thread: CPU time, and heap above what was held before it. The
// time is the CPU's, so that a busy machine makes nothing slow.
#pragma once

#include <chrono>
#include <cstddef>

namespace daypass::fuzz {

/// Counts from its making on. One at a time.
class Meter {
 public:
  Meter();
  ~Meter();
  Meter(const Meter&) = delete;
  Meter& operator=(const Meter&) = delete;

  std::chrono::microseconds Cpu() const;  ///< used so far
  size_t HeapPeak() const;                ///< most bytes at once

 private:
  std::chrono::nanoseconds began_;
};

}  // namespace daypass::fuzz
