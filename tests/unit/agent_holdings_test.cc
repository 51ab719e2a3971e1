// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What is held, however much it is: found by any id, and in the order of its ends.
#include "agent/holdings.h"

#include <gmock/gmock.h>

#include "wire/digest.h"

namespace daypass::agent {
namespace {

using core::Seconds;

const core::Instant kNoon = core::FromMillis(1'767'268'800'000);

core::Grant MakeGrant(int number, Seconds start_by, Seconds duration = Seconds{600}) {
  core::Grant grant;
  grant.statement.id = wire::Sha256Hex(std::to_string(number));
  grant.statement.subject = "user-" + std::to_string(number % 100);
  grant.statement.start = core::StartRule::kFirstUse;
  grant.statement.start_by = kNoon + start_by;
  grant.statement.duration = duration;
  return grant;
}

class HoldingsTest : public testing::Test {
 protected:
  core::Grant& Put(core::Grant grant) {
    const core::Digest id = grant.statement.id;
    holdings_.PutGrant(std::move(grant));
    return *holdings_.FindGrant(id);
  }
  core::Instant FirstEnd() const { return holdings_.ends().begin()->first; }

  Holdings holdings_{core::HostIdentity{}};
};

TEST_F(HoldingsTest, FindsAGrantByItsShortIdAmongMany) {
  for (int i = 0; i < 1000; ++i) Put(MakeGrant(i, Seconds{3600}));
  for (int i = 0; i < 1000; ++i) {
    const core::Digest id = wire::Sha256Hex(std::to_string(i));
    const core::Grant* const found = holdings_.FindGrantByAnyId(core::ShortId(id));
    ASSERT_NE(found, nullptr) << i;
    EXPECT_EQ(found->statement.id, id);
    EXPECT_EQ(holdings_.FindGrantByAnyId(id), found);
  }
}

TEST_F(HoldingsTest, FindsNothingByWhatIsNoIdOfAGrantHeld) {
  Put(MakeGrant(1, Seconds{3600}));
  const std::string other = core::ShortId(wire::Sha256Hex("2"));
  const std::string held = core::ShortId(wire::Sha256Hex("1"));
  for (const std::string& id :
       {other, held.substr(0, 10), held + "a", held.substr(2), "g-" + other,
        std::string("g-0000000000000000"), std::string("g-"), std::string()}) {
    EXPECT_EQ(holdings_.FindGrantByAnyId(id), nullptr) << id;
  }
}

TEST_F(HoldingsTest, KeepsGrantsInTheOrderOfTheirEnds) {
  Put(MakeGrant(1, Seconds{3000}));
  core::Grant& second = Put(MakeGrant(2, Seconds{2000}));
  EXPECT_EQ(FirstEnd(), kNoon + Seconds{2600}) << "not started: the last end that is possible";
  core::Grant& first = *holdings_.FindGrant(wire::Sha256Hex("1"));
  first.latch.started = kNoon;
  holdings_.OnLatched(first);
  EXPECT_EQ(FirstEnd(), kNoon + Seconds{600});
  first.latch.ended = true;
  holdings_.OnLatched(first);
  EXPECT_EQ(FirstEnd(), kNoon + Seconds{2600});
  second.latch.ended = true;
  holdings_.OnLatched(second);
  EXPECT_TRUE(holdings_.ends().empty());
}

TEST_F(HoldingsTest, ForgetsTheEndOfAGrantThatGoesWhateverWasLatchedMeanwhile) {
  core::Grant& grant = Put(MakeGrant(1, Seconds{3000}));
  grant.latch.started = kNoon;  // and nobody said so
  holdings_.RemoveGrant(grant.statement.id);
  EXPECT_TRUE(holdings_.ends().empty());
  core::Grant& undone = Put(MakeGrant(2, Seconds{3000}));
  undone.latch.started = kNoon;
  holdings_.OnLatched(undone);
  undone.latch.started.reset();  // a commit failed
  holdings_.RemoveGrant(undone.statement.id);
  EXPECT_TRUE(holdings_.ends().empty());
}

TEST_F(HoldingsTest, TakesTheNewestOfOneId) {
  Put(MakeGrant(1, Seconds{3000}));
  Put(MakeGrant(1, Seconds{1000}));
  EXPECT_EQ(holdings_.ends().size(), 1u);
  EXPECT_EQ(FirstEnd(), kNoon + Seconds{1600});
}

}  // namespace
}  // namespace daypass::agent
