// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Units with the real systemd, where it is this machine's manager: scopes that hold and end
// processes.
#include <gmock/gmock.h>

#include <optional>

#include "platform/deadline.h"
#include "platform/file.h"
#include "platform/service.h"
#include "platform/units.h"
#include "platform_fixture.h"

namespace daypass::platform {
namespace {

using core::Millis;
using core::Result;
using testing::HasSubstr;

constexpr Millis kPatience{5'000};

class SystemdTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!IsSystemdRunning()) GTEST_SKIP() << "systemd is not this machine's manager";
  }

  /// Turns the loop until the call that `ask` makes has its outcome.
  Result<void> Await(const std::function<void(Units::Callback)>& ask) {
    std::optional<Result<void>> outcome;
    ask([&](Result<void> result) { outcome = std::move(result); });
    const Deadline deadline = Deadline::After(kPatience * 2);
    while (!outcome && !deadline.HasPassed()) EXPECT_TRUE(loop_.RunOnce(Millis{50}));
    return outcome ? *outcome : core::Error{core::Reason::kInternal, "never called back", {}};
  }

  Result<void> Start(pid_t pid) {
    const ScopeRequest scope = {.name = name_,
                                .slice = "user-4242.slice",
                                .description = "test of daypass",
                                .pids = {pid},
                                .stop_timeout = Millis{300}};
    return Await([&](auto callback) { units_.StartScope(scope, kPatience, callback); });
  }

  EventLoop loop_ = *EventLoop::Make();
  Units units_{loop_};
  std::string name_ = "daypass-test-" + std::to_string(getpid()) + ".scope";
};

int DeafWithAChild() {
  if (fork() == 0) setsid();
  signal(SIGTERM, SIG_IGN);
  signal(SIGHUP, SIG_IGN);
  return SleepForEver();
}

TEST_F(SystemdTest, PutsAProcessIntoAScopeOfTheUsersSliceAndEndsIt) {
  Child child(DeafWithAChild);
  const auto started = Start(child.pid());
  ASSERT_TRUE(started) << started.error().what;
  const auto group = ReadKernelFile("/proc/" + std::to_string(child.pid()) + "/cgroup");
  ASSERT_TRUE(group);
  EXPECT_THAT(*group, HasSubstr("user.slice/user-4242.slice/" + name_));
  const auto stopped = Await([&](auto callback) { units_.StopUnit(name_, kPatience, callback); });
  EXPECT_TRUE(stopped) << stopped.error().what;
  EXPECT_EQ(child.ExitCode(), -1);
}

TEST_F(SystemdTest, RefusesASecondScopeOfTheSameName) {
  const Child first(SleepForEver), second(SleepForEver);
  const auto started = Start(first.pid());
  ASSERT_TRUE(started) << started.error().what;
  const auto refused = Start(second.pid());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, core::Reason::kContainmentFailed);
  EXPECT_TRUE(Await([&](auto callback) { units_.StopUnit(name_, kPatience, callback); }));
}

TEST_F(SystemdTest, RefusesAScopeForAProcessThatIsGone) {
  Child gone([] { return 0; });
  const pid_t pid = gone.pid();
  gone.ExitCode();
  EXPECT_FALSE(Start(pid));
}

TEST_F(SystemdTest, KillsEveryProcessOfAUnit) {
  Child child(DeafWithAChild);
  const auto started = Start(child.pid());
  ASSERT_TRUE(started) << started.error().what;
  const auto killed =
      Await([&](auto callback) { units_.KillUnit(name_, SIGKILL, kPatience, callback); });
  EXPECT_TRUE(killed) << killed.error().what;
  EXPECT_EQ(child.ExitCode(), -1);
}

TEST_F(SystemdTest, TakesAUnitThatIsNotThereForStopped) {
  const auto stopped =
      Await([&](auto callback) { units_.StopUnit("daypass-none.scope", kPatience, callback); });
  EXPECT_TRUE(stopped) << stopped.error().what;
}

}  // namespace
}  // namespace daypass::platform
