// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// From what ran to a policy that lets it run again, and nothing else without saying so.
#include <gmock/gmock.h>

#include <algorithm>
#include <random>

#include "policy_journal_fixture.h"
#include "policy_suggest_fixture.h"

namespace daypass::policy {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::string kSystemctl = "/usr/bin/systemctl";

Use As(Use use, const std::string& account, const std::string& host = "web-1") {
  use.account = account;
  use.host = host;
  return use;
}

TEST(Suggest, AllowsWhatRanAndNothingElse) {
  const Suggested suggested = SuggestFrom({MakeUse(kSystemctl, {"restart", "nginx"})});
  const ReplayAnswer answer = Ask(suggested, MakeUse(kSystemctl, {"restart", "nginx"}));
  EXPECT_TRUE(answer.allowed);
  EXPECT_EQ(answer.role, "alice");
  EXPECT_EQ(answer.rule, "systemctl-restart");
  const std::string comments = suggested.CommentsOf("alice", "systemctl-restart");
  EXPECT_THAT(comments, HasSubstr("# alice once; on web-1\n"));
  EXPECT_THAT(comments, HasSubstr("systemctl restart nginx, last then"));
  EXPECT_THAT(comments, Not(HasSubstr("WIDER")));
  Use other = MakeUse(kSystemctl, {"restart", "sshd"});
  EXPECT_FALSE(Ask(suggested, other).allowed);
  for (const Use& use :
       {MakeUse(kSystemctl, {"restart"}), MakeUse(kSystemctl, {"restart", "nginx", "x"}),
        MakeUse("/usr/bin/true", {"restart", "nginx"}),
        As(MakeUse(kSystemctl, {"restart", "nginx"}), "bob"),
        As(MakeUse(kSystemctl, {"restart", "nginx"}), "alice", "web-2")}) {
    EXPECT_FALSE(Ask(suggested, use).allowed) << use.account << use.host;
  }
  Use as_another = MakeUse(kSystemctl, {"restart", "nginx"});
  as_another.runas = "postgres";
  EXPECT_FALSE(Ask(suggested, as_another).allowed);
}

TEST(Suggest, SaysOfEachWiderMatcherThatItIsWider) {
  std::vector<Use> uses;
  for (int i = 1; i <= 9; ++i) {
    uses.push_back(MakeUse("/usr/bin/kill", {std::to_string(i * 10)}));
    uses.push_back(MakeUse("/usr/bin/cat", {"/var/log/app/" + std::to_string(i)}));
  }
  const Suggested suggested = SuggestFrom(uses);
  for (const Use& use : uses) EXPECT_TRUE(Ask(suggested, use).allowed);
  EXPECT_TRUE(Ask(suggested, MakeUse("/usr/bin/kill", {"15"})).allowed);
  EXPECT_FALSE(Ask(suggested, MakeUse("/usr/bin/kill", {"91"})).allowed);
  EXPECT_THAT(suggested.CommentsOf("alice", "kill"), HasSubstr("WIDER"));
  EXPECT_TRUE(Ask(suggested, MakeUse("/usr/bin/cat", {"/var/log/app/x"})).allowed);
  EXPECT_FALSE(Ask(suggested, MakeUse("/usr/bin/cat", {"/var/log/auth.log"})).allowed);
  EXPECT_THAT(suggested.CommentsOf("alice", "cat"), HasSubstr("WIDER"));
}

TEST(Suggest, SaysThatAccountsHostsAndArgumentsWereNotSeenInEachCombination) {
  const Suggested suggested =
      SuggestFrom({As(MakeUse(kSystemctl, {"restart", "nginx"}), "alice", "web-1"),
                   As(MakeUse(kSystemctl, {"restart", "mysql"}), "alice", "db-1"),
                   As(MakeUse("/usr/bin/id", {}), "alice", "web-1")});
  EXPECT_TRUE(Ask(suggested, MakeUse(kSystemctl, {"restart", "mysql"})).allowed);
  EXPECT_THAT(suggested.CommentsOf("alice", "systemctl-restart"), HasSubstr("WIDER"));
  EXPECT_THAT(suggested.CommentsOf("alice", "id"), HasSubstr("on 1 of the role's 2 hosts"));
}

TEST(Suggest, JoinsAccountsOnlyWhereTheirRulesAreTheSame) {
  const Suggested suggested = SuggestFrom({MakeUse(kSystemctl, {"restart", "nginx"}),
                                           As(MakeUse(kSystemctl, {"restart", "nginx"}), "bob"),
                                           As(MakeUse(kSystemctl, {"stop", "nginx"}), "bob")});
  EXPECT_EQ(suggested.policy.roles.size(), 2U);
  EXPECT_EQ(Ask(suggested, MakeUse(kSystemctl, {"restart", "nginx"})).role, "alice-bob");
  EXPECT_FALSE(Ask(suggested, MakeUse(kSystemctl, {"stop", "nginx"})).allowed);
}

TEST(Suggest, MakesStandingRulesOfMachinesOnly) {
  Use dump = As(MakeUse("/usr/bin/pg_dump", {}), "backup");
  dump.has_terminal = false;
  dump.uid = 34;
  EXPECT_EQ(SuggestFrom({dump}).policy.standing.size(), 1U);
  // A person by the uid, one at a terminal once, and one of whom neither is known.
  Use person = dump, seen = dump, unknown = dump;
  person.uid = 1000;
  seen.has_terminal = true;
  unknown.uid.reset();
  for (const std::vector<Use>& uses :
       {std::vector{person}, std::vector{dump, seen}, std::vector{unknown, unknown, unknown}}) {
    const Suggested suggested = SuggestFrom(uses);
    EXPECT_THAT(suggested.policy.standing, IsEmpty());
    EXPECT_EQ(suggested.policy.roles.size(), 1U);
  }
  const Suggested named = SuggestFrom({unknown}, {"backup"});
  EXPECT_EQ(named.policy.standing.size(), 1U);
  EXPECT_TRUE(Ask(named, unknown).allowed);
}

TEST(Suggest, MarksWhatEqualsRoot) {
  const Suggested suggested = SuggestFrom({MakeUse("/usr/bin/bash", {})});
  EXPECT_TRUE(
      std::get<core::CommandRule>(suggested.policy.roles.at(0).rules.at(0).kind).equals_root);
  EXPECT_THAT(TextOf(suggested), HasSubstr("# EQUALS ROOT: "));
}

TEST(Suggest, LeavesToPeopleWhatNoRuleCanSay) {
  Use shell = MakeUse("/usr/bin/bash", {});
  shell.trouble = "a shell of sudo's";
  Use odd_target = MakeUse("/usr/bin/id", {});
  odd_target.runas = "#1234";
  const std::vector<Use> odd = {shell,
                                odd_target,
                                MakeUse("/usr/bin/../bin/id", {}),
                                MakeUse("id", {}),
                                MakeUse("", {}),
                                MakeUse("/usr/bin/echo", {"a\nb"}),
                                MakeUse("/usr/bin/echo", {"\x1b[2J"}),
                                MakeUse("/usr/bin/echo", {"\xff"}),
                                MakeUse("/usr/bin/echo", {"\u202e"}),
                                MakeUse("/usr/bin/echo", {std::string(5000, 'x')}),
                                MakeUse("/usr/bin/echo", std::vector<std::string>(101, "x"))};
  for (const Use& use : odd) {
    const Suggested suggested = SuggestFrom({use, MakeUse("/usr/bin/echo", {"ok"})});
    EXPECT_EQ(suggested.sketches.by_hand.size(), 1U) << use.command;
    EXPECT_EQ(suggested.files.back().name, "by-hand.txt");
    EXPECT_TRUE(Ask(suggested, MakeUse("/usr/bin/echo", {"ok"})).allowed);
    EXPECT_EQ(suggested.policy.roles.at(0).rules.size(), 1U);
  }
}

TEST(Suggest, KeepsToTheLimitsOfPoliciesAndOfReaders) {
  std::vector<Use> uses;
  for (int i = 0; i < 30; ++i) uses.push_back(MakeUse("/usr/bin/x", {"--o=" + std::to_string(i)}));
  for (int i = 0; i < 65; ++i) uses.push_back(MakeUse("/usr/bin/y", {"v" + std::to_string(i)}));
  EXPECT_EQ(SuggestFrom(uses).sketches.by_hand.size(), 31U);
  uses.clear();
  for (int i = 0; i < 300; ++i) uses.push_back(MakeUse("/opt/c" + std::to_string(i), {}));
  for (int i = 0; i < 1100; ++i) {
    uses.push_back(As(MakeUse("/usr/bin/wide", {}), "w", "h" + std::to_string(i)));
    uses.push_back(As(MakeUse("/usr/bin/many", {}), "u" + std::to_string(i)));
  }
  const Suggested suggested = SuggestFrom(uses);
  EXPECT_EQ(suggested.policy.roles.size(), 1U);
  EXPECT_EQ(suggested.policy.roles.at(0).rules.size(), 100U);
  EXPECT_EQ(suggested.sketches.by_hand.size(), 202U);
}

TEST(Suggest, KeepsTooManyRolesOutAndFailsWhereAFileIsTooLarge) {
  std::vector<Use> uses;
  for (int i = 0; i < 950; ++i) {
    const std::string number = std::to_string(i);
    uses.push_back(As(MakeUse("/usr/bin/a" + number, {}), "u" + number));
  }
  EXPECT_EQ(SuggestFrom(uses).policy.roles.size(), 900U);
  UnusedCounts unused;
  uses.clear();
  std::set<std::string> machines;
  for (int i = 0; i < 800; ++i) {
    const std::string number = std::to_string(i);
    machines.insert("m" + number);
    uses.push_back(As(MakeUse("/usr/bin/a" + number, {std::string(4000, 'x')}), "m" + number));
  }
  Sketches sketches = SketchRules(uses, machines, unused);
  const auto files = WriteSuggestion(sketches, kSuggestedRealm);
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().code, core::Reason::kTooLarge);
}

TEST(Suggest, GivesNoUnixGroupOrAccountTheNameOfAnother) {
  Sketches sketches;
  for (const char* group : {"approvers", "Web", "web", "web+"}) {
    Sketch sketch;
    sketch.groups = {group};
    sketch.accounts = {"A", "a", "first-approver", "the-administrator"};
    sketch.hosts = {"web-1"};
    sketch.runas = "root";
    sketch.rule.kind = core::CommandRule{.path = "/usr/bin/id"};
    sketches.rules.push_back(sketch);
  }
  const Suggested suggested = Suggest(std::move(sketches));
  ASSERT_EQ(suggested.policy.roles.size(), 4U);
  std::set<std::string> subjects;
  for (const core::Role& role : suggested.policy.roles) {
    ASSERT_EQ(role.subjects.groups.size(), 1U);
    subjects.insert(role.subjects.groups.front());
    EXPECT_EQ(role.subjects.people.size(), 4U);
    for (const std::string& name : role.subjects.people) {
      const core::Person* person = core::FindPerson(suggested.policy, name);
      for (const core::PersonKey& key : person->keys) EXPECT_FALSE(key.approve || key.administer);
    }
  }
  EXPECT_EQ(subjects.size(), 4U);
  EXPECT_FALSE(subjects.contains("approvers"));
}

TEST(Suggest, GivesTheSameBytesForTheSameUses) {
  std::vector<Use> uses = {MakeUse(kSystemctl, {"restart", "nginx"}),
                           As(MakeUse(kSystemctl, {"restart", "nginx"}), "bob"),
                           MakeUse("/usr/bin/echo", {"\n"})};
  EXPECT_EQ(TextOf(SuggestFrom(uses)), TextOf(SuggestFrom(uses)));
  std::ranges::reverse(uses);
  EXPECT_EQ(TextOf(SuggestFrom(uses)), TextOf(SuggestFrom(uses)));
}

// A person may have typed anything: no text of his becomes a line of TOML.
TEST(Suggest, LetsNoTextOutOfItsComment) {
  const std::string evil = "x\"\n[[role]]\nname = \"evil";
  const Suggested suggested = SuggestFrom(
      {MakeUse("/usr/bin/echo", {evil}), MakeUse("/usr/bin/echo", {"\"", "\\", "# x", "'''"})});
  EXPECT_EQ(suggested.policy.roles.size(), 1U);
  EXPECT_TRUE(Ask(suggested, MakeUse("/usr/bin/echo", {"\"", "\\", "# x", "'''"})).allowed);
  Sketches sketches;
  Sketch sketch;
  sketch.accounts = {"alice"};
  sketch.hosts = {"web-1"};
  sketch.runas = "root";
  sketch.rule.kind = core::CommandRule{.path = "/usr/bin/id"};
  sketch.evidence = {evil, "\xff\x1b[2J\u2028", std::string("\r\0", 2)};
  sketches.rules = {sketch};
  sketches.by_hand = {evil};
  EXPECT_EQ(Suggest(sketches).policy.roles.size(), 1U);
}

TEST(Suggest, TakesFromRecordsWhatRanThroughSudo) {
  const std::string journal =
      Export(MakeFields(1)) +
      // A permissive host lets run what it would refuse.
      Export(With(MakeFields(2, {"id"}), {{"DAYPASS_EVENT", "decision.denied"},
                                          {"DAYPASS_VERDICT", "deny"},
                                          {"DAYPASS_REASON", "no_grant"}})) +
      Export(With(MakeFields(3, {"reboot"}), {{"DAYPASS_EVENT", "decision.denied"},
                                              {"DAYPASS_VERDICT", "deny"},
                                              {"DAYPASS_EFFECT", "deny"},
                                              {"DAYPASS_REASON", "no_grant"}})) +
      Export(With(MakeFields(4, {"x"}), {{"DAYPASS_DOOR", "ssh"}, {"DAYPASS_COMMAND", ""}})) +
      Export(With(MakeFields(5, {"bash"}), {{"DAYPASS_EVENT", "decision.denied"},
                                            {"DAYPASS_VERDICT", "deny"},
                                            {"DAYPASS_REASON", "option_refused"},
                                            {"DAYPASS_DETAIL", "-s"}})) +
      Export(With(MakeFields(6, {"id"}), {{"DAYPASS_EVENT", "decision.denied"},
                                          {"DAYPASS_VERDICT", "deny"},
                                          {"DAYPASS_REASON", "environment"},
                                          {"DAYPASS_DETAIL", "LD_PRELOAD"}})) +
      Export(With(MakeFields(7, {"vim", "--", "/etc/motd"}), {})) +
      Export(With(MakeFields(8, {"tool"}), {{"DAYPASS_EVENT", "decision.denied"},
                                            {"DAYPASS_VERDICT", "deny"},
                                            {"DAYPASS_REASON", "path_unsafe"},
                                            {"DAYPASS_DETAIL", "/usr/bin/tool"}}));
  Read read = ReadAll(journal);
  const std::vector<Use> uses = UsesOf(read.recorded, read.unused);
  ASSERT_EQ(uses.size(), 6U);
  EXPECT_EQ(uses[0].when, "2027-01-15T08:00:00Z");
  EXPECT_EQ(uses[0].host, "web-1");
  EXPECT_TRUE(uses[0].has_terminal);
  EXPECT_EQ(uses[1].command, "/usr/bin/id");
  EXPECT_EQ(uses[1].trouble, "");
  EXPECT_NE(uses[2].trouble, "");
  EXPECT_EQ(uses[3].trouble, "it sets LD_PRELOAD");
  EXPECT_EQ(uses[4].files, std::vector<std::string>{"/etc/motd"});
  EXPECT_THAT(uses[5].trouble, HasSubstr("/usr/bin/tool can be changed"));
  EXPECT_EQ(read.unused[Unused::kNotRun], 1U);
  EXPECT_EQ(read.unused[Unused::kOther], 1U);
}

/// Journals at random, from words that are few enough to meet again.
class Journals {
 public:
  explicit Journals(unsigned seed) : random_(seed) {}

  std::string Draw(size_t entries) {
    std::string text;
    for (size_t i = 0; i < entries; ++i) {
      Fields fields = MakeFields(static_cast<int>(i), DrawCommand());
      const std::string account = Pick({"alice", "bob", "backup"});
      text +=
          Export(With(std::move(fields), {{"DAYPASS_USER", account},
                                          {"DAYPASS_UID", account == "backup" ? "34" : "1001"},
                                          {"DAYPASS_TTY", account == "backup" ? "" : "pts/1"},
                                          {"DAYPASS_HOST", Pick({"web-1", "web-2", "db-1"})},
                                          {"DAYPASS_RUNAS", Pick({"root", "root", "postgres"})}}));
    }
    return text;
  }

 private:
  std::string Pick(const std::vector<std::string>& words) {
    return words[std::uniform_int_distribution<size_t>(0, words.size() - 1)(random_)];
  }

  std::vector<std::string> DrawCommand() {
    std::vector<std::string> argv = {
        Pick({"systemctl", "kill", "cat", "echo", "bash", "vim", "tail"})};
    const size_t length = std::uniform_int_distribution<size_t>(0, 3)(random_);
    while (argv.size() <= length) {
      argv.push_back(Pick({"restart",
                           "stop",
                           "nginx",
                           "-n",
                           "--",
                           "-f",
                           "--since=x",
                           "1",
                           "77",
                           std::to_string(random_() % 1000),
                           "007",
                           "",
                           "/etc/motd",
                           "/var/log/app/" + std::to_string(random_() % 30),
                           "/var/log/../x",
                           "a b",
                           "\"",
                           "\\",
                           "'",
                           "\n",
                           "\xff",
                           "\u202e",
                           "#x",
                           "*"}));
    }
    return argv;
  }

  std::mt19937 random_;
};

TEST(Suggest, CoversTheJournalThatItWasMadeOfAndSaysWhereItIsWider) {
  size_t covered = 0, by_hand = 0, wider = 0, refused = 0;
  for (unsigned seed = 0; seed < 40; ++seed) {
    Journals journals(seed);
    Read read = ReadAll(journals.Draw(120));
    const std::vector<Use> uses = UsesOf(read.recorded, read.unused);
    const Suggested suggested = SuggestFrom(uses);
    const core::Policy& policy = suggested.policy;
    for (const ReplayRow& row : ReplayQueries(read.recorded, policy, policy, {}).rows) {
      ++(row.after.allowed ? covered : by_hand);
      if (row.after.allowed) continue;
      core::Query query = row.query;  // whose files lead elsewhere, as those by hand do
      for (size_t i = 0; i < query.files.size(); ++i) {
        query.files[i] = query.file_paths.at(i).canonical;
      }
      EXPECT_THAT(suggested.sketches.by_hand, Contains(HasSubstr(DescribeQuery(query))));
    }
    std::set<std::string> seen;
    const auto key = [](const std::string& host, const core::Query& query) {
      return host + "|" + query.user + "|" + query.runas_user + "|" + DescribeQuery(query);
    };
    for (const Recorded& one : read.recorded) seen.insert(key(one.host, one.query));
    const std::vector<Recorded> others = ReadAll(journals.Draw(120)).recorded;
    for (const ReplayRow& row : ReplayQueries(others, policy, policy, {}).rows) {
      if (seen.contains(key(row.host, row.query))) continue;
      ++(row.after.allowed ? wider : refused);
      if (!row.after.allowed) continue;
      EXPECT_THAT(suggested.CommentsOf(row.after.role, row.after.rule), HasSubstr("WIDER"))
          << seed << key(row.host, row.query);
    }
  }
  EXPECT_GT(covered, 1000U);
  EXPECT_GT(by_hand, 100U);
  EXPECT_GT(wider, 10U);
  EXPECT_GT(refused, 1000U);
}

}  // namespace
}  // namespace daypass::policy
