// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Hours: windows that recur, on days of the week, by the clock on the wall of a zone. Pure.
//
//   1. MUST judge an opening on now.lo and a closing on now.hi, without grace.
//   2. MUST be shut where a zone is not known.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"
#include "core/zone.h"

namespace daypass::core {

/// From `from` until `to` on each of the days; `to` at or before `from` means the day after. Days
/// are those of the opening. What FromLocal says of times that a wall shows twice, or not at all,
/// holds for both ends.
struct Hours {
  std::array<bool, 7> days{};  ///< from Sunday on
  std::chrono::minutes from{0};
  std::chrono::minutes to{0};  ///< up to 24:00
  std::string zone;            ///< a name in the policy's zones
};

using Zones = std::map<std::string, Zone>;

/// When the hours that hold now.lo close, if now.hi is before that; none if they are shut. Hours
/// that meet or overlap are one stretch. Looks no further than `horizon`: a later close is told as
/// any instant from there on.
std::optional<Instant> OpenUntil(const std::vector<Hours>& hours, const Zones& zones,
                                 const Now& now, Instant horizon);

/// An opening, and the hours that open.
struct Opening {
  Instant at;
  const Hours* hours = nullptr;
};

/// The first opening after `after`, if there is one within a month.
std::optional<Opening> NextOpening(const std::vector<Hours>& hours, const Zones& zones,
                                   Instant after);

/// "2026-11-23 08:00 Europe/Berlin".
std::string DescribeOpening(const Opening& opening, const Zones& zones);

}  // namespace daypass::core
