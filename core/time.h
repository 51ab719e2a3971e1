// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Instants, windows, and `now` as an interval. Nothing here reads a clock.
#pragma once

#include <chrono>
#include <cstdint>

namespace daypass::core {

using Millis = std::chrono::milliseconds;
using Seconds = std::chrono::seconds;
using Instant = std::chrono::sys_time<Millis>;  ///< UTC

constexpr Instant FromMillis(int64_t ms) {
  return Instant{Millis{ms}};
}
constexpr int64_t ToMillis(Instant instant) {
  return instant.time_since_epoch().count();
}

/// What we know of the present: the true time lies in [lo, hi].
struct Now {
  Instant lo;
  Instant hi;
};

/// Half-open: [not_before, not_after).
struct Window {
  Instant not_before;
  Instant not_after;
};

/// Whether the start has surely passed. Judged on `lo`, without grace.
constexpr bool HasStarted(const Window& window, const Now& now) {
  return window.not_before <= now.lo;
}

/// Whether the end may have come. Judged on `hi`, without grace.
constexpr bool HasEnded(const Window& window, const Now& now) {
  return now.hi >= window.not_after;
}

/// Whether the window is surely open. Neither bound overrides the other.
constexpr bool IsOpen(const Window& window, const Now& now) {
  return HasStarted(window, now) && !HasEnded(window, now);
}

}  // namespace daypass::core
