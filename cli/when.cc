// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Local time through the C library, which knows the zone of whoever reads.
#include "cli/when.h"

#include <fmt/format.h>

#include <cstdlib>
#include <ctime>
#include <optional>

namespace daypass::cli {
namespace {

std::tm ToLocal(core::Instant instant) {
  const std::time_t seconds =
      std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(instant));
  std::tm local{};
  (void)localtime_r(&seconds, &local);
  return local;
}

bool IsSameDay(const std::tm& a, const std::tm& b) {
  return a.tm_year == b.tm_year && a.tm_yday == b.tm_yday;
}

core::Error NotATime(std::string_view text) {
  return {core::Reason::kMalformed,
          fmt::format("\"{}\" is no time\nWrite 2026-11-24T02:00:00Z, 2026-11-24T02:00:00+01:00, "
                      "\"today 22:00\" or \"tomorrow 02:00\".",
                      text),
          "--at"};
}

/// Digits at [at, at + count) of `text`, or nothing.
std::optional<int> Digits(std::string_view text, size_t at, size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

struct ClockTime {
  int hour, minute;
};
/// "02:00" at `at`.
std::optional<ClockTime> ReadClockTime(std::string_view text, size_t at) {
  const auto hour = Digits(text, at, 2);
  const auto minute = Digits(text, at + 3, 2);
  if (!hour || !minute || text[at + 2] != ':' || *hour > 23 || *minute > 59) return std::nullopt;
  return ClockTime{*hour, *minute};
}

/// "Z" or "+01:00" at the end of a time.
std::optional<std::chrono::minutes> ReadOffset(std::string_view text) {
  if (text == "Z" || text == "z") return std::chrono::minutes{0};
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const auto clock = ReadClockTime(text, 1);
  if (!clock) return std::nullopt;
  const std::chrono::minutes offset{clock->hour * 60 + clock->minute};
  return text[0] == '-' ? -offset : offset;
}

/// "2026-11-24T02:00:00Z"; fractions of a second are not taken.
std::optional<core::Instant> ReadRfc3339(std::string_view text) {
  const auto year = Digits(text, 0, 4);
  const auto month = Digits(text, 5, 2);
  const auto day = Digits(text, 8, 2);
  const auto second = Digits(text, 17, 2);
  if (!year || !month || !day || !second || *second > 59) return std::nullopt;
  if (text[4] != '-' || text[7] != '-' || text[16] != ':') return std::nullopt;
  if (text[10] != 'T' && text[10] != 't' && text[10] != ' ') return std::nullopt;
  const auto clock = ReadClockTime(text, 11);
  const auto offset = ReadOffset(text.substr(19));
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!clock || !offset || !date.ok()) return std::nullopt;
  return std::chrono::sys_days{date} + std::chrono::hours{clock->hour} +
         std::chrono::minutes{clock->minute} + std::chrono::seconds{*second} - *offset;
}

}  // namespace

std::string LocalTime(core::Instant instant, core::Instant now) {
  const std::tm local = ToLocal(instant);
  std::string clock = fmt::format("{:02}:{:02}:{:02}", local.tm_hour, local.tm_min, local.tm_sec);
  if (IsSameDay(local, ToLocal(now))) return clock;
  return fmt::format("{}-{:02}-{:02} {}", local.tm_year + 1900, local.tm_mon + 1, local.tm_mday,
                     clock);
}

std::string Roughly(core::Seconds distance) {
  const int64_t seconds = std::abs(distance.count());
  const auto two = [](int64_t big, char big_unit, int64_t small, char small_unit) {
    return small == 0 ? fmt::format("{}{}", big, big_unit)
                      : fmt::format("{}{} {}{}", big, big_unit, small, small_unit);
  };
  if (seconds < 60) return fmt::format("{}s", seconds);
  if (seconds < 600) return two(seconds / 60, 'm', seconds % 60, 's');
  if (seconds < 3600) return fmt::format("{}m", seconds / 60);
  if (seconds < 86400) return two(seconds / 3600, 'h', seconds % 3600 / 60, 'm');
  return two(seconds / 86400, 'd', seconds % 86400 / 3600, 'h');
}

std::string TimeAndDistance(core::Instant instant, core::Instant now) {
  const std::string time = LocalTime(instant, now);
  const auto distance = std::chrono::floor<core::Seconds>(instant - now);
  if (instant > now) return fmt::format("{}, in {}", time, Roughly(distance));
  return fmt::format("{}, {} ago", time, Roughly(distance));
}

core::Result<core::Instant> ParseWhen(std::string_view text, core::Instant now) {
  if (const auto instant = ReadRfc3339(text)) return *instant;
  int days = 0;
  size_t at = 0;
  if (text.starts_with("today ")) {
    at = 6;
  } else if (text.starts_with("tomorrow ")) {
    at = 9;
    days = 1;
  } else {
    return NotATime(text);
  }
  const auto clock = ReadClockTime(text, at);
  if (!clock || text.size() != at + 5) return NotATime(text);
  std::tm local = ToLocal(now);
  local.tm_mday += days;
  local.tm_hour = clock->hour;
  local.tm_min = clock->minute;
  local.tm_sec = 0;
  local.tm_isdst = -1;
  const std::time_t seconds = std::mktime(&local);
  if (seconds == static_cast<std::time_t>(-1)) return NotATime(text);
  return core::FromMillis(static_cast<int64_t>(seconds) * 1000);
}

}  // namespace daypass::cli
