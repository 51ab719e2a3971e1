// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Time zones as POSIX writes them, "CET-1CEST,M3.5.0,M10.5.0/3": what a clock on the wall shows at
// an instant, and when it shows a time. No tables of the system, no globals: the rule stands in the
// signed policy. Source: POSIX.1 base definitions, 8.3 (TZ); RFC 8536, 3.3.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/time.h"

namespace daypass::core {

/// What the clock on the wall shows, to the second, as if it were UTC.
using LocalTime = std::chrono::local_seconds;
using LocalDay = std::chrono::local_days;

/// The day of a year on which an offset changes, and the time on the wall before the change.
struct ChangeRule {
  enum class Kind : uint8_t {
    kJulian,   ///< "J60": 1 to 365, 29 February never counted
    kDay,      ///< "59": 0 to 365, 29 February counted
    kWeekday,  ///< "M3.5.0": month, week (5: the last), weekday (0: Sunday)
  };
  Kind kind = Kind::kWeekday;
  int day = 0;  ///< of the year; for kWeekday, of the week
  int week = 0;
  int month = 0;
  Seconds time{7200};  ///< from midnight; may be negative or lie days ahead
  bool operator==(const ChangeRule&) const = default;
};

struct Zone {
  Seconds standard{0};  ///< what the wall is ahead of UTC
  struct Summer {
    Seconds offset{0};
    ChangeRule begin, end;
    bool operator==(const Summer&) const = default;
  };
  std::optional<Summer> summer;  ///< the other half of the year; may be behind standard
  bool operator==(const Zone&) const = default;
};

/// Reads a rule of at most 100 bytes. Fails kMalformed; the text says at which byte.
Result<Zone> ParseZone(std::string_view text);

/// What the clock on the wall shows.
LocalTime ToLocal(const Zone& zone, Instant instant);

/// When the clock on the wall shows `local`. Of two such instants the first; where the wall skips
/// that time, the instant at which it does.
Instant FromLocal(const Zone& zone, LocalTime local);

}  // namespace daypass::core
