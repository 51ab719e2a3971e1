// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "core/hours.h"

#include <algorithm>

namespace daypass::core {
namespace {

using std::chrono::days;

const Zone* FindZone(const Zones& zones, const std::string& name) {
  const auto found = zones.find(name);
  return found == zones.end() ? nullptr : &found->second;
}

LocalDay DayOn(const Zone& zone, Instant instant) {
  return std::chrono::floor<days>(ToLocal(zone, instant));
}

/// The stretch that opens on this day; none on other days of the week, or where the wall skips it.
std::optional<Window> StretchOn(const Hours& hours, const Zone& zone, LocalDay day) {
  if (!hours.days[std::chrono::weekday{day}.c_encoding()]) return std::nullopt;
  const LocalDay last = hours.to > hours.from ? day : day + days{1};
  const Window window{FromLocal(zone, day + hours.from), FromLocal(zone, last + hours.to)};
  return window.not_before < window.not_after ? std::optional(window) : std::nullopt;
}

/// The latest close of the stretches that hold the instant, or the instant itself.
Instant CloseAfter(const std::vector<Hours>& hours, const Zones& zones, Instant instant) {
  Instant close = instant;
  for (const Hours& each : hours) {
    const Zone* zone = FindZone(zones, each.zone);
    if (zone == nullptr) continue;
    const LocalDay today = DayOn(*zone, instant);
    // Tomorrow's too: it may have begun before the wall went back to today.
    for (const LocalDay day : {today - days{1}, today, today + days{1}}) {
      const std::optional<Window> window = StretchOn(each, *zone, day);
      if (window && IsOpen(*window, {instant, instant})) close = std::max(close, window->not_after);
    }
  }
  return close;
}

std::string Padded(unsigned number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

}  // namespace

std::optional<Instant> OpenUntil(const std::vector<Hours>& hours, const Zones& zones,
                                 const Now& now, Instant horizon) {
  const Instant enough = std::max(horizon, now.hi + Millis{1});
  Instant close = now.lo;
  while (close < enough) {
    const Instant later = CloseAfter(hours, zones, close);
    if (later == close) break;
    close = later;
  }
  return now.hi < close ? std::optional(close) : std::nullopt;
}

std::optional<Opening> NextOpening(const std::vector<Hours>& hours, const Zones& zones,
                                   Instant after) {
  constexpr int kFurthest = 31;
  std::optional<Opening> next;
  for (const Hours& each : hours) {
    const Zone* zone = FindZone(zones, each.zone);
    if (zone == nullptr) continue;
    const LocalDay today = DayOn(*zone, after);
    for (int distance = 0; distance <= kFurthest; ++distance) {
      const std::optional<Window> window = StretchOn(each, *zone, today + days{distance});
      if (!window || window->not_before <= after) continue;
      if (!next || window->not_before < next->at) next = Opening{window->not_before, &each};
      break;
    }
  }
  return next;
}

std::string DescribeOpening(const Opening& opening, const Zones& zones) {
  const std::string& name = opening.hours->zone;
  const LocalTime local = ToLocal(zones.at(name), opening.at);
  const auto day = std::chrono::floor<days>(local);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{local - day};
  return std::to_string(static_cast<int>(date.year())) + "-" +
         Padded(static_cast<unsigned>(date.month())) + "-" +
         Padded(static_cast<unsigned>(date.day())) + " " +
         Padded(static_cast<unsigned>(time.hours().count())) + ":" +
         Padded(static_cast<unsigned>(time.minutes().count())) + " " + name;
}

}  // namespace daypass::core
