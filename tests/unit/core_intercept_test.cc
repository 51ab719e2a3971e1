// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Under sudo's intercept: what an allowed command starts is judged in its name.
#include <gtest/gtest.h>

#include <functional>

#include "core_fixture.h"

namespace daypass::core {
namespace {

using std::chrono::minutes;

/// alice's `systemctl restart nginx` runs by her grant, and starts /usr/bin/systemd-tty-ask.
World Started() {
  World world;
  world.role().intercept = true;
  world.rule().may_run = {"/usr/bin/systemd-tty-ask"};
  world.query.intercepts = true;
  world.query.parent = Parent{kGrantId, "", "restart"};
  world.query.command_path = SafePath("/usr/bin/systemd-tty-ask");
  world.query.args = {"--watch", "whatever it likes"};
  world.query.env.emplace_back("LD_BIND_NOW=1");  // its parent's
  return world;
}

TEST(Intercept, IsWantedWhereTheRoleSaysSo) {
  World world;
  world.role().intercept = true;
  EXPECT_EQ(world.Ask().reason, Reason::kInterceptMissing);
  world.query.intercepts = true;
  EXPECT_TRUE(IsAllow(world.Ask()));
  world.query.intercepts = false;
  world.query.args = {"stop", "nginx"};
  EXPECT_EQ(world.Ask().reason, Reason::kWrongArgument) << "first, what is wrong with the command";
  world.role().full = true;
  EXPECT_EQ(world.Ask().reason, Reason::kInterceptMissing) << "of a full role, too";
}

TEST(Intercept, IsNotWantedOfSudoedit) {
  World world;
  world.role().intercept = true;
  world.role().rules = {{"conf", EditRule{{"/etc/app.conf"}}}};
  world.query.mode = Mode::kEdit;
  world.query.files = {"app.conf"};
  world.query.file_paths = {SafePath("/etc/app.conf")};
  EXPECT_TRUE(IsAllow(world.Ask()));
}

TEST(SubCommand, RunsIfItsParentsRuleNamesIt) {
  const Decision decision = Started().Ask();
  EXPECT_TRUE(IsAllow(decision));
  EXPECT_EQ(decision.rule, "restart");
  EXPECT_EQ(decision.grant, kGrantId);
}

TEST(SubCommand, IsDeniedWhateverElseItIs) {
  const std::vector<std::pair<Reason, std::function<void(World&)>>> cases = {
      {Reason::kWrongCommand, [](World& w) { w.rule().may_run.clear(); }},
      {Reason::kWrongCommand, [](World& w) { w.query.command_path = SafePath("/usr/bin/bash"); }},
      {Reason::kWrongCommand, [](World& w) { w.query.parent->rule = "other"; }},
      // A rule of its own does not help: the parent's says what may run.
      {Reason::kWrongCommand,
       [](World& w) {
         w.query.command_path = SafePath("/usr/bin/tail");
         w.query.args = {};
         w.query.env.pop_back();
         w.role().rules.push_back(MakeRule("tail", "/usr/bin/tail", {}));
       }},
      {Reason::kPathUnsafe, [](World& w) { w.query.command_path.safe = false; }},
      {Reason::kWrongSubject, [](World& w) { w.query.parent->grant = Digest(64, '9'); }},
      {Reason::kWrongSubject, [](World& w) { w.query.parent = Parent{"", "backup", "dump"}; }},
      {Reason::kWrongRunas, [](World& w) { w.query.runas_user = "postgres"; }},
      {Reason::kExpired, [](World& w) { w.grant().latch.started = kNoon - minutes{30}; }},
      {Reason::kRevoked, [](World& w) { w.revoked.insert(kGrantId); }},
      {Reason::kNotStarted,
       [](World& w) {
         w.statement().start = StartRule::kFirstUse;
         w.grant().latch.started.reset();
       }},
  };
  for (const auto& [reason, spoil] : cases) {
    World world = Started();
    spoil(world);
    EXPECT_EQ(ReasonName(world.Ask().reason), ReasonName(reason));
    EXPECT_FALSE(IsAllow(world.Ask()));
  }
}

TEST(SubCommand, OfAFullRoleMayBeAnything) {
  World world = Started();
  world.role().full = true;
  world.query.parent->rule = "";
  world.query.command_path = SafePath("/usr/bin/bash");
  EXPECT_TRUE(IsAllow(world.Ask()));
}

TEST(SubCommand, CostsNoUseAndRunsWhenTheLastIsSpent) {
  World world = Started();
  world.statement().uses = world.grant().latch.uses_spent = 1;
  const Decision decision = world.Ask();
  EXPECT_TRUE(IsAllow(decision));
  EXPECT_FALSE(decision.spends);
  world.query = MakeQuery();
  world.query.intercepts = true;
  EXPECT_EQ(world.Ask().reason, Reason::kUsedUp) << "control: a command of its own";
  world.grant().latch.uses_spent = 0;
  EXPECT_TRUE(world.Ask().spends);
}

TEST(SubCommand, RunsInTheNameOfAStandingRule) {
  World world = Started();
  Standing standing;
  static_cast<Powers&>(standing) = world.role();
  standing.name = "nightly";
  standing.accounts = {"alice"};
  standing.personal = true;
  world.policy.standing = {standing};
  world.grants.clear();
  EXPECT_FALSE(IsAllow(world.Ask())) << "the parent ran by a grant that is gone";
  world.query.parent = Parent{"", "nightly", "restart"};
  EXPECT_EQ(world.Ask().reason, Reason::kStanding);
  world.query.command_path = SafePath("/usr/bin/bash");
  EXPECT_EQ(world.Ask().reason, Reason::kWrongCommand);
}

}  // namespace
}  // namespace daypass::core
