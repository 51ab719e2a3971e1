// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What a reviewer is told of a change: never less than what changed.
#include "policy/diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/hosts.h"
#include "core/match.h"
#include "core/pattern.h"
#include "core_fixture.h"
#include "draw.h"
#include "policy/cover.h"

namespace daypass::policy {
namespace {

using core::Role;
using core::World;
using std::chrono::hours;
using ::testing::ElementsAre;

[[maybe_unused]] const bool kConfigured = ConfigureProperties();

struct Row {
  const char* name;
  const char* what;
  Effect effect;
  void (*change)(core::Policy&, Role&);
};

Effect Reversed(Effect effect) {
  if (effect == Effect::kDifferent) return effect;
  return effect == Effect::kOpens ? Effect::kCloses : Effect::kOpens;
}

class Diff : public ::testing::TestWithParam<Row> {};

TEST_P(Diff, TellsOneChangeAndItsReverse) {
  const Row& row = GetParam();
  const core::Policy before = core::MakePolicy();
  core::Policy after = before;
  row.change(after, after.roles.front());
  if (*row.what != 0) after.roles.front().digest = core::Digest(64, 'b');
  const auto find = [&](const Difference& difference, Effect effect) {
    return std::ranges::any_of(difference.changes, [&](const Change& change) {
      return change.what == row.what && change.effect == effect;
    });
  };
  EXPECT_TRUE(find(Compare(before, after), row.effect));
  EXPECT_TRUE(find(Compare(after, before), Reversed(row.effect)));
  for (const Change& change : Compare(before, after).changes) {
    EXPECT_NE(change.before, change.after) << change.what;
  }
}

INSTANTIATE_TEST_SUITE_P(
    OfARole, Diff,
    ::testing::Values(
        Row{"host", "hosts", Effect::kOpens,
            [](core::Policy&, Role& role) { role.hosts.names.emplace_back("web-3"); }},
        Row{"other_host", "hosts", Effect::kDifferent,
            [](core::Policy&, Role& role) { role.hosts.names = {"web-3"}; }},
        Row{"by_label", "hosts", Effect::kDifferent,
            [](core::Policy&, Role& role) { role.hosts = {{}, {{"env", "prod"}}, {}, {}}; }},
        Row{"door", "doors", Effect::kOpens,
            [](core::Policy&, Role& role) { role.doors.push_back(core::Door::kSsh); }},
        Row{"run_as", "runs as", Effect::kOpens,
            [](core::Policy&, Role& role) { role.run_as.users.emplace_back("postgres"); }},
        Row{"group", "runs as group", Effect::kOpens,
            [](core::Policy&, Role& role) { role.run_as.groups.emplace_back("adm"); }},
        Row{"full", "every command", Effect::kOpens,
            [](core::Policy&, Role& role) { role.full = true; }},
        Row{"variable", "variables", Effect::kOpens,
            [](core::Policy&, Role& role) { role.env.emplace_back("DEBIAN_FRONTEND"); }},
        Row{"longer", "at most", Effect::kOpens,
            [](core::Policy&, Role& role) { role.max_duration += hours{1}; }},
        Row{"longer_offline", "without the server", Effect::kOpens,
            [](core::Policy&, Role& role) { role.max_offline += hours{1}; }},
        Row{"counted", "uses", Effect::kCloses, [](core::Policy&, Role& role) { role.uses = 9; }},
        Row{"start", "starts", Effect::kCloses,
            [](core::Policy&, Role& role) { role.start.pop_back(); }},
        Row{"at_the_end", "at the end", Effect::kOpens,
            [](core::Policy&, Role& role) { role.on_end = core::OnEnd::kNotify; }},
        Row{"blind", "doors that hide the command", Effect::kOpens,
            [](core::Policy&, Role& role) { role.command_blind_doors = {core::Door::kSu}; }},
        Row{"unwatched", "unwatched", Effect::kOpens,
            [](core::Policy&, Role& role) { role.unwatched = true; }},
        Row{"ends", "role ends", Effect::kCloses,
            [](core::Policy&, Role& role) { role.valid_until = core::kNoon; }},
        Row{"command", "run", Effect::kOpens,
            [](core::Policy&, Role& role) {
              role.rules.push_back(core::MakeRule("id", "/usr/bin/id", {}));
            }},
        Row{"nothing_that_is_known", "the rest of it", Effect::kDifferent,
            [](core::Policy&, Role&) {}},
        Row{"described", "description", Effect::kDifferent,
            [](core::Policy&, Role& role) { role.description = "x"; }},
        Row{"role", "role", Effect::kOpens,
            [](core::Policy& policy, Role& role) {
              policy.roles.push_back(role);
              policy.roles.back().name = "another";
            }}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    OfApprovers, Diff,
    ::testing::Values(
        Row{"more", "approved by", Effect::kCloses,
            [](core::Policy&, Role& role) { role.approve[0].count = 2; }},
        Row{"touched", "approved by", Effect::kCloses,
            [](core::Policy&, Role& role) { role.approve[0].keys = core::KeyUse::kTouch; }},
        Row{"another_group", "approved by", Effect::kOpens,
            [](core::Policy&, Role& role) { role.approve[0].groups.emplace_back("web"); }},
        Row{"another_line", "approved by", Effect::kCloses,
            [](core::Policy&, Role& role) { role.approve.push_back(role.approve[0]); }},
        Row{"fewer_of_another_group", "approved by", Effect::kDifferent,
            [](core::Policy&, Role& role) { role.approve[0].groups = {"web"}; }},
        Row{"who", "may approve", Effect::kOpens,
            [](core::Policy& policy, Role&) { policy.people[0].groups.emplace_back("ops"); }}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    OfThePolicy, Diff,
    ::testing::Values(
        Row{"threshold", "threshold", Effect::kCloses,
            [](core::Policy& policy, Role&) { policy.administrators.threshold = 3; }},
        Row{"administrator", "administers", Effect::kOpens,
            [](core::Policy& policy, Role&) { policy.administrators.people = {"eve"}; }},
        Row{"status_key", "status key", Effect::kOpens,
            [](core::Policy& policy, Role&) {
              policy.status_keys.push_back(core::MakeKey("SHA256:x"));
            }},
        Row{"automatic_key", "automatic key", Effect::kOpens,
            [](core::Policy& policy, Role&) {
              policy.automatic_keys.push_back(core::MakeKey("SHA256:x"));
            }},
        Row{"server_is_root", "server is root", Effect::kOpens,
            [](core::Policy& policy, Role&) { policy.server_is_root = true; }},
        Row{"limit", "waiting", Effect::kOpens,
            [](core::Policy& policy, Role&) { policy.limits.max_pending += hours{1}; }},
        Row{"realm", "realm", Effect::kDifferent,
            [](core::Policy& policy, Role&) { policy.realm.back() = '0'; }},
        Row{"account", "account", Effect::kOpens,
            [](core::Policy& policy, Role&) { policy.people[0].accounts.emplace_back("deploy"); }},
        Row{"key_for_more", "key", Effect::kOpens,
            [](core::Policy& policy, Role&) { policy.people[0].keys[0].administer = true; }},
        Row{"membership", "membership", Effect::kCloses,
            [](core::Policy& policy, Role&) { policy.people[0].valid_until = core::kNoon; }}),
    [](const auto& row) { return row.param.name; });

TEST(Diff, OfTheSamePolicyIsEmpty) {
  const Difference difference = Compare(core::MakePolicy(), core::MakePolicy());
  EXPECT_TRUE(difference.changes.empty());
  EXPECT_TRUE(difference.ended_roles.empty());
}

TEST(Diff, TellsWhomAndWhichGrantsEnd) {
  core::Policy after = core::MakePolicy();
  after.people[3].groups = {"web"};
  after.roles[0].digest = core::Digest(64, 'b');
  after.roles[0].max_duration = hours{2};
  const Difference difference = Compare(core::MakePolicy(), after);
  const auto asks = std::ranges::find(difference.changes, "may ask", &Change::what);
  ASSERT_NE(asks, difference.changes.end());
  EXPECT_EQ(asks->person, "eve");
  EXPECT_EQ(asks->role, "web-operator");
  EXPECT_THAT(difference.ended_roles, ElementsAre("web-operator"));
}

TEST(Diff, DoesNotTellOfARuleThatAnotherOneCovers) {
  core::Policy after = core::MakePolicy();
  after.roles[0].digest = core::Digest(64, 'b');
  after.roles[0].rules = {
      core::MakeRule("wider", "/usr/bin/systemctl",
                     {core::MatchOneOf{{"restart", "reload"}}, core::MatchIs{"nginx"}})};
  const Difference difference = Compare(core::MakePolicy(), after);
  ASSERT_EQ(difference.changes.size(), 1U);
  EXPECT_EQ(difference.changes[0].effect, Effect::kOpens);
  EXPECT_EQ(difference.changes[0].after, "/usr/bin/systemctl <one of: restart, reload> nginx");
}

// ---- a "yes, it covers" is a proof ----

rc::Gen<std::string> Words() {
  return rc::gen::element<std::string>("a", "b", "7", "-7", "07", "", "/srv/x", "/srv/x/y", "ab");
}

core::Matcher RandomMatcher() {
  switch (*rc::gen::inRange(0, 5)) {
    case 0:
      return core::MatchIs{*Words()};
    case 1:
      return core::MatchOneOf{*rc::gen::container<std::vector<std::string>>(Words())};
    case 2:
      return core::MatchInt{*rc::gen::inRange<int64_t>(-9, 3), *rc::gen::inRange<int64_t>(0, 9)};
    case 3:
      return core::MatchUnder{*rc::gen::element<std::string>("/", "/srv", "/srv/x")};
    default:
      return core::MatchPattern{*rc::gen::element<std::string>("a", "a.*", ".*", "[0-9]")};
  }
}

core::Rule RandomRule() {
  core::Rule rule = core::MakeRule("r", "/usr/bin/systemctl", {});
  auto& command = std::get<core::CommandRule>(rule.kind);
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) command.args.push_back(RandomMatcher());
  command.rest_any = *rc::gen::inRange(0, 4) == 0;
  if (*rc::gen::inRange(0, 4) == 0) command.cwd = *rc::gen::element<std::string>("/a", "/b");
  return rule;
}

bool Allows(const core::Rule& rule, core::Query query) {
  Role role = core::MakeRole();
  role.rules = {rule};
  std::string id;
  return !core::MatchCommand(role, query, core::MakePatternMatcher(), id);
}

PROPERTY(Covers, IsTrueOnlyWhereNothingGetsThroughTheNarrowRuleAlone) {
  const core::Rule wide = RandomRule(), narrow = RandomRule();
  if (!Covers(wide, narrow)) return;
  core::Query query = core::MakeQuery();
  query.args = *rc::gen::container<std::vector<std::string>>(Words());
  for (const std::string& argument : query.args)
    query.arg_paths.push_back(core::SafePath(argument));
  query.cwd = *rc::gen::element<std::string>("/a", "/b", "/c");
  RC_TAG(Allows(narrow, query));
  if (Allows(narrow, query)) RC_ASSERT(Allows(wide, query));
}

PROPERTY(Covers, HoldsForHostsToo) {
  const auto labels = [] {
    std::map<std::string, std::string> map;
    for (const char* name : {"env", "tier"}) {
      const int value = *rc::gen::inRange(0, 3);
      if (value > 0) map[name] = value == 1 ? "a" : "b";
    }
    return map;
  };
  const auto pairs = [&] {
    const auto map = labels();
    return std::vector<std::pair<std::string, std::string>>(map.begin(), map.end());
  };
  const auto selector = [&] {
    if (*rc::gen::inRange(0, 4) == 0) return core::HostSelector{{"web-1"}, {}, {}, {}};
    return core::HostSelector{{}, labels(), pairs(), pairs()};
  };
  const core::HostSelector wide = selector(), narrow = selector();
  if (!Covers(wide, narrow)) return;
  const auto host = labels();
  if (core::Selects(narrow, "web-1", host)) RC_ASSERT(core::Selects(wide, "web-1", host));
}

INSTANTIATE_TEST_SUITE_P(
    OfItsConditions, Diff,
    ::testing::Values(Row{"hours", "open", Effect::kCloses,
                          [](core::Policy&, Role& role) { role.windows = {core::Hours{}}; }},
                      Row{"intercept", "only under intercept", Effect::kCloses,
                          [](core::Policy&, Role& role) { role.intercept = true; }},
                      Row{"waiting", "waiting", Effect::kCloses,
                          [](core::Policy&, Role& role) { role.max_pending = hours{1}; }},
                      Row{"grace", "running commands get", Effect::kOpens,
                          [](core::Policy&, Role& role) { role.grace = hours{1}; }},
                      Row{"automatic", "approved by the server alone", Effect::kOpens,
                          [](core::Policy&, Role& role) {
                            role.automatic =
                                core::AutomaticApproval{{true, {}, {}}, role.hosts, hours{1}, 1};
                          }},
                      Row{"server", "the server asks for", Effect::kCloses,
                          [](core::Policy&, Role& role) {
                            role.server = core::ServerConditions{};
                            role.server->ticket = "OPS-[0-9]+";
                          }},
                      Row{"may_run", "run", Effect::kOpens,
                          [](core::Policy&, Role& role) {
                            std::get<core::CommandRule>(role.rules[0].kind).may_run = {
                                "/usr/bin/less"};
                          }}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace daypass::policy
