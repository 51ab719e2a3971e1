// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Somebody who owns NTP, or the server's clock, or both: what a host then allows, and what it
// tells.
#include "agent/clock_alarm.h"

#include <gtest/gtest.h>

#include <random>

#include "core_fixture.h"

namespace daypass::agent {
namespace {

using core::Instant;
using core::kNoon;
using core::Millis;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// What the attacker makes of the wall clock, so long after noon by true time.
using Wall = std::function<Instant(Millis)>;

const Wall kHonest = [](Millis at) { return kNoon + at; };

/// Steps of 300 s back and forth, every ten seconds.
const Wall kStepped = [](Millis at) {
  const bool is_ahead = at / seconds{10} % 2 == 0;
  return kNoon + at + (is_ahead ? seconds{300} : seconds{-300});
};

/// One hour of a host, watched by somebody who knows the true time.
struct Hour {
  Wall wall = kHonest;
  int64_t boot_ppm = 0;               // how much the boot clock is off
  Millis status_every = seconds{60};  // 0: one at the start, and then none
  int checks = 100'000;

  int allowed = 0;
  int wrong = 0;  // allowed outside of the window, by true time
  int told = 0;

  void Run() {
    core::World world;
    world.statement().start = core::StartRule::kScheduled;
    world.statement().start_at = kNoon + minutes{10};
    world.statement().start_by = kNoon + minutes{20};
    world.grant().latch.started.reset();
    const Instant begin = kNoon + minutes{10};
    const Instant end = begin + world.statement().duration;
    std::optional<core::Anchor> anchor;
    ClockAlarm alarm;
    Millis next_status{0};
    Millis next_look{0};
    for (int i = 0; i < checks; ++i) {
      const Millis at = Millis{hours{1}} * i / checks;
      const core::ClockReading reading = Read(at);
      if (!anchor || (status_every > Millis{0} && at >= next_status)) {
        auto next = core::NextAnchor(anchor, std::nullopt, kNoon + at, reading.boot, reading);
        ASSERT_TRUE(next) << next.error().what;
        anchor = *next;
        world.status_time = kNoon + at;
        next_status = at + status_every;
      }
      const core::TimeView view = core::ViewTime(anchor, std::nullopt, reading);
      if (at >= next_look) {
        told += alarm.Look(view, reading.boot) ? 1 : 0;
        next_look = at + seconds{5};
      }
      ASSERT_TRUE(view.now);
      world.now = *view.now;
      if (!core::IsAllow(world.Ask())) continue;
      ++allowed;
      if (kNoon + at < begin || kNoon + at >= end) ++wrong;
    }
  }

  core::ClockReading Read(Millis at) const {
    const Millis boot = at + at * boot_ppm / 1'000'000;
    return {"boot-1", boot, wall(at), true, std::nullopt};
  }
};

// TM-19
TEST(ClockAttack, OfAWallClockSteppedToAndFroAllowsNothingWrong) {
  Hour honest;
  honest.Run();
  EXPECT_EQ(honest.wrong, 0);
  EXPECT_EQ(honest.told, 0);
  EXPECT_GT(honest.allowed, honest.checks / 2 - honest.checks / 100) << "control: half an hour";

  for (const int64_t ppm : {-200, 0, 200}) {
    for (const Millis every : {Millis{0}, Millis{seconds{60}}}) {
      Hour hour;
      hour.wall = kStepped;
      hour.boot_ppm = ppm;
      hour.status_every = every;
      hour.checks = 20'000;
      hour.Run();
      EXPECT_EQ(hour.wrong, 0) << ppm << " " << every.count();
      EXPECT_GT(hour.allowed, hour.checks / 3) << "the middle of the window stays";
      EXPECT_EQ(hour.told, 1) << "of 360 steps";
    }
  }
}

// TM-19
TEST(ClockAttack, OfAWallClockThatJumpsAnywhereAllowsNothingWrong) {
  std::mt19937_64 random(19);
  Hour hour;
  hour.wall = [&random](Millis at) {
    return kNoon + at + Millis{static_cast<int64_t>(random() % 1'200'001) - 600'000};
  };
  hour.Run();
  EXPECT_EQ(hour.wrong, 0);
  EXPECT_GT(hour.allowed, 0);
  EXPECT_EQ(hour.told, 1);
}

// TM-10: with an exact boot clock a window ends some minutes early after thirty days without a
// status; with one that is as slow as it may be, at its end; never later.
TEST(ClockAttack, OfDriftEndsWindowsEarlyAndNeverLate) {
  const core::Anchor anchor{"boot-1", Millis{0}, kNoon, kNoon};
  const Millis end = days{30};
  for (const int64_t ppm : {-200, 0, 200}) {
    const auto hi = [&](Millis at) {
      const Millis boot = at + at * ppm / 1'000'000;
      return core::ViewTime(anchor, std::nullopt, {"boot-1", boot, {}, false, {}}).now->hi;
    };
    EXPECT_GE(hi(end), kNoon + end) << ppm;
    if (ppm != 0) continue;
    EXPECT_LT(hi(end - minutes{9}), kNoon + end) << "at most nine minutes early";
  }
}

// TM-22: the floor that a server left in the year 2100 keeps nobody out once two clocks agree.
TEST(ClockAttack, OfTheYear2100LeavesNoFloorBehind) {
  const Instant far = kNoon + days{365 * 75};
  const core::ClockReading believes_it{"boot-1", Millis{0}, far, true, std::nullopt};
  auto there = core::NextAnchor(std::nullopt, kNoon, far, Millis{0}, believes_it);
  ASSERT_TRUE(there) << "server and NTP say so, and both are believed";
  Instant floor = core::NextFloor(kNoon, far);
  EXPECT_EQ(floor, far);

  core::ClockReading reading{"boot-1", Millis{60'000}, kNoon, true, std::nullopt};
  auto back = core::NextAnchor(*there, floor, kNoon, Millis{60'000}, reading);
  ASSERT_TRUE(back) << "both say noon again";
  floor = core::NextFloor(floor, kNoon);
  EXPECT_EQ(floor, kNoon);
  reading.wall_synchronised = false;  // and from now on the server is alone
  reading.boot += Millis{60'000};
  EXPECT_TRUE(core::NextAnchor(*back, floor, kNoon + minutes{1}, reading.boot, reading));
  EXPECT_EQ(core::NextFloor(floor, kNoon - minutes{5}), floor) << "else it never falls";
}

TEST(ClockAlarm, TellsOnceAnHourThatNobodyKnowsTheTimeAndOnceThatItIsKnownAgain) {
  const core::TimeView unknown;
  const core::TimeView known{core::Now{kNoon, kNoon}, core::ClockState::kAnchored, false};
  ClockAlarm alarm;
  EXPECT_FALSE(alarm.Look(known, Millis{0}));
  const auto first = alarm.Look(unknown, Millis{5});
  ASSERT_TRUE(first);
  EXPECT_EQ(first->event, "clock.unknown");
  EXPECT_FALSE(alarm.Look(unknown, Millis{10}));
  const auto again = alarm.Look(known, Millis{15});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->event, "clock.changed");
  EXPECT_FALSE(alarm.Look(known, Millis{20}));
  EXPECT_FALSE(alarm.Look(unknown, Millis{25}));
  EXPECT_FALSE(alarm.Look(known, Millis{30})) << "nobody was told that it was unknown";
  EXPECT_TRUE(alarm.Look(unknown, hours{1} + Millis{5}));
}

}  // namespace
}  // namespace daypass::agent
