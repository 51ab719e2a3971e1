// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/clock_alarm.h"

#include <utility>

namespace daypass::agent {
namespace {

constexpr core::Millis kAgainAfter{3'600'000};

}  // namespace

bool ClockAlarm::MayTell(std::optional<core::Millis>& told, core::Millis boot) {
  if (told && boot - *told < kAgainAfter) return false;
  told = boot;
  return true;
}

std::optional<ClockAlarm::Alarm> ClockAlarm::Look(const core::TimeView& view, core::Millis boot) {
  if (!view.now) {
    if (!MayTell(told_unknown_, boot)) return std::nullopt;
    is_unknown_ = true;
    return Alarm{"clock.unknown", "there is no signed time of this boot, and no clock to go by"};
  }
  if (std::exchange(is_unknown_, false)) {
    return Alarm{"clock.changed", "the time is known again"};
  }
  if (view.disagrees && MayTell(told_contradiction_, boot)) {
    return Alarm{"clock.changed",
                 "the synchronised wall clock contradicts the server's signed time"};
  }
  return std::nullopt;
}

}  // namespace daypass::agent
