// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What time it is, as an interval, from signed time and the clocks of this machine. Pure: the
// readings are arguments.
//
//   1. MUST NOT let the server alone, nor NTP alone, lengthen a window.
//   2. MUST NOT let `lo` fall behind an earlier anchor plus the elapsed boot time.
//   3. MUST NOT trust a clock that stands before the floor of signed time.
#pragma once

#include <optional>
#include <string>

#include "core/result.h"
#include "core/time.h"

namespace daypass::core {

/// One look at the clocks of this machine.
struct ClockReading {
  std::string boot_id;
  Millis boot{0};  ///< CLOCK_BOOTTIME
  Instant wall;
  bool wall_synchronised = false;
  std::optional<Instant> hardware;  ///< the battery-backed clock, if there is one
};

/// Signed time, pinned to the boot clock: at `boot` the true time lay in [lo, hi].
struct Anchor {
  std::string boot_id;
  Millis boot{0};
  Instant lo;
  Instant hi;
};

enum class ClockState : uint8_t { kAnchored, kSynced, kHardware, kUnknown };
std::string_view ClockStateName(ClockState state);

struct TimeView {
  std::optional<Now> now;
  ClockState state = ClockState::kUnknown;
  bool disagrees = false;  ///< a synchronised wall clock contradicts signed time: worth an alarm
};

/// `floor`: the latest signed time ever taken, if any.
TimeView ViewTime(const std::optional<Anchor>& anchor, std::optional<Instant> floor,
                  const ClockReading& reading);

/// Signed time of a status whose number we drew at boot time `drawn` and that is here at `reading`.
/// Fails (kTimeUnknown) when it is more than ten minutes off the running clock and no other clock
/// agrees with it: then nothing moves.
Result<Anchor> NextAnchor(const std::optional<Anchor>& held, std::optional<Instant> floor,
                          Instant signed_time, Millis drawn, const ClockReading& reading);

/// The floor after NextAnchor took `signed_time`. It falls only where signed time and another clock
/// agreed that it had been wrong.
Instant NextFloor(std::optional<Instant> floor, Instant signed_time);

}  // namespace daypass::core
