// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Conditions that every host checks besides: the automatic approver, memberships that end,
// services, limits of hosts, the wait that a role allows.
#include <gtest/gtest.h>

#include "core_fixture.h"

namespace daypass::core {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr Millis kMs{1};

// ---- the automatic approver ----

const std::string kRobot = "SHA256:robot";

/// Alice's grant was approved by the server's key alone, as the role lets it.
World Automatic() {
  World world;
  world.policy.automatic_keys = {MakeKey(kRobot)};
  world.role().automatic = {{false, {}, {"web"}}, {{"web-1"}, {}, {}, {}}, minutes{30}, 2};
  world.grant().approvals = {{kRobot, false, false}};
  return world;
}

TEST(AutomaticApproval, IsEnoughWhereTheRoleSaysSo) {
  EXPECT_TRUE(IsAllow(Automatic().Ask()));
  World with_another = Automatic();
  with_another.grant().approvals.push_back({"SHA256:nobody", false, false});
  EXPECT_TRUE(IsAllow(with_another.Ask())) << "whoever else has signed";
  World without = Automatic();
  without.role().automatic.reset();
  EXPECT_FALSE(IsAllow(without.Ask()));
}

TEST(AutomaticApproval, IsNeverOneOfThePersons) {
  World world = Automatic();
  world.role().automatic.reset();
  world.role().approve = {{2, {"ops"}, KeyUse::kAny}};
  world.grant().approvals.push_back(ApprovalOf("bob"));
  EXPECT_EQ(world.Ask().reason, Reason::kApprovalsMissing);
  world.grant().approvals.push_back(ApprovalOf("carol"));
  EXPECT_TRUE(IsAllow(world.Ask())) << "control: two persons";
}

// Each of its conditions is the host's to check, and each alone refuses.
TEST(AutomaticApproval, IsRefusedOutsideWhatTheRoleFixes) {
  World other_key = Automatic();
  other_key.policy.automatic_keys = {MakeKey("SHA256:another")};
  EXPECT_EQ(other_key.Ask().reason, Reason::kKeyUnknown);
  World suspended = Automatic();
  suspended.suspended_keys = {kRobot};
  EXPECT_FALSE(IsAllow(suspended.Ask()));
  World subject = Automatic();
  subject.role().automatic->subjects = {false, {"eve"}, {}};
  EXPECT_FALSE(IsAllow(subject.Ask()));
  World longer = Automatic();
  longer.role().automatic->max_duration = minutes{29};
  EXPECT_FALSE(IsAllow(longer.Ask()));
  World elsewhere = Automatic();
  elsewhere.role().automatic->hosts.names = {"web-2"};
  EXPECT_EQ(elsewhere.Ask().detail, "not approved automatically on web-1");
  elsewhere.grant().approvals.push_back(ApprovalOf("bob"));
  EXPECT_TRUE(IsAllow(elsewhere.Ask())) << "a person may say yes there";
}

/// Another grant of the role, approved the same way and started so long ago.
Grant Earlier(const World& world, char id, Millis ago) {
  Grant grant = world.grants.front();
  grant.statement.id = Digest(64, id);
  grant.latch.started = kNoon - ago;
  grant.latch.ended = true;
  return grant;
}

TEST(AutomaticApproval, IsCountedByTheHostItself) {
  World world = Automatic();
  world.grants.push_back(Earlier(world, '2', hours{1}));
  EXPECT_TRUE(IsAllow(world.Ask())) << "the second of two a day";
  world.grants.push_back(Earlier(world, '3', hours{2}));
  const Decision decision = world.Ask();
  EXPECT_EQ(decision.reason, Reason::kExpired) << "of those that are over, the last is furthest";
  world.grants.resize(1);
  world.grants.push_back(Earlier(world, '2', hours{1}));
  world.grants.push_back(Earlier(world, '3', hours{2}));
  world.grants.back().latch.dropped = world.grants[1].latch.dropped = true;
  EXPECT_FALSE(IsAllow(world.Ask())) << "what was given up counts";
  world.grants.back().latch.started = kNoon - minutes{5} - hours{24};
  EXPECT_TRUE(IsAllow(world.Ask())) << "a day later it does not";
}

TEST(AutomaticApproval, CountsAGrantThatHasYetToStartAsStartingNow) {
  World world = Automatic();
  world.role().automatic->per_day = 1;
  world.statement().start = StartRule::kFirstUse;
  world.grant().latch.started.reset();
  world.grants.push_back(Earlier(world, '2', hours{24}));
  EXPECT_TRUE(IsAllow(world.Ask())) << "the earlier one is a day old";
  world.grants.back().latch.started = kNoon - hours{24} + kMs;
  world.grants.back().latch.dropped = true;  // else its own refusal is the one that is shown
  EXPECT_FALSE(IsAllow(world.Ask()));
}

TEST(AutomaticApproval, CountsNeitherOtherRolesNorWhatPersonsApproved) {
  World world = Automatic();
  for (const char id : {'2', '3'}) {
    world.grants.push_back(Earlier(world, id, hours{1}));
    world.grants.back().approvals = {ApprovalOf("bob")};
  }
  EXPECT_TRUE(IsAllow(world.Ask()));
  World others = Automatic();
  for (const char id : {'2', '3'}) {
    others.grants.push_back(Earlier(others, id, hours{1}));
    others.grants.back().statement.role = "db-operator";
  }
  EXPECT_TRUE(IsAllow(others.Ask()));
}

TEST(AutomaticApproval, IsCountedWhoeverElseHasSigned) {
  World world = Automatic();
  for (const char id : {'2', '3'}) {
    world.grants.push_back(Earlier(world, id, hours{1}));
    world.grants.back().approvals.push_back({"SHA256:nobody", false, false});
  }
  EXPECT_FALSE(IsAllow(world.Ask()));
  world.grants.pop_back();
  EXPECT_TRUE(IsAllow(world.Ask())) << "control: the second of two a day";
}

TEST(AutomaticApproval, OfTwoStartedAtOnceLetsOnlyOnePass) {
  World world = Automatic();
  world.role().automatic->per_day = 1;
  Grant twin = world.grant();
  twin.statement.id = Digest(64, '2');
  for (int turn = 0; turn < 2; ++turn) {
    World alone = world;
    alone.grants = {world.grant(), twin};
    alone.grants[static_cast<size_t>(turn)].latch.dropped = true;
    EXPECT_EQ(IsAllow(alone.Ask()), turn == 1) << "the one with the lower id came first";
  }
}

// ---- memberships that end ----

TEST(Membership, EndsForWhoApproves) {
  World world;
  Person& bob = world.policy.people[1];
  bob.groups.clear();
  bob.memberships = {{"ops", kNoon + kMs}};
  EXPECT_TRUE(IsAllow(world.Ask()));
  bob.memberships[0].until = kNoon;
  EXPECT_EQ(world.Ask().reason, Reason::kApproverNotAllowed);
  EXPECT_EQ(WhyOver(world.MakeSnapshot(), world.grant()), Reason::kApproverNotAllowed);
  EXPECT_TRUE(MayApprove(world.role(), world.statement(), bob, kNoon - kMs));
  EXPECT_FALSE(MayApprove(world.role(), world.statement(), bob, kNoon));
}

TEST(Membership, EndsForWhoUsesARoleAndForWhatRuns) {
  World world;
  Person& alice = world.policy.people[0];
  alice.groups.clear();
  alice.memberships = {{"web", kNoon + kMs}};
  EXPECT_TRUE(IsAllow(world.Ask()));
  EXPECT_EQ(WhyOver(world.MakeSnapshot(), world.grant()), std::nullopt);
  world.now.hi += kMs;
  EXPECT_EQ(world.Ask().reason, Reason::kWrongSubject);
  EXPECT_EQ(WhyOver(world.MakeSnapshot(), world.grant()), Reason::kWrongSubject);
  alice.memberships[0].until = world.statement().created;
  EXPECT_FALSE(JudgeStatement(world.policy, world.statement())) << "it had ended when she asked";
}

// ---- services ----

TEST(Service, AsksAndIsNeverAnApproverNorAnAdministrator) {
  World world;
  Person& bob = world.policy.people[1];
  EXPECT_TRUE(IsAllow(world.Ask())) << "control";
  bob.is_service = true;
  EXPECT_EQ(world.Ask().reason, Reason::kApproverNotAllowed);
  EXPECT_FALSE(MayApprove(world.role(), world.statement(), bob, kNoon));
  bob.keys[0].administer = true;
  world.policy.administrators = {1, {"bob"}};
  const std::vector<Approval> signers = {ApprovalOf("bob")};
  EXPECT_FALSE(JudgePolicyUpdate(nullptr, world.policy, signers));
  bob.is_service = false;
  EXPECT_TRUE(JudgePolicyUpdate(nullptr, world.policy, signers));
  World subject;
  subject.policy.people[0].is_service = true;
  EXPECT_TRUE(IsAllow(subject.Ask())) << "a pipeline is somebody who may be granted something";
}

// ---- limits ----

TEST(HostLimit, RefusesLongerGrantsOnTheHostsItSelects) {
  World world;
  world.policy.limits.hosts = {{{{}, {{"env", "prod"}}, {}, {}}, minutes{29}}};
  EXPECT_EQ(world.Ask().reason, Reason::kStartOutOfRange);
  EXPECT_EQ(world.Ask().detail, "longer than the 29m of this host");
  world.policy.limits.hosts[0].max_duration = minutes{30};
  EXPECT_TRUE(IsAllow(world.Ask()));
  world.policy.limits.hosts[0] = {{{"web-2"}, {}, {}, {}}, minutes{1}};
  EXPECT_TRUE(IsAllow(world.Ask())) << "of another host";
  world.policy.limits.hosts.push_back({{{"web-1"}, {}, {}, {}}, minutes{1}});
  EXPECT_FALSE(IsAllow(world.Ask())) << "all of them count";
}

TEST(MaxPending, IsTheShorterOfTheRolesAndThePolicys) {
  World world;
  world.role().max_pending = hours{1};
  EXPECT_EQ(MaxPending(world.policy, world.role()), hours{1});
  EXPECT_TRUE(IsAllow(world.Ask()));
  world.role().max_pending = minutes{59};
  EXPECT_EQ(world.Ask().reason, Reason::kStartOutOfRange);
  world.role().max_pending = hours{48};
  EXPECT_EQ(MaxPending(world.policy, world.role()), hours{24});
}

}  // namespace
}  // namespace daypass::core
