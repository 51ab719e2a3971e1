// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Standing rules: what accounts of machines may do without a grant.
#include "core/standing.h"

#include <gtest/gtest.h>

#include <functional>

#include "core_fixture.h"

namespace daypass::core {
namespace {

using std::chrono::hours;

/// `sudo pg_dumpall --clean` by backup, which holds no grant.
World MachineWorld() {
  World world;
  world.policy.standing = {MakeStanding()};
  world.grants.clear();
  world.query.user = "backup";
  world.query.uid = 34;
  world.query.command_path = SafePath("/usr/bin/pg_dumpall");
  world.query.args = {"--clean"};
  world.query.env.pop_back();
  return world;
}

Standing& Rule(World& world) {
  return world.policy.standing.front();
}

TEST(Standing, AllowsWithoutAGrantAndIsNamed) {
  const Decision decision = MachineWorld().Ask();
  EXPECT_TRUE(IsAllow(decision));
  EXPECT_EQ(decision.reason, Reason::kStanding);
  EXPECT_EQ(decision.role, "backup");
  EXPECT_EQ(decision.rule, "dump");
  EXPECT_EQ(decision.grant, "");
  EXPECT_EQ(decision.until, std::nullopt);
  EXPECT_FALSE(decision.spends);
}

struct Spoil {
  Reason reason;
  std::function<void(World&)> spoil;
};

TEST(Standing, IsDeniedByEachThingThatDoesNotFit) {
  const std::vector<Spoil> cases = {
      {Reason::kNoGrant, [](World& w) { w.query.user = "nightly"; }},
      {Reason::kNoGrant, [](World& w) { w.policy.standing.clear(); }},
      {Reason::kWrongRealm, [](World& w) { w.policy.realm[0] = 'f'; }},
      {Reason::kExpired, [](World& w) { Rule(w).valid_until = kNoon; }},
      {Reason::kOutsideHours, [](World& w) { Rule(w).windows = {Hours{}}; }},
      {Reason::kWrongHost, [](World& w) { w.host.name = "web-2"; }},
      {Reason::kWrongDoor, [](World& w) { w.query.door = Door::kSu; }},
      {Reason::kWrongRunas, [](World& w) { w.query.runas_user = "postgres"; }},
      {Reason::kWrongArgument, [](World& w) { w.query.args = {"--clean", "--file=/etc/shadow"}; }},
      {Reason::kWrongCommand, [](World& w) { w.query.command_path = SafePath("/usr/bin/bash"); }},
      {Reason::kPathUnsafe, [](World& w) { w.query.command_path.safe = false; }},
      {Reason::kOptionRefused, [](World& w) { w.query.mode = Mode::kShell; }},
      {Reason::kEnvironment, [](World& w) { w.query.env.emplace_back("LD_PRELOAD=x"); }},
      {Reason::kInterceptMissing, [](World& w) { Rule(w).intercept = true; }},
  };
  for (const Spoil& c : cases) {
    World world = MachineWorld();
    c.spoil(world);
    const Decision decision = world.Ask();
    EXPECT_FALSE(IsAllow(decision)) << ReasonName(c.reason);
    EXPECT_EQ(ReasonName(decision.reason), ReasonName(c.reason));
  }
}

TEST(Standing, IsNotForAPersonsAccountUnlessItSaysSo) {
  World world = MachineWorld();
  world.policy.people.push_back(MakePerson("backup", {}));
  EXPECT_EQ(world.Ask().reason, Reason::kWrongSubject);
  world.policy.people.back().is_service = true;
  EXPECT_TRUE(IsAllow(world.Ask()));
  world.policy.people.back().is_service = false;
  Rule(world).personal = true;
  EXPECT_TRUE(IsAllow(world.Ask()));
}

TEST(Standing, EndsWithTheServiceWhoseAccountItIs) {
  World world = MachineWorld();
  world.policy.people.push_back(MakePerson("backup", {}));
  Person& service = world.policy.people.back();
  service.is_service = true;
  World suspended = world;
  suspended.suspended_people = {"backup"};
  EXPECT_EQ(suspended.Ask().reason, Reason::kSuspended);
  World revoked = world;
  revoked.revoked_people["backup"] = revoked.policy.created;
  EXPECT_EQ(revoked.Ask().reason, Reason::kRevoked);
  revoked.revoked_people["backup"] -= Millis{1};
  EXPECT_TRUE(IsAllow(revoked.Ask())) << "the policy was made since, and still has it";
  service.valid_until = kNoon;
  EXPECT_EQ(world.Ask().reason, Reason::kSuspended);
  service.valid_until = kNoon + Millis{1};
  EXPECT_TRUE(IsAllow(world.Ask()));
}

TEST(Standing, NeedsTheTimeOnlyWhereItHasAnEndOrHours) {
  World world = MachineWorld();
  const auto ask_without_time = [&] {
    Snapshot snapshot = world.MakeSnapshot();
    snapshot.now.reset();
    snapshot.status_time.reset();
    return world.Ask(snapshot);
  };
  EXPECT_TRUE(IsAllow(ask_without_time()));
  world.policy.people.push_back(MakePerson("backup", {}));
  world.policy.people.back().is_service = true;
  EXPECT_TRUE(IsAllow(ask_without_time())) << "the service has no end either";
  world.policy.people.back().valid_until = kNoon + hours{1};
  EXPECT_EQ(ask_without_time().reason, Reason::kTimeUnknown) << "but this one has";
  world.policy.people.back().valid_until.reset();
  Rule(world).valid_until = kNoon + hours{1};
  EXPECT_EQ(ask_without_time().reason, Reason::kTimeUnknown);
  EXPECT_TRUE(IsAllow(world.Ask()));
  Snapshot turned_round = world.MakeSnapshot();
  turned_round.now = Now{kNoon, kNoon - Millis{1}};
  EXPECT_EQ(world.Ask(turned_round).reason, Reason::kTimeUnknown);
  Snapshot inexact = world.MakeSnapshot();
  inexact.now = Now{kNoon, kNoon + Millis{1}};
  EXPECT_TRUE(IsAllow(world.Ask(inexact))) << "known to a millisecond";
  Rule(world).valid_until.reset();
  Rule(world).windows = {Hours{}};
  EXPECT_EQ(ask_without_time().reason, Reason::kTimeUnknown);
}

TEST(Standing, CostsNoUseOfAGrantThatWouldAllowItToo) {
  World world;
  world.statement().uses = 1;
  Standing standing = MakeStanding();
  standing.accounts = {"alice"};
  standing.personal = true;
  standing.rules = world.role().rules;
  EXPECT_TRUE(world.Ask().spends) << "control: by the grant it costs one";
  world.policy.standing = {standing};
  const Decision decision = world.Ask();
  EXPECT_EQ(decision.reason, Reason::kStanding);
  EXPECT_FALSE(decision.spends);
}

TEST(Standing, TakesNothingAwayFromAGrant) {
  World world;
  Standing standing = MakeStanding();
  standing.accounts = {"alice"};
  world.policy.standing = {standing};
  EXPECT_EQ(world.Ask().reason, Reason::kGranted);
  world.grants.clear();
  EXPECT_EQ(world.Ask().reason, Reason::kWrongSubject) << "and explains where there is no grant";
}

TEST(Standing, ShowsTheReasonOfTheRuleThatGotFurthest) {
  World world = MachineWorld();
  world.query.args = {"--wrong"};
  Standing elsewhere = MakeStanding();
  elsewhere.name = "elsewhere";
  elsewhere.hosts.names = {"web-9"};
  world.policy.standing.push_back(elsewhere);
  EXPECT_EQ(world.Ask().reason, Reason::kWrongArgument);
  EXPECT_EQ(world.Ask().role, "backup");
  world.policy.standing.push_back(MakeStanding());
  world.query.args = {"--clean"};
  EXPECT_TRUE(IsAllow(world.Ask()));
}

}  // namespace
}  // namespace daypass::core
