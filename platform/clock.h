// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What the machine's clocks say, read together. What they are worth is core/clock's to judge.
#pragma once

#include <optional>
#include <string>

#include "core/result.h"
#include "core/time.h"

namespace daypass::platform {

struct ClockReading {
  core::Millis boot{0};       ///< CLOCK_BOOTTIME: counts in suspend, set by nobody
  core::Instant wall;         ///< CLOCK_REALTIME
  bool synchronised = false;  ///< the kernel says that something disciplines the wall clock
  /// The battery clock, in whole seconds, if it was asked for and is there.
  std::optional<core::Instant> hardware;
  std::string boot_id;  ///< new at each boot
};

/// `with_hardware`: reading the battery clock can take a second, so it is asked for at start only.
core::Result<ClockReading> ReadClocks(bool with_hardware = false);

/// CLOCK_BOOTTIME alone: cheap.
core::Millis BootTime();
/// CLOCK_REALTIME alone: for texts and for programs that have no better clock.
core::Instant WallTime();

}  // namespace daypass::platform
