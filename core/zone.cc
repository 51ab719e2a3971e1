// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "core/zone.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace daypass::core {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using std::chrono::year;

constexpr size_t kMaxText = 100;

// ---- reading ----

bool IsLetter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}
bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

/// Reads from the left. The first fault sticks.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool AtEnd() const { return at_ == text_.size(); }
  bool Take(char c) {
    if (AtEnd() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void Expect(char c) {
    if (!Take(c)) Fail(std::string("'") + c + "' is missing");
  }

  /// "CET", or "<+01>": three letters at least, or signs and digits too in brackets.
  void Name() {
    const bool is_quoted = Take('<');
    const size_t begin = at_;
    while (!AtEnd() && (IsLetter(text_[at_]) || (is_quoted && IsSignOrDigit()))) ++at_;
    if (at_ - begin < 3) Fail("the name of a time is missing, such as CET or <+01>");
    if (is_quoted) Expect('>');
  }

  int Number(int lo, int hi) {
    int value = 0;
    const char* begin = text_.data() + at_;
    const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), value);
    if (AtEnd() || !IsDigit(*begin) || error != std::errc{} || value < lo || value > hi) {
      Fail("a number from " + std::to_string(lo) + " to " + std::to_string(hi) + " is missing");
      return lo;
    }
    at_ += static_cast<size_t>(end - begin);
    return value;
  }

  /// [+-]hh[:mm[:ss]]
  Seconds Time(int max_hours) {
    const bool is_negative = Take('-');
    if (!is_negative) Take('+');
    Seconds time = hours{Number(0, max_hours)};
    if (Take(':')) time += minutes{Number(0, 59)};
    if (Take(':')) time += Seconds{Number(0, 59)};
    return is_negative ? -time : time;
  }

  ChangeRule Change() {
    ChangeRule rule;
    if (Take('M')) {
      rule.month = Number(1, 12);
      Expect('.');
      rule.week = Number(1, 5);
      Expect('.');
      rule.day = Number(0, 6);
    } else if (Take('J')) {
      rule.kind = ChangeRule::Kind::kJulian;
      rule.day = Number(1, 365);
    } else {
      rule.kind = ChangeRule::Kind::kDay;
      rule.day = Number(0, 365);
    }
    if (Take('/')) rule.time = Time(167);
    return rule;
  }

  void Fail(const std::string& what) {
    if (fault_) return;
    fault_ = Error{Reason::kMalformed,
                   "byte " + std::to_string(at_ + 1) + " of the zone's rule: " + what, ""};
  }
  const std::optional<Error>& fault() const { return fault_; }

 private:
  bool IsSignOrDigit() const {
    return IsDigit(text_[at_]) || text_[at_] == '+' || text_[at_] == '-';
  }

  std::string_view text_;
  size_t at_ = 0;
  std::optional<Error> fault_;
};

// ---- changes ----

sys_days DayOf(const ChangeRule& rule, year in) {
  const sys_days first{in / std::chrono::January / 1};
  if (rule.kind == ChangeRule::Kind::kDay) return first + days{rule.day};
  if (rule.kind == ChangeRule::Kind::kJulian) {
    const bool is_after_leap_day = in.is_leap() && rule.day >= 60;
    return first + days{rule.day - (is_after_leap_day ? 0 : 1)};
  }
  const std::chrono::month month{static_cast<unsigned>(rule.month)};
  const std::chrono::weekday weekday{static_cast<unsigned>(rule.day)};
  if (rule.week == 5) return in / month / weekday[std::chrono::last];
  return in / month / weekday[static_cast<unsigned>(rule.week)];
}

/// The offset from `at` on.
struct Change {
  sys_seconds at;
  Seconds offset;
};

/// Every change that may matter around `instant`.
std::array<Change, 6> ChangesAround(const Zone& zone, sys_seconds instant) {
  const year in = std::chrono::year_month_day{std::chrono::floor<days>(instant)}.year();
  const Zone::Summer& summer = *zone.summer;
  std::array<Change, 6> changes;
  auto next = changes.begin();
  for (const int distance : {-1, 0, 1}) {
    const year of = in + std::chrono::years{distance};
    *next++ = {DayOf(summer.end, of) + summer.end.time - summer.offset, zone.standard};
    *next++ = {DayOf(summer.begin, of) + summer.begin.time - zone.standard, summer.offset};
  }
  return changes;
}

Seconds OffsetAt(const Zone& zone, sys_seconds instant) {
  if (!zone.summer) return zone.standard;
  Change last{sys_seconds::min(), zone.standard};
  for (const Change& change : ChangesAround(zone, instant)) {
    // Of two at once the later one here: "summer all year" begins again as it ends.
    if (change.at <= instant && change.at >= last.at) last = change;
  }
  return last.offset;
}

}  // namespace

Result<Zone> ParseZone(std::string_view text) {
  if (text.size() > kMaxText) {
    return Error{Reason::kMalformed, "a zone's rule is at most 100 bytes long", ""};
  }
  Reader in(text);
  Zone zone;
  in.Name();
  zone.standard = -in.Time(24);
  if (!in.AtEnd() && !in.fault()) {
    Zone::Summer summer{zone.standard + hours{1}, {}, {}};
    in.Name();
    if (!in.Take(',')) {
      summer.offset = -in.Time(24);
      in.Expect(',');
    }
    summer.begin = in.Change();
    in.Expect(',');
    summer.end = in.Change();
    zone.summer = summer;
    if (!in.AtEnd()) in.Fail("nothing may follow here");
  }
  if (in.fault()) return *in.fault();
  return zone;
}

LocalTime ToLocal(const Zone& zone, Instant instant) {
  const auto utc = std::chrono::floor<Seconds>(instant);
  return LocalTime{(utc + OffsetAt(zone, utc)).time_since_epoch()};
}

Instant FromLocal(const Zone& zone, LocalTime local) {
  const sys_seconds as_utc{local.time_since_epoch()};
  if (!zone.summer) return as_utc - zone.standard;
  const auto [behind, ahead] = std::minmax(zone.standard, zone.summer->offset);
  const sys_seconds first = as_utc - ahead;
  const sys_seconds last = as_utc - behind;
  for (const sys_seconds candidate : {first, last}) {
    if (candidate + OffsetAt(zone, candidate) == as_utc) return candidate;
  }
  // The wall skips it: it shows less until the change, and more from then on.
  for (const Change& change : ChangesAround(zone, last)) {
    if (first < change.at && change.at <= last && change.offset == ahead) return change.at;
  }
  return last;
}

}  // namespace daypass::core
