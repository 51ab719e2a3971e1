// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Rules of time zones. Whole years of real zones are compared with the system's in
// policy_zones_test.cc.
#include "core/zone.h"

#include <gtest/gtest.h>

#include <tuple>

namespace daypass::core {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::sys_days;
using namespace std::chrono_literals;

Zone Read(std::string_view rule) {
  Result<Zone> zone = ParseZone(rule);
  EXPECT_TRUE(zone) << zone.error().what;
  return zone ? *zone : Zone{};
}

constexpr Instant At(std::chrono::year_month_day day, minutes time = {}) {
  return sys_days{day} + time;
}
constexpr LocalTime Wall(std::chrono::year_month_day day, minutes time = {}) {
  return LocalDay{day} + time;
}

const std::string_view kBerlin = "CET-1CEST,M3.5.0,M10.5.0/3";

TEST(Zone, IsReadAsPosixWritesIt) {
  const Zone berlin = Read(kBerlin);
  EXPECT_EQ(berlin.standard, hours{1});
  EXPECT_EQ(berlin.summer->offset, hours{2}) << "an hour ahead, where the rule says nothing";
  EXPECT_EQ(berlin.summer->begin.time, hours{2}) << "at two, where the rule says nothing";
  EXPECT_EQ(berlin.summer->end.time, hours{3});
  EXPECT_EQ(Read("UTC0").standard, hours{0});
  EXPECT_EQ(Read("aZz-9").standard, hours{9});
  EXPECT_EQ(Read("<+09>-9").standard, hours{9});
  EXPECT_EQ(Read("CET-1CEST,J1,J365").summer->begin.day, 1);
  EXPECT_EQ(Read("CET-1CEST,0,365").summer->begin.day, 0);
  EXPECT_EQ(Read("<+0545>-5:45").standard, hours{5} + minutes{45});
  EXPECT_EQ(Read("LMT+0:53:28").standard, -Seconds{53 * 60 + 28});
  EXPECT_EQ(Read("IST-1GMT0,M10.5.0,M3.5.0/1").summer->offset, hours{0});
  EXPECT_EQ(Read("<-02>2<-01>,M3.5.0/-1,M10.5.0/0").summer->begin.time, -hours{1});
  EXPECT_EQ(Read("IST-2IDT,M3.4.4/26,M10.5.0").summer->begin.time, hours{26});
}

TEST(Zone, IsRefusedWhereItIsNoRule) {
  for (const std::string_view rule : {"",
                                      "CET",
                                      "CE-1",
                                      "CE{-1",
                                      "CET-1CEST",
                                      "CET-1CEST,M3.5.0",
                                      "CET-1CEST,M3.5.0,M10.5.0/3,",
                                      "<CET-1",
                                      "CET-25",
                                      "CET-1:60",
                                      "CET-1:00:60",
                                      "CET--1",
                                      "CET-1CEST,M13.5.0,M10.5.0",
                                      "CET-1CEST,M3.6.0,M10.5.0",
                                      "CET-1CEST,M3.5.7,M10.5.0",
                                      "CET-1CEST,J0,J60",
                                      "CET-1CEST,J366,J60",
                                      "CET-1CEST,366,60",
                                      "CET-1CEST,M3.5.0/168,M10.5.0",
                                      "CET-1CEST,M3.5.0/-168,M10.5.0",
                                      "CET-1 ",
                                      ":Europe/Berlin",
                                      "CET-1CEST,M3.5.0,M10.5.0/3x",
                                      "CET-99999999999",
                                      "C\xc3\xa9T-1"}) {
    const Result<Zone> zone = ParseZone(rule);
    ASSERT_FALSE(zone) << rule;
    EXPECT_EQ(zone.error().code, Reason::kMalformed) << rule;
  }
  EXPECT_FALSE(ParseZone(std::string(97, 'A') + "-1:0"));
  EXPECT_TRUE(ParseZone(std::string(96, 'A') + "-1:0")) << "control: 100 bytes are read";
  EXPECT_EQ(ParseZone("CET-1CEST,M13.5.0,M10.5.0").error().what,
            "byte 12 of the zone's rule: a number from 1 to 12 is missing");
}

// A summer may begin a day before the year whose first day its rule names.
TEST(Zone, ChangesInTheYearBeforeItsRulesDay) {
  const Zone zone = Read("AAA0BBB,J1/-24,J180");
  EXPECT_EQ(ToLocal(zone, At(2026y / 12 / 30, 23h)), Wall(2026y / 12 / 30, 23h));
  EXPECT_EQ(ToLocal(zone, At(2026y / 12 / 31, 12h)), Wall(2026y / 12 / 31, 13h));
}

// J60 is the first of March in every year; 60 is one day earlier in a leap year.
TEST(Zone, CountsLeapDaysOnlyWhereItsRuleDoes) {
  for (const auto& [rule, in_2027, in_2028] :
       {std::tuple{"AAA0BBB,J60/0,J300", 2027y / 3 / 1, 2028y / 3 / 1},
        std::tuple{"AAA0BBB,J59/0,J300", 2027y / 2 / 28, 2028y / 2 / 28},
        std::tuple{"AAA0BBB,59/0,300", 2027y / 3 / 1, 2028y / 2 / 29}}) {
    for (const std::chrono::year_month_day day : {in_2027, in_2028}) {
      EXPECT_EQ(ToLocal(Read(rule), At(day) - 1s), Wall(day) - 1s) << rule;
      EXPECT_EQ(ToLocal(Read(rule), At(day)), Wall(day, 1h)) << rule;
    }
  }
}

TEST(Zone, ChangesAtTheSecondThatItsRuleSays) {
  const Zone berlin = Read(kBerlin);
  EXPECT_EQ(ToLocal(berlin, At(2026y / 3 / 29, 1h) - 1s), Wall(2026y / 3 / 29, 2h) - 1s);
  EXPECT_EQ(ToLocal(berlin, At(2026y / 3 / 29, 1h)), Wall(2026y / 3 / 29, 3h));
  EXPECT_EQ(ToLocal(berlin, At(2026y / 10 / 25, 1h) - 1s), Wall(2026y / 10 / 25, 3h) - 1s);
  EXPECT_EQ(ToLocal(berlin, At(2026y / 10 / 25, 1h)), Wall(2026y / 10 / 25, 2h));
  EXPECT_EQ(ToLocal(berlin, At(2026y / 10 / 25, 1h) - Millis{1}), Wall(2026y / 10 / 25, 3h) - 1s)
      << "walls show whole seconds";
}

TEST(Zone, CountsDaysOfTheYearWithAndWithoutTheLeapDay) {
  const Zone julian = Read("AAA0BBB,J60/0,J300/0");  // J60 is 1 March in every year
  EXPECT_EQ(ToLocal(julian, At(2027y / 3 / 1)), Wall(2027y / 3 / 1, 1h));
  EXPECT_EQ(ToLocal(julian, At(2028y / 3 / 1)), Wall(2028y / 3 / 1, 1h));
  EXPECT_EQ(ToLocal(julian, At(2028y / 2 / 29)), Wall(2028y / 2 / 29));
  const Zone counted = Read("AAA0BBB,59/0,299/0");  // 1 March, or 29 February
  EXPECT_EQ(ToLocal(counted, At(2027y / 3 / 1)), Wall(2027y / 3 / 1, 1h));
  EXPECT_EQ(ToLocal(counted, At(2027y / 2 / 28)), Wall(2027y / 2 / 28));
  EXPECT_EQ(ToLocal(counted, At(2028y / 2 / 29)), Wall(2028y / 2 / 29, 1h));
}

TEST(Zone, MayHaveSummerAtTheTurnOfTheYearOrAllYear) {
  const Zone sydney = Read("AEST-10AEDT,M10.1.0,M4.1.0/3");
  EXPECT_EQ(ToLocal(sydney, At(2027y / 1 / 1)), Wall(2027y / 1 / 1, 11h));
  EXPECT_EQ(ToLocal(sydney, At(2027y / 6 / 1)), Wall(2027y / 6 / 1, 10h));
  const Zone all_year = Read("XXX3EDT4,0/0,J365/23");
  for (int day = 0; day < 800; ++day) {
    const Instant at = At(2026y / 12 / 1) + std::chrono::days{day} + minutes{3 * 60 + day % 3};
    EXPECT_EQ(ToLocal(all_year, at).time_since_epoch(), at.time_since_epoch() - hours{4}) << day;
  }
}

TEST(FromLocal, IsTheFirstInstantAtWhichTheWallShowsIt) {
  const Zone berlin = Read(kBerlin);
  EXPECT_EQ(FromLocal(berlin, Wall(2026y / 7 / 1, 8h)), At(2026y / 7 / 1, 6h));
  EXPECT_EQ(FromLocal(berlin, Wall(2026y / 1 / 1, 8h)), At(2026y / 1 / 1, 7h));
  // shown twice
  EXPECT_EQ(FromLocal(berlin, Wall(2026y / 10 / 25, 2h)), At(2026y / 10 / 25, 0h));
  EXPECT_EQ(FromLocal(berlin, Wall(2026y / 10 / 25, 2h + 59min)), At(2026y / 10 / 25, 59min));
  EXPECT_EQ(FromLocal(berlin, Wall(2026y / 10 / 25, 3h)), At(2026y / 10 / 25, 2h));
  // skipped
  EXPECT_EQ(FromLocal(berlin, Wall(2026y / 3 / 29, 2h)), At(2026y / 3 / 29, 1h));
  EXPECT_EQ(FromLocal(berlin, Wall(2026y / 3 / 29, 2h + 30min)), At(2026y / 3 / 29, 1h));
  EXPECT_EQ(FromLocal(berlin, Wall(2026y / 3 / 29, 3h)), At(2026y / 3 / 29, 1h));
}

}  // namespace
}  // namespace daypass::core
