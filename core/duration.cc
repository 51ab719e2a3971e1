// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Durations: one table of units serves reading and writing.
#include "core/duration.h"

#include <array>
#include <charconv>

namespace daypass::core {
namespace {

struct Unit {
  char letter;
  int64_t seconds;
};
constexpr std::array kUnits = {Unit{'d', 86400}, Unit{'h', 3600}, Unit{'m', 60}, Unit{'s', 1}};
constexpr int64_t kMaxSeconds = int64_t{10} * 365 * 86400;

Error NotADuration(std::string_view text) {
  return {
      Reason::kMalformed,
      "\"" + std::string(text) +
          "\" is no length of time; write a whole number and a unit, such as 90s, 20m, 8h or 3d "
          "(at most 3650d)",
      ""};
}

}  // namespace

Result<Seconds> ParseDuration(std::string_view text) {
  if (text.size() < 2) return NotADuration(text);
  int64_t count = 0;
  const char* const end = text.data() + text.size() - 1;
  const auto [stop, fault] = std::from_chars(text.data(), end, count);
  if (fault != std::errc() || stop != end || count <= 0) return NotADuration(text);
  for (const Unit& unit : kUnits) {
    if (unit.letter != *end) continue;
    if (count > kMaxSeconds / unit.seconds) return NotADuration(text);
    return Seconds{count * unit.seconds};
  }
  return NotADuration(text);
}

std::string FormatDuration(Seconds duration) {
  if (duration.count() < 0) return "-" + FormatDuration(-duration);
  if (duration.count() == 0) return "0s";
  int64_t rest = duration.count();
  std::string text;
  for (const Unit& unit : kUnits) {
    const int64_t count = rest / unit.seconds;
    rest %= unit.seconds;
    if (count == 0) continue;
    if (!text.empty()) text += ' ';
    text += std::to_string(count) + unit.letter;
  }
  return text;
}

}  // namespace daypass::core
