// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Recorded decisions under another policy.
#include "policy/replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core_fixture.h"
#include "policy_journal_fixture.h"

namespace daypass::policy {
namespace {

using core::MakePolicy;
using core::Policy;
using ::testing::Contains;
using ::testing::HasSubstr;

Replay Play(const std::string& journal, const Policy& before, const Policy& after,
            const HostLabels& labels = {}) {
  return ReplayQueries(ReadAll(journal).recorded, before, after, labels);
}

const std::string kRestart = Export(MakeFields(1));

TEST(Replay, ChangesNothingUnderTheSamePolicy) {
  const Replay replay = Play(kRestart + Export(MakeFields(2)), MakePolicy(), MakePolicy());
  ASSERT_EQ(replay.rows.size(), 1U);
  const ReplayRow& row = replay.rows[0];
  EXPECT_EQ(row.count, 2U);
  EXPECT_EQ(row.allowed_then, 2U);
  EXPECT_TRUE(row.before.allowed && row.after.allowed && row.covered);
  EXPECT_EQ(row.after.rule, "restart");
  EXPECT_EQ(replay.rules.at(0).count, 2U);
}

struct Row {
  const char* name;
  void (*change)(Policy&);
  const char* reason;
  bool covered;
};

class ReplayOfOneChange : public ::testing::TestWithParam<Row> {};

TEST_P(ReplayOfOneChange, TellsWhatItDeniesAndTheReverse) {
  Policy changed = MakePolicy();
  GetParam().change(changed);
  const Replay closes = Play(kRestart, MakePolicy(), changed);
  EXPECT_TRUE(closes.rows.at(0).before.allowed);
  EXPECT_FALSE(closes.rows.at(0).after.allowed);
  EXPECT_EQ(core::ReasonName(closes.rows[0].after.reason), GetParam().reason);
  EXPECT_EQ(closes.rows[0].covered, GetParam().covered);
  const Replay opens = Play(kRestart, changed, MakePolicy());
  EXPECT_FALSE(opens.rows.at(0).before.allowed);
  EXPECT_TRUE(opens.rows.at(0).after.allowed);
}

core::CommandRule& Command(Policy& policy) {
  return std::get<core::CommandRule>(policy.roles[0].rules[0].kind);
}

INSTANTIATE_TEST_SUITE_P(
    Changes, ReplayOfOneChange,
    ::testing::Values(
        Row{"argument", [](Policy& p) { Command(p).args[1] = core::MatchIs{"sshd"}; },
            "wrong_argument", false},
        Row{"command", [](Policy& p) { Command(p).path = "/usr/bin/true"; }, "wrong_command",
            false},
        Row{"host", [](Policy& p) { p.roles[0].hosts.names = {"web-2"}; }, "wrong_host", true},
        Row{"runas", [](Policy& p) { p.roles[0].run_as.users = {"www"}; }, "wrong_runas", false},
        Row{"subject", [](Policy& p) { p.roles[0].subjects.groups = {"ops"}; }, "no_grant", true},
        Row{"nobody approves", [](Policy& p) { p.roles[0].approve[0].count = 3; },
            "approvals_missing", true},
        Row{"role over", [](Policy& p) { p.roles[0].valid_until = p.created; }, "role_unknown",
            true},
        Row{"folder", [](Policy& p) { Command(p).cwd = "/srv"; }, "wrong_cwd", false}),
    [](const auto& row) {
      std::string name = row.param.name;
      std::ranges::replace(name, ' ', '_');
      return name;
    });

TEST(Replay, AsksForWhateverARoleWants) {
  const std::vector<void (*)(Policy&)> wishes = {
      [](Policy& p) { p.roles[0].start = {core::StartRule::kScheduled}; },
      [](Policy& p) { p.roles[0].start = {core::StartRule::kFirstUse}; },
      [](Policy& p) { p.roles[0].uses = 3; },
      [](Policy& p) { p.roles[0].approve = {{2, {"ops"}, core::KeyUse::kVerify}}; },
      [](Policy& p) { p.roles[0].max_pending = core::Seconds{60}; },
      [](Policy& p) { p.limits.hosts = {{{{"web-1"}, {}, {}, {}}, core::Seconds{5}}}; },
      [](Policy& p) { p.roles[0].intercept = true; },
      [](Policy& p) { Command(p).sha256 = core::kToolDigest; },
  };
  for (size_t i = 0; i < wishes.size(); ++i) {
    Policy policy = MakePolicy();
    wishes[i](policy);
    EXPECT_TRUE(Play(kRestart, policy, policy).rows.at(0).after.allowed) << i;
  }
}

TEST(Replay, CountsStandingRulesAndRolesEachByItself) {
  Policy policy = MakePolicy();
  core::Standing standing;
  standing.name = "machines";
  static_cast<core::Powers&>(standing) = policy.roles[0];
  standing.accounts = {"alice", "backup"};
  standing.personal = true;
  policy.standing = {standing};
  const Replay replay = Play(kRestart + Export(With(MakeFields(2), {{"DAYPASS_USER", "backup"}})),
                             MakePolicy(), policy);
  ASSERT_EQ(replay.rows.size(), 2U);
  EXPECT_EQ(replay.rows[1].query.user, "backup");
  EXPECT_FALSE(replay.rows[1].before.allowed);
  EXPECT_EQ(replay.rows[1].after.role, "machines");
  ASSERT_EQ(replay.rules.size(), 2U);
  EXPECT_EQ(replay.rules[0].count, 1U);  // the role is alice's alone
  EXPECT_EQ(replay.rules[1].count, 2U);
}

TEST(Replay, FindsRulesThatNothingUses) {
  Policy policy = MakePolicy();
  policy.roles[0].rules.push_back(core::MakeRule("idle", "/usr/bin/true", {}));
  const Replay replay = Play(kRestart, policy, policy);
  ASSERT_EQ(replay.rules.size(), 2U);
  EXPECT_EQ(replay.rules[1].rule, "idle");
  EXPECT_EQ(replay.rules[1].count, 0U);
}

TEST(Replay, TakesLabelsAndSaysWhichHostsHaveNone) {
  Policy policy = MakePolicy();
  policy.roles[0].hosts = {{}, {{"tier", "web"}}, {}, {}};
  const Replay unknown = Play(kRestart, MakePolicy(), policy);
  EXPECT_FALSE(unknown.rows.at(0).after.allowed);
  EXPECT_THAT(unknown.assumptions, Contains(HasSubstr("no labels")));
  const Replay known = Play(kRestart, MakePolicy(), policy, {{"web-1", {{"tier", "web"}}}});
  EXPECT_TRUE(known.rows.at(0).after.allowed);
  EXPECT_THAT(known.assumptions, ::testing::Not(Contains(HasSubstr("no labels"))));
}

TEST(Replay, SaysWhatItAssumes) {
  Policy policy = MakePolicy();
  Command(policy).sha256 = core::kToolDigest;
  policy.roles[0].windows = {{{}, std::chrono::minutes{0}, std::chrono::minutes{1}, "Nowhere"}};
  const Replay replay = Play(kRestart, MakePolicy(), policy);
  EXPECT_TRUE(replay.rows.at(0).after.allowed);
  EXPECT_THAT(replay.assumptions, Contains(HasSubstr("content")));
  EXPECT_THAT(replay.assumptions, Contains(HasSubstr("hours")));
  EXPECT_EQ(Play(kRestart, MakePolicy(), MakePolicy()).assumptions.size(), 3U);
}

TEST(Replay, JudgesWhatEndsByTheMomentOfEachPolicyAndSaysSo) {
  const auto says = Contains(HasSubstr("when each policy was created"));
  Policy policy = MakePolicy();
  policy.people[0].groups.clear();
  policy.people[0].memberships = {{"web", policy.created + core::Millis{1}}};
  const Replay later = Play(kRestart, MakePolicy(), policy);
  EXPECT_TRUE(later.rows.at(0).after.allowed) << "recorded after it ended, for all that is known";
  EXPECT_THAT(later.assumptions, says);
  policy.people[0].memberships = {{"web", policy.created}};
  EXPECT_FALSE(Play(kRestart, MakePolicy(), policy).rows.at(0).after.allowed);
  Policy role = MakePolicy();
  role.roles[0].valid_until = role.created + core::Millis{1};
  EXPECT_THAT(Play(kRestart, role, MakePolicy()).assumptions, says);
}

TEST(Replay, KeepsApartWhatDecidesAndJoinsWhatDoesNot) {
  const std::string elsewhere = Export(With(MakeFields(2), {{"DAYPASS_CWD", "/tmp"}}));
  EXPECT_EQ(Play(kRestart + elsewhere, MakePolicy(), MakePolicy()).rows.size(), 1U);
  Policy policy = MakePolicy();
  Command(policy).cwd = "/tmp";
  EXPECT_EQ(Play(kRestart + elsewhere, policy, policy).rows.size(), 2U);
  const std::string other = Export(MakeFields(3, {"systemctl", "restart nginx"}));
  EXPECT_EQ(Play(kRestart + other, policy, policy).rows.size(), 2U);
}

}  // namespace
}  // namespace daypass::policy
