// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What time it may be, and what may change it.
#include <gtest/gtest.h>

#include "core/clock.h"
#include "core_fixture.h"
#include "draw.h"

namespace daypass::core {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

[[maybe_unused]] const bool kConfigured = ConfigureProperties();

constexpr Seconds kSecond{1};
constexpr Millis kMs{1};

/// A boot that began at kNoon by true time, and no clock that anybody believes but the boot clock.
ClockReading After(Millis boot) {
  return {"boot-1", boot, FromMillis(0), false, std::nullopt};
}

ClockReading Synchronised(Millis boot, Instant wall) {
  return {"boot-1", boot, wall, true, std::nullopt};
}

ClockReading WithHardware(Millis boot, Instant hardware) {
  return {"boot-1", boot, FromMillis(0), false, hardware};
}

const Anchor kAnchor{"boot-1", Millis{0}, kNoon, kNoon + kSecond};

TEST(ViewTime, IsUnknownWithoutAnyClock) {
  const TimeView view = ViewTime(std::nullopt, std::nullopt, After(Millis{0}));
  EXPECT_FALSE(view.now);
  EXPECT_EQ(view.state, ClockState::kUnknown);
}

TEST(ViewTime, IsTheAnchorCarriedOnByBootTimeWithItsDrift) {
  const TimeView at_once = ViewTime(kAnchor, std::nullopt, After(Millis{0}));
  ASSERT_TRUE(at_once.now);
  EXPECT_EQ(at_once.now->lo, kNoon);
  EXPECT_EQ(at_once.now->hi, kNoon + kSecond);
  EXPECT_EQ(at_once.state, ClockState::kAnchored);
  const TimeView soon = ViewTime(kAnchor, std::nullopt, After(kMs));
  EXPECT_EQ(soon.now->hi, kAnchor.hi + 2 * kMs);  // part of a millisecond counts as one, at the end
  // TM-10: 200 ppm of thirty days are 518.4 s either way; of slow days a tenth of a second more.
  const TimeView later = ViewTime(kAnchor, std::nullopt, After(days{30}));
  ASSERT_TRUE(later.now);
  EXPECT_LE(abs(later.now->lo - (kNoon + days{30} - Millis{518'400})), kMs);
  EXPECT_LE(abs(later.now->hi - (kNoon + days{30} + kSecond + Millis{518'504})), kMs);
}

// TM-10: thirty days after the last signed time a window ends early, by what the boot clock may be
// off, and never late, whatever it is off by. Control: at its middle the window is open.
TEST(ViewTime, EndsAWindowEarlyAndNeverLateHoweverTheBootClockDrifts) {
  const Anchor exact{"boot-1", Millis{0}, kNoon, kNoon};
  const Window window{kNoon + days{29}, kNoon + days{30}};
  for (int64_t per_million = -200; per_million <= 200; per_million += 25) {
    const auto is_open = [&](Millis true_time) {  // since the anchor
      const Millis boot{true_time.count() + true_time.count() * per_million / 1'000'000};
      const TimeView view = ViewTime(exact, std::nullopt, After(boot));
      return view.now && IsOpen(window, *view.now);
    };
    EXPECT_TRUE(is_open(days{29} + hours{12}));
    EXPECT_FALSE(is_open(days{30}));
    EXPECT_FALSE(is_open(days{30} - kMs)) << "at the fastest and the slowest it is just over";
    // The doubt is 518.4 s; a clock that is off itself adds as much at most.
    const Millis early =
        minutes{9} + Millis{std::max<int64_t>(per_million, 0) * days{30} / kMs / 1'000'000};
    EXPECT_TRUE(is_open(days{30} - early)) << per_million;
    EXPECT_FALSE(is_open(days{29})) << "nor does it start early";
  }
}

TEST(ViewTime, TakesNoAnchorOfAnotherBootNorFromTheFuture) {
  ClockReading reading = After(hours{1});
  reading.boot_id = "boot-2";
  EXPECT_FALSE(ViewTime(kAnchor, std::nullopt, reading).now);
  Anchor ahead = kAnchor;
  ahead.boot = hours{1} + kMs;
  EXPECT_FALSE(ViewTime(ahead, std::nullopt, After(hours{1})).now);
}

TEST(ViewTime, FallsBackToTheSynchronisedClockThenToTheHardwareClock) {
  const TimeView synced = ViewTime(std::nullopt, std::nullopt, Synchronised(Millis{0}, kNoon));
  ASSERT_TRUE(synced.now);
  EXPECT_EQ(synced.state, ClockState::kSynced);
  EXPECT_LT(synced.now->lo, kNoon);
  EXPECT_GT(synced.now->hi, kNoon);
  const TimeView hardware = ViewTime(std::nullopt, std::nullopt, WithHardware(Millis{0}, kNoon));
  ASSERT_TRUE(hardware.now);
  EXPECT_EQ(hardware.state, ClockState::kHardware);
  EXPECT_EQ(hardware.now->hi - hardware.now->lo, minutes{15});
  EXPECT_FALSE(ViewTime(std::nullopt, std::nullopt, After(Millis{0})).now);
}

// TM-04, as far as the clock goes
TEST(ViewTime, BelievesNoClockThatStandsBeforeTheFloor) {
  const Instant floor = kNoon + kMs;
  EXPECT_FALSE(ViewTime(std::nullopt, floor, Synchronised(Millis{0}, kNoon)).now);
  EXPECT_FALSE(ViewTime(std::nullopt, floor, WithHardware(Millis{0}, kNoon)).now);
  EXPECT_TRUE(ViewTime(std::nullopt, kNoon, Synchronised(Millis{0}, kNoon)).now);
  EXPECT_TRUE(ViewTime(std::nullopt, kNoon, WithHardware(Millis{0}, kNoon)).now);
  ClockReading both = Synchronised(Millis{0}, kNoon);
  both.hardware = floor;
  EXPECT_EQ(ViewTime(std::nullopt, floor, both).state, ClockState::kHardware);
}

TEST(ViewTime, IsStretchedByASynchronisedClockThatDisagrees) {
  const TimeView agrees = ViewTime(kAnchor, std::nullopt, Synchronised(Millis{0}, kNoon));
  EXPECT_FALSE(agrees.disagrees);
  const TimeView ahead = ViewTime(kAnchor, std::nullopt, Synchronised(Millis{0}, kNoon + hours{1}));
  EXPECT_TRUE(ahead.disagrees);
  EXPECT_EQ(ahead.now->lo, kNoon);
  EXPECT_EQ(ahead.now->hi, kNoon + hours{1});
  const TimeView behind =
      ViewTime(kAnchor, std::nullopt, Synchronised(Millis{0}, kNoon - minutes{5}));
  EXPECT_TRUE(behind.disagrees);
  EXPECT_EQ(behind.now->lo, kNoon - minutes{5});
  EXPECT_EQ(behind.now->hi, kNoon + kSecond);
}

TEST(ViewTime, IsContradictedOnlyByMoreThanASecond) {
  const auto view = [](Instant wall) {
    return ViewTime(kAnchor, std::nullopt, Synchronised(Millis{0}, wall));
  };
  for (const Instant wall : {kNoon - kSecond, kNoon, kAnchor.hi, kAnchor.hi + kSecond}) {
    EXPECT_FALSE(view(wall).disagrees);
    EXPECT_EQ(view(wall).now->lo, kNoon);
    EXPECT_EQ(view(wall).now->hi, kAnchor.hi);
  }
  EXPECT_TRUE(view(kNoon - kSecond - kMs).disagrees);
  EXPECT_TRUE(view(kAnchor.hi + kSecond + kMs).disagrees);
}

TEST(ViewTime, IsStretchedBackwardsByTenMinutesAtMost) {
  const auto lo = [](Instant wall) {
    return ViewTime(kAnchor, std::nullopt, Synchronised(Millis{0}, wall)).now->lo;
  };
  EXPECT_EQ(lo(kNoon - minutes{10}), kNoon - minutes{10});
  EXPECT_EQ(lo(kNoon - minutes{10} - kMs), kNoon);
}

// TM-03: `date -s` unsynchronises the clock. NTP that is a year behind moves nothing either, but is
// told.
TEST(ViewTime, IsNotMovedByAWallClockSetBack) {
  ClockReading set_back = After(Millis{0});
  set_back.wall = kNoon - days{365};
  const TimeView by_hand = ViewTime(kAnchor, std::nullopt, set_back);
  EXPECT_EQ(by_hand.now->lo, kNoon);
  EXPECT_FALSE(by_hand.disagrees);
  set_back.wall_synchronised = true;
  const TimeView by_ntp = ViewTime(kAnchor, std::nullopt, set_back);
  EXPECT_EQ(by_ntp.now->lo, kNoon);
  EXPECT_TRUE(by_ntp.disagrees);
}

// A wall clock alone may end a window sooner and start one later, never the other way round.
PROPERTY(ViewTime, IsOnlyEverWidenedByTheWallClock) {
  const Millis boot{*rc::gen::inRange<int64_t>(0, 86'400'000)};
  const Instant wall = kNoon + Millis{*rc::gen::inRange<int64_t>(-172'800'000, 172'800'000)};
  const TimeView alone = ViewTime(kAnchor, std::nullopt, After(boot));
  const TimeView both = ViewTime(kAnchor, std::nullopt, Synchronised(boot, wall));
  RC_ASSERT(both.now->lo <= alone.now->lo);
  RC_ASSERT(both.now->hi >= alone.now->hi);
}

Result<Anchor> Next(const std::optional<Anchor>& held, Instant signed_time, Millis drawn,
                    const ClockReading& reading, std::optional<Instant> floor = std::nullopt) {
  return NextAnchor(held, floor, signed_time, drawn, reading);
}

TEST(NextAnchor, IsAsWideAsTheAgeOfTheNumber) {
  const Result<Anchor> anchor = Next(std::nullopt, kNoon, Millis{1000}, After(Millis{1250}));
  ASSERT_TRUE(anchor);
  EXPECT_EQ(anchor->boot_id, "boot-1");
  EXPECT_EQ(anchor->boot, Millis{1250});
  EXPECT_EQ(anchor->lo, kNoon);
  EXPECT_EQ(anchor->hi, kNoon + Millis{250});
}

// TM-21: a courier that sits on a status for minutes makes windows end sooner, not later.
TEST(NextAnchor, OfADelayedStatusGrowsAtItsUpperEndAndStaysAtItsLower) {
  const ClockReading reading = After(minutes{5});
  const Result<Anchor> anchor = Next(kAnchor, kNoon + kSecond, kSecond, reading);
  ASSERT_TRUE(anchor);
  const Now carried = *ViewTime(kAnchor, std::nullopt, reading).now;
  EXPECT_EQ(anchor->lo, carried.lo);
  EXPECT_GE(anchor->hi, kNoon + minutes{5});
  const Result<Anchor> prompt = Next(kAnchor, kNoon + minutes{5}, minutes{5} - kSecond, reading);
  ASSERT_TRUE(prompt);
  EXPECT_EQ(prompt->hi - prompt->lo, Millis{1000});
}

// TM-21: a server that slows or repeats its time cannot hold a window open.
TEST(NextAnchor, NeverFallsBehindTheEarlierAnchorPlusBootTime) {
  for (const Instant signed_time : {kNoon, kNoon + minutes{1}, kNoon - minutes{4}}) {
    const ClockReading reading = After(minutes{5});
    const Result<Anchor> anchor = Next(kAnchor, signed_time, minutes{5}, reading);
    ASSERT_TRUE(anchor);
    EXPECT_EQ(anchor->lo, ViewTime(kAnchor, std::nullopt, reading).now->lo);
    EXPECT_GE(anchor->hi, anchor->lo);
  }
}

// TM-21: however often it says so. An hour of boot time is an hour, but for the clock's own drift.
TEST(NextAnchor, IsNotSlowedByManyStatuses) {
  for (const Millis each : {kMs, Millis{7}, Millis{100}, Millis{1000}, Millis{60'000}}) {
    Anchor anchor = kAnchor;
    const Millis total = minutes{10};
    for (Millis boot = each; boot <= total; boot += each) {
      const Result<Anchor> next = Next(anchor, anchor.lo, boot, After(boot));
      ASSERT_TRUE(next);
      anchor = *next;
    }
    const Millis drift = total * 200 / 1'000'000;
    EXPECT_GE(anchor.lo, kNoon + total - each - drift) << each.count();
  }
}

// TM-21, as a property: true time stays within [lo, hi] of an honest server, and lo of any server
// never stands still.
PROPERTY(NextAnchor, HoldsTheTruthWhateverTheDelays) {
  std::optional<Anchor> anchor;
  Millis boot{0};
  const int count = *rc::gen::inRange(1, 6);
  for (int i = 0; i < count; ++i) {
    const Millis drawn = boot + Millis{*rc::gen::inRange(0, 60'000)};
    const Millis answered = drawn + Millis{*rc::gen::inRange(0, 60'000)};
    boot = answered + Millis{*rc::gen::inRange(0, 60'000)};
    const Result<Anchor> next = Next(anchor, kNoon + answered, drawn, After(boot));
    RC_ASSERT(static_cast<bool>(next));
    RC_ASSERT(next->lo <= kNoon + boot);
    RC_ASSERT(next->hi >= kNoon + boot);
    anchor = *next;
  }
}

TEST(NextAnchor, FollowsTenMinutesAndNoMillisecondMore) {
  EXPECT_TRUE(Next(kAnchor, kNoon + kSecond + minutes{10}, Millis{0}, After(Millis{0})));
  EXPECT_TRUE(Next(kAnchor, kNoon - minutes{10}, Millis{0}, After(Millis{0})));
  const Result<Anchor> ahead =
      Next(kAnchor, kNoon + kSecond + minutes{10} + kMs, Millis{0}, After(Millis{0}));
  ASSERT_FALSE(ahead);
  EXPECT_EQ(ahead.error().code, Reason::kTimeUnknown);
  EXPECT_FALSE(Next(kAnchor, kNoon - minutes{10} - kMs, Millis{0}, After(Millis{0})));
}

// The running clock is all of its interval: what lies in it is not off at all.
TEST(NextAnchor, FollowsWhateverTheHostItselfHoldsPossible) {
  const ClockReading reading = After(days{60});  // 1036 s of drift either way
  const Now carried = *ViewTime(kAnchor, std::nullopt, reading).now;
  EXPECT_TRUE(Next(kAnchor, carried.hi, days{60}, reading));
  EXPECT_TRUE(Next(kAnchor, carried.hi + minutes{10}, days{60}, reading));
  EXPECT_FALSE(Next(kAnchor, carried.hi + minutes{10} + kMs, days{60}, reading));
}

// TM-22
TEST(NextAnchor, FollowsFurtherOnlyWithAnotherClockThatAgrees) {
  const Instant far = kNoon + days{365 * 75};
  EXPECT_FALSE(Next(kAnchor, far, Millis{0}, After(Millis{0})));
  EXPECT_FALSE(Next(kAnchor, far, Millis{0}, Synchronised(Millis{0}, kNoon)));
  EXPECT_TRUE(Next(kAnchor, far, Millis{0}, Synchronised(Millis{0}, far - minutes{10})));
  EXPECT_TRUE(Next(kAnchor, far, Millis{0}, WithHardware(Millis{0}, far)));
  // ... and back again, though the lower end falls: two clocks say so.
  const Anchor there{"boot-1", Millis{0}, far, far};
  const Result<Anchor> back = Next(there, kNoon, Millis{0}, Synchronised(Millis{0}, kNoon), far);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->lo, kNoon);
  EXPECT_FALSE(Next(there, kNoon, Millis{0}, After(Millis{0}), far));
}

TEST(NextAnchor, JudgesByTheSynchronisedClockElseTheHardwareClockAfterAReboot) {
  EXPECT_FALSE(Next(std::nullopt, kNoon + minutes{11}, Millis{0}, Synchronised(Millis{0}, kNoon)));
  EXPECT_TRUE(Next(std::nullopt, kNoon + minutes{10}, Millis{0}, Synchronised(Millis{0}, kNoon)));
  EXPECT_FALSE(Next(std::nullopt, kNoon + minutes{11}, Millis{0}, WithHardware(Millis{0}, kNoon)));
  EXPECT_TRUE(Next(std::nullopt, kNoon - minutes{10}, Millis{0}, WithHardware(Millis{0}, kNoon)));
}

TEST(NextAnchor, DoesNotCountAClockBehindTheFloor) {
  // A battery that died: 1970. The server's word is all there is, and it is not behind the floor.
  const ClockReading reading = WithHardware(Millis{0}, FromMillis(0));
  EXPECT_TRUE(Next(std::nullopt, kNoon, Millis{0}, reading, kNoon));
  EXPECT_FALSE(Next(std::nullopt, kNoon, Millis{0}, reading));  // without a floor it counts
  const ClockReading wall = Synchronised(Millis{0}, kNoon - days{1});
  EXPECT_TRUE(Next(std::nullopt, kNoon, Millis{0}, wall, kNoon));
  EXPECT_FALSE(Next(std::nullopt, kNoon, Millis{0}, wall));
}

TEST(NextAnchor, RefusesASignedTimeBeforeTheFloor) {
  EXPECT_TRUE(Next(std::nullopt, kNoon - minutes{10}, Millis{0}, After(Millis{0}), kNoon));
  EXPECT_FALSE(Next(std::nullopt, kNoon - minutes{10} - kMs, Millis{0}, After(Millis{0}), kNoon));
  // Nor does a running clock help that is behind the floor itself.
  const Instant floor = kNoon + minutes{10};
  EXPECT_TRUE(Next(kAnchor, kNoon, Millis{0}, After(Millis{0}), floor));
  EXPECT_FALSE(Next(kAnchor, kNoon, Millis{0}, After(Millis{0}), floor + kMs));
}

TEST(NextAnchor, TellsHowFarOffTheServerIs) {
  const Result<Anchor> refused = Next(kAnchor, kNoon + hours{1}, Millis{0}, After(Millis{0}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().field, "time_ms");
  EXPECT_NE(refused.error().what.find("3600 s off"), std::string::npos) << refused.error().what;
}

TEST(NextAnchor, TakesAnotherClockForAgreeingUpToTenMinutesEitherWay) {
  const Instant far = kNoon + hours{3};
  for (const Millis off : {Millis{minutes{10}}, -Millis{minutes{10}}}) {
    const auto taken = [&](Instant hardware) {
      return static_cast<bool>(
          NextAnchor(kAnchor, std::nullopt, far, Millis{0}, WithHardware(Millis{0}, hardware)));
    };
    EXPECT_TRUE(taken(far + off)) << off.count();
    EXPECT_FALSE(taken(far + off + (off > Millis{0} ? kMs : -kMs))) << off.count();
  }
}

TEST(NextFloor, RisesWithSignedTimeAndFallsOnlyByMoreThanTenMinutes) {
  EXPECT_EQ(NextFloor(std::nullopt, kNoon), kNoon);
  EXPECT_EQ(NextFloor(kNoon, kNoon + kSecond), kNoon + kSecond);
  EXPECT_EQ(NextFloor(kNoon, kNoon - kSecond), kNoon);
  EXPECT_EQ(NextFloor(kNoon, kNoon - minutes{10}), kNoon);
  EXPECT_EQ(NextFloor(kNoon, kNoon - minutes{10} - kMs), kNoon - minutes{10} - kMs);
}

TEST(ClockStateName, IsTheWordOfRecords) {
  EXPECT_EQ(ClockStateName(ClockState::kAnchored), "anchored");
  EXPECT_EQ(ClockStateName(ClockState::kSynced), "synced");
  EXPECT_EQ(ClockStateName(ClockState::kHardware), "hardware");
  EXPECT_EQ(ClockStateName(ClockState::kUnknown), "unknown");
}

}  // namespace
}  // namespace daypass::core
