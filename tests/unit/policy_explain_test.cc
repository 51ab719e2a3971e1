// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Where each role stops, and that one which stops nowhere is allowed by the very same Decide.
#include "policy/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_fixture.h"

namespace daypass::policy {
namespace {

using core::World;
using ::testing::HasSubstr;

/// Of the role of the world, for its query.
Explanation OfTheRole(const World& world) {
  const std::vector<Explanation> all = Explain(world.policy, world.host, core::kNoon, world.query);
  EXPECT_EQ(all.size(), 1 + world.policy.roles.size());
  EXPECT_EQ(all.front().role, "");
  return all.at(1);
}

void ExpectStop(const World& world, const std::string& step, const std::string& change) {
  const Explanation one = OfTheRole(world);
  EXPECT_FALSE(core::IsAllow(one.decision));
  EXPECT_EQ(one.stops_at, step);
  EXPECT_THAT(one.change, HasSubstr(change));
  EXPECT_THAT(ExplainedSteps(), ::testing::Contains(step));
}

TEST(Explain, AllowsWhatAnApprovedGrantOfTheRoleAllows) {
  const Explanation one = OfTheRole(World{});
  EXPECT_TRUE(core::IsAllow(one.decision));
  EXPECT_EQ(one.decision.rule, "restart");
  EXPECT_EQ(one.stops_at, "");
  EXPECT_EQ(one.change, "");
}

TEST(Explain, NamesTheStepWhereARoleStopsAndWhatItHasInstead) {
  World world;
  world.query.user = "eve";
  ExpectStop(world, "asking", "group web");
  world = {};
  world.role().approve[0].count = 3;  // bob and carol are two
  ExpectStop(world, "approval", "3 of ops");
  world = {};
  world.host.name = "db-1";
  ExpectStop(world, "host", "web-1, web-2");
  world = {};
  world.query.door = core::Door::kSsh;
  ExpectStop(world, "door", "sudo");
  world = {};
  world.query.runas_user = "postgres";
  world.query.runas_uid = 115;
  ExpectStop(world, "run-as", "root");
  world = {};
  world.query.args = {"stop", "nginx"};
  ExpectStop(world, "command", "/usr/bin/systemctl restart nginx");
}

TEST(Explain, NeverCountsTheSubjectsOwnApproval) {
  World world;
  world.policy.people[0].groups = {"web", "ops"};  // alice approves for others
  world.policy.people[2].groups = {};
  world.role().approve[0].count = 2;
  ExpectStop(world, "approval", "2 of ops");
}

TEST(Explain, StartsAsTheRoleStarts) {
  for (const core::StartRule rule :
       {core::StartRule::kApproval, core::StartRule::kFirstUse, core::StartRule::kScheduled}) {
    World world;
    world.role().start = {rule};
    EXPECT_TRUE(core::IsAllow(OfTheRole(world).decision));
  }
  World counted;
  counted.role().uses = 3;
  EXPECT_TRUE(core::IsAllow(OfTheRole(counted).decision));
}

}  // namespace
}  // namespace daypass::policy
