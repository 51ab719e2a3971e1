// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Hours that recur: when a role is open, and what Decide makes of it.
#include "core/hours.h"

#include <gtest/gtest.h>

#include "core_fixture.h"
#include "draw.h"

namespace daypass::core {
namespace {

using std::chrono::sys_days;
using namespace std::chrono_literals;

[[maybe_unused]] const bool kConfigured = ConfigureProperties();

const Zones kZones = {{"Europe/Berlin", *ParseZone("CET-1CEST,M3.5.0,M10.5.0/3")},
                      {"UTC", *ParseZone("UTC0")}};
constexpr Millis kMs{1};

/// `days`: "0123456", Sunday first.
Hours Open(std::string_view days, std::chrono::minutes from, std::chrono::minutes to,
           const std::string& zone = "Europe/Berlin") {
  Hours hours{{}, from, to, zone};
  for (const char day : days) hours.days[static_cast<size_t>(day - '0')] = true;
  return hours;
}

constexpr Instant At(std::chrono::year_month_day day, std::chrono::minutes time = {}) {
  return sys_days{day} + time;
}

std::optional<Instant> Until(const std::vector<Hours>& hours, Instant lo, Instant hi) {
  return OpenUntil(hours, kZones, {lo, hi}, hi + 24h);
}
std::optional<Instant> Until(const std::vector<Hours>& hours, Instant now) {
  return Until(hours, now, now);
}

// 2026-11-23 is a Monday.
const Instant kEight = At(2026y / 11 / 23, 7h);  // in Berlin
const std::vector<Hours> kOffice = {Open("12345", 8h, 18h)};

TEST(Hours, AreOpenFromTheirFirstMillisecondAndShutAtTheirEnd) {
  EXPECT_EQ(Until(kOffice, kEight - kMs), std::nullopt);
  EXPECT_EQ(Until(kOffice, kEight), kEight + 10h);
  EXPECT_EQ(Until(kOffice, kEight + 10h - kMs), kEight + 10h);
  EXPECT_EQ(Until(kOffice, kEight + 10h), std::nullopt);
  EXPECT_EQ(Until(kOffice, kEight - 24h), std::nullopt) << "a Sunday";
}

TEST(Hours, OpenOnLoAndCloseOnHi) {
  EXPECT_EQ(Until(kOffice, kEight - kMs, kEight + 1h), std::nullopt);
  EXPECT_EQ(Until(kOffice, kEight + 9h, kEight + 10h), std::nullopt);
  EXPECT_EQ(Until(kOffice, kEight, kEight + 10h - kMs), kEight + 10h);
}

TEST(Hours, MayCrossMidnightAndBelongToTheDayTheyOpen) {
  const std::vector<Hours> night = {Open("1", 22h, 6h)};
  EXPECT_EQ(Until(night, kEight + 14h), kEight + 22h);
  EXPECT_EQ(Until(night, kEight + 22h - kMs), kEight + 22h);
  EXPECT_EQ(Until(night, kEight + 22h), std::nullopt);
  EXPECT_EQ(Until(night, kEight - 10h), std::nullopt) << "Sunday night";
  EXPECT_EQ(Until({Open("1", 8h, 8h)}, kEight), kEight + 24h) << "until the same time tomorrow";
}

TEST(Hours, ThatMeetOrOverlapAreOneStretch) {
  const std::vector<Hours> always = {Open("0123456", 0h, 24h)};
  EXPECT_GE(Until(always, kEight), kEight + 24h) << "as far as one looks";
  EXPECT_EQ(Until({Open("1", 8h, 12h), Open("1", 12h, 14h)}, kEight), kEight + 6h);
  EXPECT_EQ(Until({Open("1", 8h, 12h), Open("1", 11h, 14h)}, kEight), kEight + 6h);
  EXPECT_EQ(Until({Open("1", 8h, 12h), Open("1", 12h + 1min, 14h)}, kEight), kEight + 4h);
}

// The rule for times that a wall shows twice or never: the first of two, the instant of the change.
TEST(Hours, KeepToTheWallWhereItChanges) {
  const std::vector<Hours> early = {Open("0", 2h + 15min, 2h + 45min)};
  EXPECT_EQ(Until(early, At(2026y / 3 / 29, 1h)), std::nullopt) << "that time did not exist";
  EXPECT_EQ(Until(early, At(2026y / 10 / 25, 30min)), At(2026y / 10 / 25, 45min));
  EXPECT_EQ(Until(early, At(2026y / 10 / 25, 90min)), std::nullopt) << "the second time round";
  const std::vector<Hours> later = {Open("0", 2h + 30min, 5h)};
  EXPECT_EQ(Until(later, At(2026y / 3 / 29, 1h)), At(2026y / 3 / 29, 3h)) << "opens at the change";
  EXPECT_EQ(Until(later, At(2026y / 3 / 29, 1h) - kMs), std::nullopt);
  const std::vector<Hours> night = {Open("6", 22h, 6h)};
  EXPECT_EQ(Until(night, At(2026y / 3 / 28, 21h)), At(2026y / 3 / 29, 4h)) << "7 hours long";
  EXPECT_EQ(Until(night, At(2026y / 10 / 24, 20h)), At(2026y / 10 / 25, 5h)) << "9 hours long";
}

// In St. John's the wall went back from one minute past midnight: hours that had opened with the
// new day are open still while it shows the day before.
TEST(Hours, StayOpenWhereTheWallGoesBackToTheDayBefore) {
  const Zones zones = {{"St_Johns", *ParseZone("NST3:30NDT,M3.2.0/0:01,M11.1.0/0:01")}};
  const std::vector<Hours> sunday = {Open("0", 0h, 6h, "St_Johns")};
  const Instant opening = At(2027y / 11 / 7, 2h + 30min);  // midnight by summer time
  const auto is_open = [&](Instant now) {
    return OpenUntil(sunday, zones, {now, now}, now + 24h).has_value();
  };
  EXPECT_FALSE(is_open(opening - kMs));
  EXPECT_TRUE(is_open(opening));
  EXPECT_TRUE(is_open(opening + 30min)) << "23:30 on Saturday, for the second time";
  EXPECT_TRUE(is_open(opening + 6h)) << "05:30 on Sunday";
  EXPECT_FALSE(is_open(opening + 7h));
}

TEST(Hours, OfAZoneThatIsNotKnownAreShut) {
  EXPECT_EQ(Until({Open("0123456", 0h, 24h, "Mars/Olympus")}, kEight), std::nullopt);
  EXPECT_FALSE(NextOpening({Open("0123456", 0h, 24h, "Mars/Olympus")}, kZones, kEight));
}

TEST(NextOpening, IsTheFirstOfAll) {
  const std::vector<Hours> hours = {Open("3", 8h, 18h), Open("2", 12h, 13h, "UTC")};
  const std::optional<Opening> next = NextOpening(hours, kZones, kEight);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->at, At(2026y / 11 / 24, 12h));
  EXPECT_EQ(DescribeOpening(*next, kZones), "2026-11-24 12:00 UTC");
  EXPECT_EQ(NextOpening(hours, kZones, next->at)->at, At(2026y / 11 / 25, 7h));
  EXPECT_EQ(DescribeOpening({At(2026y / 10 / 9, 9h + 10min), next->hours}, kZones),
            "2026-10-09 09:10 UTC");
  // A time that the wall skips this week comes in the next.
  const std::vector<Hours> skipped = {Open("0", 2h + 15min, 2h + 45min)};
  EXPECT_EQ(NextOpening(skipped, kZones, At(2026y / 3 / 28))->at, At(2026y / 4 / 5, 15min));
  EXPECT_FALSE(NextOpening({Open("", 8h, 18h)}, kZones, kEight)) << "of hours on no day";
}

// ---- through the whole decision ----

/// Alice's grant of 30 minutes, started 5 minutes ago, at `now` in the hours of the role.
World Asked(Instant now) {
  World world;
  world.policy.zones = kZones;
  world.role().windows = kOffice;
  world.now = {now, now};
  world.status_time = now;
  world.statement().created = now - 10min;
  world.statement().start_by = now + 50min;
  world.grant().latch.started = now - 5min;
  return world;
}

TEST(OutsideHours, DeniesAndSaysWhenTheRoleOpensNext) {
  const Decision early = Asked(kEight - kMs).Ask();
  EXPECT_EQ(early.reason, Reason::kOutsideHours);
  EXPECT_EQ(early.detail, "opens 2026-11-23 08:00 Europe/Berlin");
  EXPECT_TRUE(IsAllow(Asked(kEight).Ask())) << "control: a millisecond later";
  EXPECT_EQ(Asked(kEight + 10h).Ask().detail, "opens 2026-11-24 08:00 Europe/Berlin");
  World never = Asked(kEight);
  never.policy.zones.clear();
  EXPECT_EQ(never.Ask().detail, "opens no more this month");
}

TEST(OutsideHours, ComesAfterTheWindowAndBeforeTheHost) {
  World world = Asked(kEight - kMs);
  world.host.name = "web-9";
  EXPECT_EQ(world.Ask().reason, Reason::kOutsideHours);
  world.grant().latch.ended = true;
  EXPECT_EQ(world.Ask().reason, Reason::kExpired);
}

TEST(Until, IsTheNearerOfTheWindowAndTheHours) {
  EXPECT_EQ(Asked(kEight).Ask().until, kEight + 25min);
  EXPECT_EQ(Asked(kEight + 9h + 50min).Ask().until, kEight + 10h);
}

TEST(FirstUse, LatchesNowHoweverSoonTheHoursClose) {
  World world = Asked(kEight + 9h + 50min);
  world.statement().start = StartRule::kFirstUse;
  world.grant().latch.started.reset();
  const Decision decision = world.Ask();
  EXPECT_EQ(decision.starts, kEight + 9h + 50min);
  EXPECT_EQ(decision.until, kEight + 10h);
}

TEST(WhyOver, EndsWhatRunsWhenTheHoursClose) {
  const auto why = [](const World& world) {
    return WhyOver(world.MakeSnapshot(), world.grants.front());
  };
  EXPECT_EQ(why(Asked(kEight + 10h - kMs)), std::nullopt);
  EXPECT_EQ(why(Asked(kEight + 10h)), Reason::kOutsideHours);
  World wide = Asked(kEight + 9h + 50min);
  wide.now.lo = kEight - 10min;  // the clock is less sure now than when it was allowed
  EXPECT_EQ(why(wide), std::nullopt);
  wide.now.hi = kEight + 10h;
  EXPECT_EQ(why(wide), Reason::kOutsideHours);
}

// ---- beside a naive reading: every window of a fortnight, one by one ----

const std::vector<std::pair<std::string, std::chrono::minutes>> kFixed = {
    {"UTC0", 0min}, {"<+0545>-5:45", 345min}, {"<-03>3", -180min}, {"<+14>-14", 840min}};

/// The windows of `hours` around the week of 2026-11-22, a Sunday, in a zone that is ahead by
/// `ahead`.
std::vector<Window> NaiveWindows(const std::vector<Hours>& all, std::chrono::minutes ahead) {
  std::vector<Window> windows;
  for (const Hours& hours : all) {
    for (int day = -4; day < 12; ++day) {
      if (!hours.days[static_cast<size_t>((day + 7) % 7)]) continue;
      const Instant midnight = At(2026y / 11 / 22) + 24h * day - ahead;
      const auto to = hours.to > hours.from ? hours.to : hours.to + 24h;
      windows.push_back({midnight + hours.from, midnight + to});
    }
  }
  return windows;
}

/// When the stretch that holds `lo` ends: `lo` itself if none does.
Instant NaiveEnd(const std::vector<Window>& windows, Instant lo) {
  for (bool grew = true; grew;) {
    grew = false;
    for (const Window& window : windows) {
      if (window.not_before > lo || lo >= window.not_after) continue;
      lo = window.not_after;
      grew = true;
    }
  }
  return lo;
}

size_t open_cases = 0, cases = 0;

PROPERTY(Hours, AreOpenWhereOneOfTheirDaysIs) {
  const auto& [rule, ahead] = Pick(kFixed);
  // Few enough times that windows often meet.
  const auto clock = rc::gen::element<std::chrono::minutes>(0min, 1min, 6h, 12h, 23h, 1439min);
  std::vector<Hours> hours(1 + Below(3));
  for (Hours& each : hours) {
    each = {*rc::gen::arbitrary<std::array<bool, 7>>(), *clock, *clock, "here"};
    if (OneIn(3)) each.to = 24h;
    if (each.to == each.from) each.to += 1min;
  }
  const std::vector<Window> windows = NaiveWindows(hours, ahead);
  const Instant day = At(2026y / 11 / 22) + 24h * Below(7) - ahead;
  const Instant lo = day + *clock + Millis{Below(3)} - kMs;
  const Instant hi = lo + *rc::gen::element(Millis{0}, kMs, Millis{1min}, Millis{6h}, Millis{24h});
  const Instant end = NaiveEnd(windows, lo);
  const Instant horizon = hi + 24h;
  const auto until = OpenUntil(hours, {{"here", *ParseZone(rule)}}, {lo, hi}, horizon);
  ++cases;
  open_cases += until ? 1 : 0;
  RC_ASSERT(until.has_value() == (hi < end));
  if (until) RC_ASSERT((end < horizon ? *until == end : *until >= horizon));
}

TEST(Hours, WereOpenInAGoodPartOfTheCases) {
  EXPECT_GT(open_cases * 5, cases);
  EXPECT_LT(open_cases * 5, cases * 4);
}

}  // namespace
}  // namespace daypass::core
