// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "cli/when.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace daypass::cli {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr core::Instant kNoon = core::FromMillis(1'793'620'800'000);  // 2026-11-02 12:00:00 UTC

class When : public ::testing::Test {
 protected:
  void SetUp() override {
    setenv("TZ", "Europe/Berlin", 1);  // UTC+1 in November
    tzset();
  }
};

TEST_F(When, ShowsLocalTimeAndTheDateOnlyOfOtherDays) {
  EXPECT_EQ(LocalTime(kNoon, kNoon), "13:00:00");
  EXPECT_EQ(LocalTime(kNoon + hours{10}, kNoon), "23:00:00");
  EXPECT_EQ(LocalTime(kNoon + hours{11}, kNoon), "2026-11-03 00:00:00");
}

TEST_F(When, SaysHowFarAwayItIs) {
  EXPECT_EQ(TimeAndDistance(kNoon + minutes{12} + seconds{5}, kNoon), "13:12:05, in 12m");
  EXPECT_EQ(TimeAndDistance(kNoon - seconds{42}, kNoon), "12:59:18, 42s ago");
  EXPECT_EQ(Roughly(seconds{0}), "0s");
  EXPECT_EQ(Roughly(seconds{125}), "2m 5s");
  EXPECT_EQ(Roughly(minutes{185}), "3h 5m");
  EXPECT_EQ(Roughly(hours{52}), "2d 4h");
}

TEST_F(When, ReadsRfc3339) {
  EXPECT_EQ(*ParseWhen("2026-11-02T12:00:00Z", kNoon), kNoon);
  EXPECT_EQ(*ParseWhen("2026-11-02T13:00:00+01:00", kNoon), kNoon);
  EXPECT_EQ(*ParseWhen("2026-11-02 06:30:00-05:30", kNoon), kNoon);
}

TEST_F(When, ReadsTodayAndTomorrowInLocalTime) {
  EXPECT_EQ(*ParseWhen("today 13:00", kNoon), kNoon);
  EXPECT_EQ(*ParseWhen("tomorrow 02:00", kNoon), kNoon + hours{13});
  const core::Instant before_winter = core::FromMillis(1'792'879'200'000);  // 2026-10-25 00:00 CEST
  EXPECT_EQ(*ParseWhen("today 12:00", before_winter), before_winter + hours{13}) << "25 hours long";
}

TEST_F(When, RefusesEverythingElseWithExamples) {
  for (const char* text :
       {"", "now", "today", "today 25:00", "tomorrow 2:00", "tomorrow 02:00 ", "2026-11-02",
        "2026-11-02T12:00:00", "2026-13-02T12:00:00Z", "2026-02-30T12:00:00Z",
        "2026-11-02T24:00:00Z", "2026-11-02T12:00:60Z", "2026-11-02T12:00:00+1:00"}) {
    const core::Result<core::Instant> when = ParseWhen(text, kNoon);
    ASSERT_FALSE(when) << text;
    EXPECT_THAT(when.error().what, ::testing::HasSubstr("\"tomorrow 02:00\""));
  }
}

}  // namespace
}  // namespace daypass::cli
