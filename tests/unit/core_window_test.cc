// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Windows: when a grant begins and ends, whatever the start rule, to the millisecond.
#include <gtest/gtest.h>

#include "core_fixture.h"
#include "draw.h"

namespace daypass::core {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr Millis kMs{1};

[[maybe_unused]] const bool kConfigured = ConfigureProperties();

World At(Instant lo, Instant hi) {
  World world;
  world.now = {lo, hi};
  world.status_time = std::min(lo, hi);
  return world;
}

World At(Instant now) {
  return At(now, now);
}

/// Alice's grant of 30 minutes at `at`.
World Scheduled(Instant at, Now now) {
  World world = At(now.lo, now.hi);
  Statement& statement = world.statement();
  statement.start = StartRule::kScheduled;
  statement.start_at = at;
  statement.start_by = at + hours{1};
  world.grant().latch = {};
  return world;
}

// TM-01
PROPERTY(Window, IsOpenExactlyFromItsStartOnLoToItsEndOnHi) {
  // Few enough instants that they often coincide.
  const auto instant =
      rc::gen::map(rc::gen::inRange<int64_t>(-8, 8), [](int64_t ms) { return FromMillis(ms); });
  const Window window{*instant, *instant};
  const Now now{*instant, *instant};
  RC_ASSERT(IsOpen(window, now) == (window.not_before <= now.lo && now.hi < window.not_after));
}

// TM-01, through the whole decision: neither bound overrides the other.
PROPERTY(Window, OfAGrantIsWhereDecideAllows) {
  const Instant start = kNoon + Millis{*rc::gen::inRange(-3, 4)};
  const Seconds duration{*rc::gen::inRange(1, 3)};
  const Instant end = start + duration;
  const Instant around = *rc::gen::element(start, end);
  const Instant lo = around + Millis{*rc::gen::inRange(-3, 4)};
  const Instant hi = lo + Millis{*rc::gen::element(0, 1, 2, 999, 1000, 2000)};
  World world = Scheduled(start, {lo, hi});
  world.statement().duration = duration;
  const Decision decision = world.Ask();
  RC_ASSERT(IsAllow(decision) == (start <= lo && hi < end));
  if (!IsAllow(decision)) {
    RC_ASSERT(decision.reason == Reason::kNotStarted || decision.reason == Reason::kExpired);
  }
}

// TM-02
TEST(Window, OpensAtItsFirstMillisecondAndIsShutAtItsEnd) {
  const Instant start = kNoon - minutes{5};  // as latched
  const Instant end = start + minutes{30};
  EXPECT_EQ(At(start - kMs).Ask().reason, Reason::kNotStarted);
  EXPECT_TRUE(IsAllow(At(start).Ask()));
  EXPECT_TRUE(IsAllow(At(end - kMs).Ask()));
  EXPECT_EQ(At(end).Ask().reason, Reason::kExpired);
}

TEST(Window, IsJudgedOnLoAtItsStartAndOnHiAtItsEnd) {
  const Instant start = kNoon - minutes{5};
  const Instant end = start + minutes{30};
  EXPECT_EQ(At(start - kMs, start + kMs).Ask().reason, Reason::kNotStarted);
  EXPECT_EQ(At(end - kMs, end).Ask().reason, Reason::kExpired);
  EXPECT_TRUE(IsAllow(At(start, end - kMs).Ask()));
}

TEST(Window, OfAnEndThatWasSeenNeverOpensAgain) {
  World world;
  world.grant().latch.ended = true;
  EXPECT_EQ(world.Ask().reason, Reason::kExpired);
}

TEST(Window, HasNoEndToTellBeforeItHasStarted) {
  World world = Scheduled(kNoon + kMs, {kNoon, kNoon});
  EXPECT_EQ(world.Ask().reason, Reason::kNotStarted);
  EXPECT_EQ(world.Ask().until, std::nullopt);
  World refused;
  refused.statement().start = StartRule::kFirstUse;
  refused.grant().latch.started.reset();
  refused.query.args = {"stop", "nginx"};
  EXPECT_EQ(refused.Ask().reason, Reason::kWrongArgument);
  EXPECT_EQ(refused.Ask().until, std::nullopt);
  EXPECT_FALSE(refused.Ask().starts);
}

TEST(Window, ThatStartsAtApprovalIsShutUntilTheHostHasLatchedIt) {
  World world;
  world.grant().latch.started.reset();
  EXPECT_EQ(world.Ask().reason, Reason::kNotStarted);
  EXPECT_EQ(WindowOf(world.grant()), std::nullopt);
}

// GF-39
TEST(Window, OfAGrantThatWasHeldBackCannotStartAfterItsLatestStart) {
  World late = At(kNoon);
  late.statement().start_by = kNoon - minutes{5};  // the latched start: not before its latest start
  EXPECT_EQ(late.Ask().reason, Reason::kStartOutOfRange);
  late.statement().start_by += kMs;
  EXPECT_TRUE(IsAllow(late.Ask()));
  World never = At(kNoon);
  never.grant().latch.started.reset();
  never.statement().start_by = kNoon;
  EXPECT_EQ(never.Ask().reason, Reason::kStartOutOfRange);
  never.statement().start_by = kNoon + kMs;
  EXPECT_EQ(never.Ask().reason, Reason::kNotStarted);
}

// GF-39: whatever arrives again in whatever order, the latched start is what counts.
TEST(Window, HangsOnTheLatchedStartAlone) {
  World world = At(kNoon + minutes{25});
  for (const Instant created : {kNoon - minutes{10}, kNoon - minutes{6}}) {
    world.statement().created = created;
    EXPECT_EQ(world.Ask().reason, Reason::kExpired);
  }
}

TEST(Window, EndsByTheLatestStartPlusItsLengthWhateverIsLatched) {
  Grant grant = MakeGrant();
  grant.latch.started = grant.statement.start_by + hours{5};
  ASSERT_TRUE(WindowOf(grant));
  EXPECT_EQ(WindowOf(grant)->not_after, grant.statement.start_by + grant.statement.duration);
}

TEST(FirstUse, StartsTheWindowByTheFirstAllow) {
  World world = At(kNoon, kNoon + minutes{1});
  world.statement().start = StartRule::kFirstUse;
  world.grant().latch.started.reset();
  const Decision decision = world.Ask();
  EXPECT_TRUE(IsAllow(decision));
  EXPECT_TRUE(decision.starts);
  EXPECT_EQ(decision.until, kNoon + minutes{30});
  world.grant().latch.started = kNoon;
  EXPECT_FALSE(world.Ask().starts);
  world.now = {kNoon + minutes{30}, kNoon + minutes{30}};
  EXPECT_EQ(world.Ask().reason, Reason::kExpired);
}

TEST(FirstUse, IsTooLateFromTheLatestStartOnJudgedOnHi) {
  World world = At(kNoon, kNoon + minutes{1});
  world.statement().start = StartRule::kFirstUse;
  world.grant().latch.started.reset();
  world.statement().start_by = kNoon + minutes{1};
  EXPECT_EQ(world.Ask().reason, Reason::kStartOutOfRange);
  world.statement().start_by += kMs;
  EXPECT_TRUE(IsAllow(world.Ask()));
}

TEST(FirstUse, OfAnIntervalWiderThanTheWindowIsDenied) {
  World world = At(kNoon, kNoon + minutes{30});
  world.statement().start = StartRule::kFirstUse;
  world.grant().latch.started.reset();
  EXPECT_EQ(world.Ask().reason, Reason::kExpired);
}

TEST(Scheduled, OpensAtTheSignedInstantAndNoLatchMovesIt) {
  World world = Scheduled(kNoon + kMs, {kNoon, kNoon});
  EXPECT_EQ(world.Ask().reason, Reason::kNotStarted);
  world.grant().latch.started = kNoon - minutes{1};
  EXPECT_EQ(world.Ask().reason, Reason::kNotStarted);
  world.now = {kNoon + kMs, kNoon + kMs};
  EXPECT_TRUE(IsAllow(world.Ask()));
}

}  // namespace
}  // namespace daypass::core
