// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// When the clocks are worth an alarm: nobody knows the time, or a synchronised wall clock
// contradicts signed time. Each is told at most once an hour, so that whoever steps the clock
// every few seconds fills no journal. Pure: what the clocks say is an argument.
#pragma once

#include <optional>
#include <string>

#include "core/clock.h"

namespace daypass::agent {

class ClockAlarm {
 public:
  struct Alarm {
    std::string event;  ///< clock.unknown or clock.changed
    std::string detail;
  };
  /// What is to be recorded now, if anything. `boot`: of the boot clock.
  std::optional<Alarm> Look(const core::TimeView& view, core::Millis boot);

 private:
  static bool MayTell(std::optional<core::Millis>& told, core::Millis boot);

  std::optional<core::Millis> told_unknown_;
  std::optional<core::Millis> told_contradiction_;
  bool is_unknown_ = false;  // as far as anybody was told
};

}  // namespace daypass::agent
