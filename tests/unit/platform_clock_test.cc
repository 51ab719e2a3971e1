// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Deadlines and clocks of the running machine, and unpredictable bytes.
#include "platform/clock.h"

#include <gmock/gmock.h>

#include <chrono>
#include <set>

#include "platform/deadline.h"
#include "platform/random.h"

namespace daypass::platform {
namespace {

using core::Millis;

TEST(Deadline, PassesWhenItsTimeHasCome) {
  const Deadline deadline = Deadline::After(Millis{30});
  EXPECT_FALSE(deadline.HasPassed());
  EXPECT_GT(deadline.PollTimeout(), 0);
  EXPECT_LE(deadline.PollTimeout(), 30);
  const timespec pause{0, 40'000'000};
  nanosleep(&pause, nullptr);
  EXPECT_TRUE(deadline.HasPassed());
  EXPECT_EQ(deadline.PollTimeout(), 0);
}

TEST(Deadline, MayBeNowOrNever) {
  EXPECT_TRUE(Deadline::Immediate().HasPassed());
  EXPECT_EQ(Deadline::Immediate().PollTimeout(), 0);
  EXPECT_FALSE(Deadline::Never().HasPassed());
  EXPECT_EQ(Deadline::Never().PollTimeout(), -1);
  EXPECT_EQ(Deadline::After(Millis::max()).PollTimeout(), -1);
}

TEST(ReadClocks, AgreesWithTheMachine) {
  const auto reading = ReadClocks(true);
  ASSERT_TRUE(reading) << reading.error().what;
  const auto wall = std::chrono::floor<Millis>(std::chrono::system_clock::now());
  EXPECT_LT(wall - reading->wall, Millis{5'000});
  EXPECT_GT(reading->boot.count(), 0);
  EXPECT_LE(reading->boot, BootTime());
  EXPECT_THAT(reading->boot_id, testing::MatchesRegex("[0-9a-f-]{36}"));
  if (reading->hardware) {
    EXPECT_GT(core::ToMillis(*reading->hardware), 1'600'000'000'000);
  }
}

TEST(RandomBytes, DifferEachTime) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const auto bytes = RandomBytes(16);
    ASSERT_TRUE(bytes);
    ASSERT_EQ(bytes->size(), 16u);
    EXPECT_TRUE(seen.insert(*bytes).second);
  }
  EXPECT_EQ(RandomBytes(0)->size(), 0u);
  EXPECT_EQ(RandomBytes(1'000'000)->size(), 1'000'000u);
}

}  // namespace
}  // namespace daypass::platform
