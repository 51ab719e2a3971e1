// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Containment by scopes: what is believed of systemd, and what is not. The groups are real; the one
// who answers on the bus is a stand-in, since real ones do not lie on demand.
#include <fstream>

#include "agent_containment_fixture.h"
#include "agent_fake_systemd.h"

namespace daypass::agent {
namespace {

using core::Millis;
using core::Reason;
using std::chrono::steady_clock;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kScope[] = "daypass-g-a-1.scope";

class SystemdContainmentTest : public ContainmentTest {
 protected:
  std::string PathOf(const std::string& scope) const {
    return top_ + "/user.slice/user-4201.slice/" + scope;
  }
};

TEST_F(SystemdContainmentTest, ContainsInTheSliceOfThePersonAndEndsWithinTwoSeconds) {
  const FakeSystemd systemd(top_, Manners::kHonest);
  const auto containment = MakeSystemdContainment(*loop_, top_, systemd.address());
  const Stubborn one = StartStubborn();
  const Contained scope = Contain(*containment, {"g-a", 1, 4201}, one.process);
  ASSERT_TRUE(scope) << scope.error().what;
  EXPECT_EQ(*scope, kScope);
  LetBeStubborn(one);
  EXPECT_EQ(CountIn(PathOf(kScope)), 4u);
  EXPECT_THAT(*containment->List(), ElementsAre(kScope));
  EXPECT_FALSE(containment->Remove(kScope)) << "something still runs in it";

  bool is_empty = false;
  ASSERT_TRUE(containment->WhenEmpty(kScope, [&] { is_empty = true; }));
  ASSERT_TRUE(containment->End(kScope));
  EXPECT_TRUE(RunUntil([&] { return is_empty; }, Millis{2000}));
  EXPECT_FALSE(*containment->IsPopulated(kScope));
  EXPECT_TRUE(containment->Remove(kScope));
}

// PL-18
TEST_F(SystemdContainmentTest, DoesNotBelieveThatAProcessWasMovedUnlessItSeesIt) {
  const FakeSystemd systemd(top_, Manners::kLying);
  const auto containment = MakeSystemdContainment(*loop_, top_, systemd.address());
  const Stubborn one = StartStubborn();
  const Contained scope = Contain(*containment, {"g-a", 1, 4201}, one.process);
  ASSERT_FALSE(scope);
  EXPECT_EQ(scope.error().code, Reason::kContainmentFailed);
}

// PL-18
TEST_F(SystemdContainmentTest, GivesSystemdOneSecond) {
  const FakeSystemd systemd(top_, Manners::kSilent);
  const auto containment = MakeSystemdContainment(*loop_, top_, systemd.address());
  const Stubborn one = StartStubborn();
  const auto asked = steady_clock::now();
  const Contained scope = Contain(*containment, {"g-a", 1, 4201}, one.process);
  EXPECT_LT(steady_clock::now() - asked, Millis{10000});
  ASSERT_FALSE(scope);
  EXPECT_EQ(scope.error().code, Reason::kTooLate);
}

// PL-18
TEST_F(SystemdContainmentTest, FailsWhenSystemdRefusesOrCannotBeAsked) {
  const FakeSystemd systemd(top_, Manners::kRefusing);
  const Stubborn one = StartStubborn();
  for (const std::string& address : {systemd.address(), std::string("unix:path=/nowhere")}) {
    const auto containment = MakeSystemdContainment(*loop_, top_, address);
    const Contained scope = Contain(*containment, {"g-a", 1, 4201}, one.process);
    ASSERT_FALSE(scope) << address;
    EXPECT_EQ(scope.error().code, Reason::kContainmentFailed);
  }
  EXPECT_TRUE(platform::IsAlive(one.process));
}

TEST_F(SystemdContainmentTest, EndsAScopeOfAnEarlierAgentAlsoWithoutSystemd) {
  const Stubborn one = StartStubborn();
  {
    const FakeSystemd systemd(top_, Manners::kHonest);
    const auto before = MakeSystemdContainment(*loop_, top_, systemd.address());
    ASSERT_TRUE(Contain(*before, {"g-a", 1, 4201}, one.process));
  }
  LetBeStubborn(one);
  const auto containment = MakeSystemdContainment(*loop_, top_, "unix:path=/nowhere");
  EXPECT_THAT(*containment->List("daypass-g-a-"), ElementsAre(kScope));
  EXPECT_THAT(*containment->List("daypass-g-b-"), IsEmpty());
  bool is_empty = false;
  ASSERT_TRUE(containment->WhenEmpty(kScope, [&] { is_empty = true; }));
  ASSERT_TRUE(containment->End(kScope));
  EXPECT_TRUE(RunUntil([&] { return is_empty; }, Millis{2000}));
}

TEST_F(SystemdContainmentTest, TakesAScopeThatIsGoneForEnded) {
  const auto containment = MakeSystemdContainment(*loop_, top_, "unix:path=/nowhere");
  EXPECT_TRUE(containment->End(kScope));
  EXPECT_FALSE(*containment->IsPopulated(kScope));
  EXPECT_TRUE(containment->Remove(kScope));
  bool is_empty = false;
  ASSERT_TRUE(containment->WhenEmpty(kScope, [&] { is_empty = true; }));
  EXPECT_TRUE(RunUntil([&] { return is_empty; }, Millis{1000}));
}

}  // namespace
}  // namespace daypass::agent
