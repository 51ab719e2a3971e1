// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// sudoers files, read by the real cvtsudoers.
#include <gmock/gmock.h>

#include "platform/subprocess.h"
#include "policy_suggest_fixture.h"

namespace daypass::policy {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string ToJson(const std::string& sudoers) {
  const core::Result<platform::ProgramEnd> end =
      platform::RunProgram({.argv = {"cvtsudoers", "-e", "-f", "json", "-"}, .input = sudoers});
  EXPECT_TRUE(end) << end.error().what;
  if (!end) return "{}";
  EXPECT_EQ(end->exit_code, 0) << end->errors;
  return end->output;
}

Sketches Sketched(const std::string& sudoers, const std::set<std::string>& machines = {}) {
  Sketches sketches;
  const auto done =
      SketchSudoers(ToJson(sudoers), {{{"/bin", "/usr/bin"}}, {}, {}}, machines, sketches);
  EXPECT_TRUE(done) << done.error().what;
  return sketches;
}

Use By(const std::string& account, Use use) {
  use.account = account;
  return use;
}

TEST(Sudoers, PutsAliasesIntoRolesOfAccountsGroupsAndHosts) {
  const Suggested suggested =
      Suggest(Sketched("User_Alias OPS = alice, bob, %wheel\n"
                       "Host_Alias WEB = web-1, web-2\n"
                       "Runas_Alias DB = postgres, mysql\n"
                       "Cmnd_Alias NET = /usr/bin/ip link, /bin/true \"\"\n"
                       "OPS WEB = (DB) NOPASSWD: NET\n"));
  EXPECT_THAT(suggested.sketches.by_hand, IsEmpty());
  ASSERT_EQ(suggested.policy.roles.size(), 2U);
  const core::Role& role = suggested.policy.roles.at(0);
  EXPECT_THAT(role.subjects.people, ElementsAre("alice", "bob"));
  EXPECT_THAT(role.subjects.groups, ElementsAre("wheel"));
  EXPECT_THAT(role.hosts.names, ElementsAre("web-1", "web-2"));
  EXPECT_THAT(TextOf(suggested), HasSubstr("NOPASSWD: /usr/bin/ip link"));
  Use use = MakeUse("/usr/bin/ip", {"link"});
  use.runas = "postgres";
  EXPECT_TRUE(Ask(suggested, use).allowed);
  use.runas = "root";
  EXPECT_FALSE(Ask(suggested, use).allowed);
  Use none = MakeUse("/usr/bin/true", {});
  none.runas = "mysql";
  EXPECT_TRUE(Ask(suggested, none).allowed);
  none.args = {"x"};
  EXPECT_FALSE(Ask(suggested, none).allowed);
}

TEST(Sudoers, MakesNoHostOfAllHosts) {
  const Suggested suggested = Suggest(Sketched("alice ALL = /usr/bin/id \"\"\n"));
  EXPECT_THAT(suggested.policy.roles.at(0).hosts.names, ElementsAre("name-the-hosts"));
  EXPECT_FALSE(Ask(suggested, MakeUse("/usr/bin/id", {})).allowed);
}

TEST(Sudoers, SaysWhatAnyArgumentAndAnyCommandAre) {
  const Suggested suggested =
      Suggest(Sketched("alice web-1 = /usr/bin/id\nbob web-1 = (ALL : ALL) ALL\n"));
  EXPECT_TRUE(Ask(suggested, MakeUse("/usr/bin/id", {"a", "b"})).allowed);
  EXPECT_THAT(suggested.CommentsOf("alice", "id"), HasSubstr("WIDE: any arguments"));
  const core::Role* full = core::FindRole(suggested.policy, "bob-full");
  ASSERT_NE(full, nullptr);
  EXPECT_TRUE(full->full);
  EXPECT_THAT(full->run_as.users, ElementsAre("root"));
  EXPECT_THAT(TextOf(suggested), AllOf(HasSubstr("# EQUALS ROOT: any command"),
                                       HasSubstr("sudoers: as anybody; this rule: as root")));
}

struct Row {
  const char* name;
  const char* sudoers;
  const char* why;
};

class SudoersByHand : public ::testing::TestWithParam<Row> {};

TEST_P(SudoersByHand, IsForAPersonToDecide) {
  const Sketches sketches = Sketched(GetParam().sudoers);
  EXPECT_THAT(sketches.rules, IsEmpty());
  EXPECT_THAT(sketches.by_hand, Contains(HasSubstr(GetParam().why)));
  EXPECT_THAT(Suggest(sketches).policy.roles, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Lines, SudoersByHand,
    ::testing::Values(
        Row{"Wildcard", "a h = /usr/bin/ls *\n", "pattern"},
        Row{"WildcardInPath", "a h = /usr/bin/l*\n", "pattern"},
        Row{"QuestionMark", "a h = /usr/bin/ls ?x\n", "pattern"},
        Row{"Range", "a h = /usr/bin/ls [ab]\n", "pattern"},
        Row{"Expression", "a h = /usr/bin/ls ^a+$\n", "pattern"},
        Row{"Backslash", "a h = /usr/bin/ls a\\*\n", "pattern"},
        Row{"Folder", "a h = /usr/local/bin/\n", "folder"},
        Row{"Negation", "a h = !/usr/bin/su\n", "takes away"},
        Row{"AllBut", "a h = ALL, !/usr/bin/su\n", "takes away"},
        Row{"CommandBut", "a h = /usr/bin/systemctl, !/usr/bin/systemctl edit\n", "takes away"},
        Row{"Everybody", "ALL h = /usr/bin/id\n", "accounts and groups"},
        Row{"NotAnAccount", "a, !b h = /usr/bin/id\n", "accounts and groups"},
        Row{"Uid", "#1000 h = /usr/bin/id\n", "accounts and groups"},
        Row{"Gid", "%#1000 h = /usr/bin/id\n", "accounts and groups"},
        Row{"Netgroup", "+net h = /usr/bin/id\n", "accounts and groups"},
        Row{"ForeignGroup", "%:grp h = /usr/bin/id\n", "accounts and groups"},
        Row{"OddAccount", "\"a b\" h = /usr/bin/id\n", "accounts and groups"},
        Row{"HostNegated", "a ALL, !h = /usr/bin/id\n", "hosts"},
        Row{"HostNetgroup", "a +net = /usr/bin/id\n", "hosts"},
        Row{"HostPattern", "a web-* = /usr/bin/id\n", "hosts"},
        Row{"HostNetwork", "a 10.0.0.0/8 = /usr/bin/id\n", "hosts"},
        Row{"RunAsGroupAlone", "a h = (:adm) /usr/bin/id\n", "runs as themselves"},
        Row{"RunAsNobodyNamed", "a h = (%grp, #12) /usr/bin/id\n", "run as accounts"},
        Row{"RunAsNegated", "a h = (ALL, !root) /usr/bin/id\n", "run as accounts"},
        Row{"AnotherDefault", "Defaults runas_default=op\na h = /usr/bin/id\n", "runs as"},
        Row{"NoExec", "a h = NOEXEC: /usr/bin/id\n", "noexec"},
        Row{"Intercept", "a h = INTERCEPT: /usr/bin/id\n", "intercept"},
        Row{"Folder2", "a h = CWD=/srv /usr/bin/id\n", "runcwd"},
        Row{"Root", "a h = CHROOT=/srv /usr/bin/id\n", "runchroot"},
        Row{"Until", "a h = NOTAFTER=20270101000000Z /usr/bin/id\n", "notafter"},
        Row{"Timeout", "a h = TIMEOUT=3h /usr/bin/id\n", "command_timeout"},
        Row{"Digest",
            "a h = sha256:"
            "0000000000000000000000000000000000000000000000000000000000000000"
            " /usr/bin/id\n",
            "sha256"},
        Row{"EditPattern", "a h = sudoedit /etc/x/*\n", "pattern"},
        Row{"EditAnything", "a h = sudoedit\n", "path"},
        Row{"EditTogether", "a h = sudoedit /etc/a /etc/b\n", "at once"}),
    [](const auto& row) { return row.param.name; });

TEST(Sudoers, TakesTagsThatChangeNoPower) {
  const Suggested suggested = Suggest(
      Sketched("alice web-1 = (root) EXEC: NOINTERCEPT: SETENV: LOG_OUTPUT: /usr/bin/id \"\"\n"
               "alice web-1 = sudoedit /etc/motd\n"));
  EXPECT_THAT(suggested.sketches.by_hand, IsEmpty());
  EXPECT_TRUE(Ask(suggested, MakeUse("/usr/bin/id", {})).allowed);
  Use edit = MakeUse("", {});
  edit.files = {"/etc/motd"};
  EXPECT_TRUE(Ask(suggested, edit).allowed);
}

TEST(Sudoers, SaysWhereALaterLineRefuses) {
  const Suggested suggested =
      Suggest(Sketched("alice web-1 = ALL\nalice web-1 = /usr/bin/id, /usr/bin/su\n"
                       "alice web-1 = !/bin/su\n"));
  EXPECT_THAT(suggested.CommentsOf("alice", "su"), HasSubstr("WIDER: elsewhere, sudoers refuses"));
  EXPECT_THAT(suggested.CommentsOf("alice", "id"), Not(HasSubstr("WIDER")));
  size_t said = 0;
  for (const SourceFile& file : suggested.files) {
    if (file.name == "roles/alice-full.toml")
      said += file.text.find("WIDER: elsewhere") != file.text.npos;
  }
  EXPECT_EQ(said, 1U);
}

TEST(Sudoers, KeepsMachinesApart) {
  const Suggested suggested =
      Suggest(Sketched("alice, backup web-1 = /usr/bin/id \"\"\nbackup web-1 = ALL\n", {"backup"}));
  ASSERT_EQ(suggested.policy.standing.size(), 1U);
  EXPECT_THAT(suggested.policy.standing[0].accounts, ElementsAre("backup"));
  ASSERT_EQ(suggested.policy.roles.size(), 1U);
  EXPECT_THAT(suggested.policy.roles[0].subjects.people, ElementsAre("alice"));
  EXPECT_THAT(suggested.sketches.by_hand, ElementsAre(HasSubstr("exact commands")));
  EXPECT_TRUE(Ask(suggested, By("backup", MakeUse("/usr/bin/id", {}))).allowed);
}

TEST(Sudoers, NeedsNoRuleForRoot) {
  const Sketches sketches = Sketched("root ALL=(ALL:ALL) ALL\nroot, alice web-1 = /usr/bin/id\n");
  ASSERT_EQ(sketches.rules.size(), 1U);
  EXPECT_THAT(sketches.rules[0].accounts, ElementsAre("alice"));
  EXPECT_THAT(sketches.by_hand, IsEmpty());
}

TEST(Sudoers, LeavesWhatIsForNoHostToPeople) {
  const std::string head = R"({"User_Specs": [{"User_List": [{"username": "alice"}],)";
  const std::string tail = R"("Cmnd_Specs": [{"Commands": [{"command": "/usr/bin/id"}]}]}]})";
  Sketches sketches;
  ASSERT_TRUE(SketchSudoers(head + tail, {}, {}, sketches));
  EXPECT_THAT(sketches.rules, IsEmpty());
  EXPECT_THAT(sketches.by_hand, ElementsAre(HasSubstr("not for hosts by their names")));
  const std::string hosts = R"("Host_List": [{"hostname": "web-1"}],)";
  ASSERT_TRUE(SketchSudoers(head + hosts + tail, {}, {}, sketches));
  EXPECT_EQ(sketches.rules.size(), 1U) << "control";
}

TEST(Sudoers, RefusesWhatIsNotCvtsudoers) {
  Sketches sketches;
  for (const char* json :
       {"", "[]", "{", R"({"User_Specs": 1})", R"({"User_Specs": [1]})",
        R"({"User_Specs": [{"User_List": 1}]})",
        R"({"User_Specs": [{"Cmnd_Specs": [{"Commands": [{"command": 1}]}]}]})"}) {
    EXPECT_FALSE(SketchSudoers(json, {}, {}, sketches)) << json;
  }
  EXPECT_TRUE(SketchSudoers("{}", {}, {}, sketches));
  EXPECT_THAT(sketches.rules, IsEmpty());
}

}  // namespace
}  // namespace daypass::policy
