// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Containment without systemd, on real control groups.
#include "agent/containment.h"

#include "agent_containment_fixture.h"
#include "platform/service.h"

namespace daypass::agent {
namespace {

using core::Millis;
using core::Reason;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class CgroupContainmentTest : public ContainmentTest {
 protected:
  void SetUp() override {
    ContainmentTest::SetUp();
    if (HasFatalFailure()) return;
    containment_ = MakeCgroupContainment(*loop_, top_);
  }
  std::string PathOf(const std::string& scope) const { return top_ + "/daypass.agent/" + scope; }

  std::unique_ptr<Containment> containment_;
};

TEST(ScopeName, SaysGrantAndNumber) {
  EXPECT_EQ(ScopeName("g-abcdefghijklmnop", 12), "daypass-g-abcdefghijklmnop-12.scope");
}

// TM-15, without what leaves on purpose
TEST_F(CgroupContainmentTest, EndsWhateverTheProcessStartedWithinTwoSeconds) {
  const Stubborn one = StartStubborn();
  const Contained scope = Contain(*containment_, {"g-a", 1, 4201}, one.process);
  ASSERT_TRUE(scope) << scope.error().what;
  EXPECT_EQ(*scope, "daypass-g-a-1.scope");
  LetBeStubborn(one);
  EXPECT_EQ(CountIn(PathOf(*scope)), 4u);
  EXPECT_TRUE(*containment_->IsPopulated(*scope));

  bool is_empty = false;
  ASSERT_TRUE(containment_->WhenEmpty(*scope, [&] { is_empty = true; }));
  EXPECT_FALSE(RunUntil([&] { return is_empty; }, Millis{100})) << "called back too early";
  ASSERT_TRUE(containment_->End(*scope));
  EXPECT_TRUE(RunUntil([&] { return is_empty; }, Millis{2000}));
  EXPECT_FALSE(*containment_->IsPopulated(*scope));
  EXPECT_FALSE(platform::IsAlive(one.process));
  ASSERT_EQ(waitpid(one.process.pid, nullptr, 0), one.process.pid);
  children_.clear();
  ASSERT_TRUE(containment_->Remove(*scope));
  EXPECT_THAT(*containment_->List(), IsEmpty());
}

TEST_F(CgroupContainmentTest, EndsOneScopeAndNoOther) {
  const Stubborn one = StartStubborn();
  const Stubborn other = StartStubborn();
  ASSERT_TRUE(Contain(*containment_, {"g-a", 1, 4201}, one.process));
  ASSERT_TRUE(Contain(*containment_, {"g-a", 10, 4201}, other.process));
  ASSERT_TRUE(containment_->End("daypass-g-a-1.scope"));
  EXPECT_TRUE(RunUntil([&] { return !platform::IsAlive(one.process); }, Millis{2000}));
  EXPECT_TRUE(platform::IsAlive(other.process));
}

TEST_F(CgroupContainmentTest, FindsItsScopesAgainAfterARestart) {
  const Stubborn one = StartStubborn();
  const Stubborn other = StartStubborn();
  ASSERT_TRUE(Contain(*containment_, {"g-a", 1, 4201}, one.process));
  ASSERT_TRUE(Contain(*containment_, {"g-b", 2, 4202}, other.process));
  LetBeStubborn(one);
  containment_ = MakeCgroupContainment(*loop_, top_);
  EXPECT_THAT(*containment_->List(),
              UnorderedElementsAre("daypass-g-a-1.scope", "daypass-g-b-2.scope"));
  EXPECT_THAT(*containment_->List("daypass-g-a-"), ElementsAre("daypass-g-a-1.scope"));
  bool is_empty = false;
  ASSERT_TRUE(containment_->WhenEmpty("daypass-g-a-1.scope", [&] { is_empty = true; }));
  ASSERT_TRUE(containment_->End("daypass-g-a-1.scope"));
  EXPECT_TRUE(RunUntil([&] { return is_empty; }, Millis{2000}));
}

TEST_F(CgroupContainmentTest, RefusesAProcessThatHasEnded) {
  const Stubborn one = StartStubborn();
  ASSERT_EQ(kill(one.process.pid, SIGKILL), 0);
  ASSERT_EQ(waitpid(one.process.pid, nullptr, 0), one.process.pid);
  children_.clear();
  const Contained scope = Contain(*containment_, {"g-a", 1, 4201}, one.process);
  ASSERT_FALSE(scope);
  EXPECT_EQ(scope.error().code, Reason::kContainmentFailed);
  EXPECT_THAT(*containment_->List(), IsEmpty());
}

TEST_F(CgroupContainmentTest, RefusesAProcessThatDiedAndLeftItsNumber) {
  const Stubborn one = StartStubborn();
  ASSERT_EQ(kill(one.process.pid, SIGKILL), 0);
  ASSERT_TRUE(RunUntil([&] { return !platform::IsAlive(one.process); }));  // a zombie now
  const Contained scope = Contain(*containment_, {"g-a", 1, 4201}, one.process);
  ASSERT_FALSE(scope);
  EXPECT_EQ(scope.error().code, Reason::kContainmentFailed);
}

TEST_F(CgroupContainmentTest, RefusesANameThatIsTaken) {
  const Stubborn one = StartStubborn();
  const Stubborn other = StartStubborn();
  ASSERT_TRUE(Contain(*containment_, {"g-a", 1, 4201}, one.process));
  const Contained scope = Contain(*containment_, {"g-a", 1, 4201}, other.process);
  ASSERT_FALSE(scope);
  EXPECT_EQ(scope.error().code, Reason::kContainmentFailed);
}

TEST_F(CgroupContainmentTest, SaysWhenTheLastProcessEndsByItself) {
  const Stubborn one = StartStubborn();
  const Contained scope = Contain(*containment_, {"g-a", 1, 4201}, one.process);
  ASSERT_TRUE(scope);
  int replaced = 0;
  int calls = 0;
  ASSERT_TRUE(containment_->WhenEmpty(*scope, [&] { ++replaced; }));
  ASSERT_TRUE(containment_->WhenEmpty(*scope, [&] { ++calls; }));
  ASSERT_EQ(kill(one.process.pid, SIGKILL), 0);
  EXPECT_TRUE(RunUntil([&] { return calls > 0; }, Millis{2000}));
  EXPECT_FALSE(RunUntil([&] { return calls > 1 || replaced > 0; }, Millis{100}));
}

TEST_F(CgroupContainmentTest, TakesAScopeThatIsGoneForEnded) {
  const std::string gone = "daypass-g-a-9.scope";
  EXPECT_TRUE(containment_->End(gone));
  EXPECT_FALSE(*containment_->IsPopulated(gone));
  EXPECT_TRUE(containment_->Remove(gone));
  bool is_empty = false;
  ASSERT_TRUE(containment_->WhenEmpty(gone, [&] { is_empty = true; }));
  EXPECT_FALSE(is_empty) << "called back before the call returned";
  EXPECT_TRUE(RunUntil([&] { return is_empty; }, Millis{1000}));
  EXPECT_THAT(*containment_->List(), IsEmpty());
}

TEST_F(CgroupContainmentTest, KeepsAScopeInWhichSomethingRuns) {
  const Stubborn one = StartStubborn();
  const Contained scope = Contain(*containment_, {"g-a", 1, 4201}, one.process);
  ASSERT_TRUE(scope);
  const auto removed = containment_->Remove(*scope);
  ASSERT_FALSE(removed);
  EXPECT_EQ(removed.error().code, Reason::kContainmentFailed);
  EXPECT_TRUE(platform::IsAlive(one.process));
}

TEST_F(CgroupContainmentTest, FailsWhereThereAreNoGroups) {
  const auto nowhere = MakeCgroupContainment(*loop_, "/proc/daypass-nowhere");
  const Stubborn one = StartStubborn();
  const Contained scope = Contain(*nowhere, {"g-a", 1, 4201}, one.process);
  ASSERT_FALSE(scope);
  EXPECT_EQ(scope.error().code, Reason::kContainmentFailed);
  EXPECT_THAT(scope.error().what, HasSubstr("/proc/daypass-nowhere"));
}

}  // namespace
}  // namespace daypass::agent
