// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What `daypass policy check` finds. Each lint has its control: the example tree without the
// change.
#include "policy/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "platform/file.h"
#include "policy_fixture.h"

namespace daypass::policy {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A third approver, whom host-admin's two do not lean on, and nothing to edit below /etc.
Tree CleanTree() {
  Tree tree = ExampleTree();
  tree.people.at(0).text += R"(
[[person]]
name = "dave"
accounts = ["dave"]
groups = ["approvers"]
[[person.key]]
key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPv5hINT7BigZnlszkniuZO+qIrNs4JIIVdFu3Oufifs"
uses = ["signin", "approve"]
)";
  Change(tree.roles.at(1), "/etc/nginx/nginx.conf", "/srv/www/index.html");
  return tree;
}

Findings Check(const Tree& tree, std::optional<std::string> host_root = std::nullopt) {
  return CheckTree(tree, {kNow, std::move(host_root)});
}

std::string Render(const Findings& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += finding.place.Text() + " " + std::string(SeverityName(finding.severity)) + " " +
            std::string(finding.lint) + ": " + finding.what + "\n";
  }
  return text;
}

TEST(Check, FindsNothingInACleanTree) {
  EXPECT_EQ(Render(Check(CleanTree())), "");
}

struct Case {
  SourceFile& (*file)(Tree&);
  const char* from;
  const char* to;
  const char* finds;  ///< "place severity lint: what", as Render writes it, up to where it matters
};

constexpr const char* kDave = "name = \"dave\"\naccounts = [\"dave\"]\ngroups = [\"approvers\"]";
const std::vector<Case> kCases = {
    // what a rule gives away
    {Web, "path = \"/usr/bin/journalctl\"", "path = \"/usr/bin/find\"\nrest = \"any\"",
     "web.toml:26:8 error build: rule \"log\": /usr/bin/find runs programs of its user's choice "
     "with -exec, -execdir, -ok (find(1), ACTIONS); whoever may run it is root."},
    {Web, "path = \"/usr/bin/journalctl\"", "path = \"/usr/bin/journalctl\"\nequals_root = true",
     "web.toml:24:1 hint equals-root-without-reason: /usr/bin/journalctl is said"},
    {Web, "path = \"/usr/bin/journalctl\"", "path = \"/usr/bin/cat\"\nrest = \"any\"",
     "web.toml:24:1 warning reads-secrets: /usr/bin/cat reads files that are secret"},
    {Web, "/srv/www/index.html", "/etc/sudoers.d/x",
     "web.toml:29:1 warning edit-equals-root: sudoedit of /etc/sudoers.d/x"},
    // approvals
    {Web, "count = 1\ngroups = [\"approvers\"]",
     "count = 1\ngroups = [\"approvers\"]\nkeys = \"touch\"",
     "web.toml:3:1 error nobody-approves: role \"web-operator\" cannot be approved: it wants 1"},
    {Admin, "count = 2", "count = 3",
     "admin.toml:4:1 warning no-spare-approver: role \"host-admin\" wants 3 approvals, and cannot "
     "do without bob, carol, dave"},
    {Admin, "count = 2\ngroups = [\"approvers\"]",
     "count = 1\ngroups = [\"operators\"]\nkeys = \"any\"\n[[role.approve]]\ncount = 1\ngroups = "
     "[\"operators\", \"approvers\"]",
     "admin.toml:4:1 warning no-spare-approver: role \"host-admin\" wants 2 approvals, and cannot "
     "do without bob"},
    // order
    {Web, "args = [\"--no-pager\",",
     "args = [\"--no-pager\", \"-u\", { re = \"n.*\" }, \"-n\", { int = [0, 99999] }]\n"
     "[[role.rules]]\nid = \"less\"\npath = \"/usr/bin/journalctl\"\nargs = [\"--no-pager\",",
     "web.toml:28:1 warning unreachable-rule: rule \"less\" is never reached: rule \"log\" allows"},
    {Web, "files = [\"/srv/www/index.html\"] }",
     "files = [\"/srv/www/index.html\", \"/srv/x\"] }\n[[role.rules]]\nid = \"one\"\nedit = { "
     "files "
     "= [\"/srv/x\"] }",
     "web.toml:32:1 warning unreachable-rule: rule \"one\" is never reached: rule "
     "\"configuration\""},
    {Admin, "[[role.approve]]",
     "[[role.rules]]\nid = \"id\"\npath = \"/usr/bin/id\"\n[[role.approve]]",
     "admin.toml:16:1 warning unreachable-rule: role \"host-admin\" is full"},
    // times: the policy is from 15 January 2027 on, for 30 days
    {People, "name = \"alice\"", "name = \"alice\"\nvalid_until = 2027-02-01T00:00:00Z",
     "people.toml:4:1 hint membership-ends: the membership of alice ends before"},
    {People, "name = \"dave\"", "name = \"dave\"\nvalid_until = 2027-01-01T00:00:00Z",
     "people.toml:28:1 warning membership-over: the membership of dave is over"},
    {Web, "max_duration = \"8h\"", "valid_until = 2027-01-01T00:00:00Z\nmax_duration = \"8h\"",
     "web.toml:3:1 warning role-over: role \"web-operator\" is over"},
    {Web, "max_duration = \"8h\"", "max_duration = \"9h\"",
     "web.toml:9:16 error build: role \"web-operator\": max_duration: 9h is too long; at most 8h"},
    // unused
    {People, kDave, "name = \"dave\"",
     "people.toml:28:1 hint unused-person: dave can ask for nothing"},
    {People, kDave, "name = \"dave\"\naccounts = [\"dave\"]\ngroups = [\"approvers\", \"old\"]",
     "people.toml:28:1 hint unused-group: no role names the group \"old\""},
    {Head, "people = [\"alice\", \"carol\"]", "people = [\"alice\", \"bob\"]",
     "policy.toml:9:1 error build: the tree makes a policy that no host would take: "},
};

TEST(Check, NamesEachFindingWithItsPlace) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(std::string(c.from) + " -> " + c.to);
    Tree tree = CleanTree();
    Change(c.file(tree), c.from, c.to);
    EXPECT_THAT(Render(Check(tree)), HasSubstr(c.finds));
  }
}

TEST(Check, NamesKeysWhoseUseIsNone) {
  Tree tree = CleanTree();
  Change(Head(tree), "people = [\"alice\", \"carol\"]", "people = [\"alice\"]");
  Change(Head(tree), "threshold = 2", "threshold = 1");
  EXPECT_EQ(Render(Check(tree)),
            "people.toml:24:1 hint unused-key: a key of carol is to administer, and they are no "
            "administrator\n");
}

TEST(Check, SaysSeveralThingsAtOnceInTheOrderOfTheSources) {
  Tree tree = CleanTree();
  Change(Web(tree), "path = \"/usr/bin/journalctl\"", "path = \"/usr/bin/less\"");
  Change(Web(tree), "on_end = \"terminate\"", "on_end = \"explode\"\nunknown = 1");
  Change(Head(tree), "max_pending = \"1d\"", "max_pending = \"1 day\"");
  Change(People(tree), "name = \"bob\"", "name = \"Bob\"");
  const Findings findings = Check(tree);
  EXPECT_THAT(Render(findings), HasSubstr("people.toml:13:8 error"));
  EXPECT_THAT(Render(findings), HasSubstr("policy.toml:19:15 error"));
  EXPECT_THAT(Render(findings), HasSubstr("web.toml:12:10 error"));
  EXPECT_THAT(Render(findings),
              HasSubstr("web.toml:13:1 error build: role \"web-operator\": \"unknown\""));
  EXPECT_THAT(Render(findings),
              HasSubstr("web.toml:27:8 error build: rule \"log\": /usr/bin/less"));
  EXPECT_EQ(findings.size(), 5u) << Render(findings) << "and nothing that only follows from these";
}

TEST(Check, NamesTheSyntaxOfEachFileAndNothingThatSeemsMissingBecauseOfIt) {
  Tree tree = CleanTree();
  People(tree).text += "\n[[person";
  Web(tree).text += "\nx = = 1";
  const Findings findings = Check(tree);
  ASSERT_EQ(findings.size(), 2u) << Render(findings);
  EXPECT_EQ(findings[0].place.file, "people.toml");
  EXPECT_EQ(findings[1].place.file, "web.toml");
  EXPECT_GT(findings[1].place.line, 30u);
}

TEST(Check, LintsAlsoWhatTheBuilderRefuses) {
  Tree tree = CleanTree();
  Change(Web(tree), "path = \"/usr/bin/journalctl\"", "path = \"/usr/bin/less\"");
  Change(Admin(tree), "count = 2", "count = 3");
  const std::string text = Render(Check(tree));
  EXPECT_THAT(text, HasSubstr("no-spare-approver"));
  EXPECT_THAT(text, HasSubstr("error build: rule \"log\": /usr/bin/less"));
}

TEST(Check, SaysWhyItMattersAndWhatToDo) {
  Tree tree = CleanTree();
  Change(Admin(tree), "count = 2", "count = 3");
  for (const Finding& finding : Check(tree)) {
    EXPECT_THAT(finding.why, ::testing::Not(IsEmpty()));
    EXPECT_THAT(finding.todo, ::testing::Not(IsEmpty()));
  }
}

/// A host of its own below a temporary folder, with the two commands of the example.
class OnHost : public ::testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "only root can make files that are root's";
    char folder[] = "/tmp/daypass-check-XXXXXX";
    ASSERT_NE(mkdtemp(folder), nullptr);
    ASSERT_EQ(chmod(folder, 0755), 0);
    root_ = folder;
    std::filesystem::create_directories(root_ + "/usr/bin");
    Put("/usr/bin/systemctl",
        "\x7f"
        "ELF");
    Put("/usr/bin/journalctl",
        "\x7f"
        "ELF");
  }
  void TearDown() override {
    if (!root_.empty()) std::filesystem::remove_all(root_);
  }

  void Put(const std::string& path, const std::string& text, mode_t mode = 0755) const {
    ASSERT_TRUE(platform::WriteFileDurably(root_ + path, text, {.mode = mode}));
  }
  std::string Finds() const { return Render(Check(CleanTree(), root_)); }

  std::string root_;
};

TEST_F(OnHost, FindsNothingWhereAllIsWell) {
  EXPECT_EQ(Finds(), "");
}

TEST_F(OnHost, FindsACommandThatIsNotThere) {
  std::filesystem::remove(root_ + "/usr/bin/journalctl");
  EXPECT_EQ(Finds(),
            "web.toml:24:1 warning missing-path: /usr/bin/journalctl is not on this host\n");
}

TEST_F(OnHost, FindsASymlinkAndSaysWhereItLeads) {
  Put("/usr/bin/real",
      "\x7f"
      "ELF");
  std::filesystem::remove(root_ + "/usr/bin/journalctl");
  std::filesystem::create_symlink("real", root_ + "/usr/bin/journalctl");
  EXPECT_EQ(Finds(), "web.toml:24:1 warning symlink: /usr/bin/journalctl leads to /usr/bin/real\n");
}

TEST_F(OnHost, FindsWhatOthersThanRootCanWrite) {
  ASSERT_EQ(chmod((root_ + "/usr/bin/journalctl").c_str(), 0775), 0);
  EXPECT_THAT(Finds(),
              HasSubstr("web.toml:24:1 warning unsafe-path: /usr/bin/journalctl is not safe on "
                        "this host: /usr/bin/journalctl can be written"));
  ASSERT_EQ(chmod((root_ + "/usr/bin/journalctl").c_str(), 0755), 0);
  EXPECT_EQ(Finds(), "");
  ASSERT_EQ(chown((root_ + "/usr/bin/journalctl").c_str(), 65534, 0), 0);
  EXPECT_THAT(Finds(), HasSubstr("/usr/bin/journalctl does not belong to root"));
  ASSERT_EQ(chown((root_ + "/usr/bin/journalctl").c_str(), 0, 0), 0);
  ASSERT_EQ(chmod((root_ + "/usr/bin").c_str(), 01777), 0);
  EXPECT_THAT(Finds(), HasSubstr("/usr/bin can be written by others"));
}

TEST_F(OnHost, FindsAFileToEditThatOthersCanChangeToo) {
  std::filesystem::create_directories(root_ + "/srv/www");
  Put("/srv/www/index.html", "x", 0644);
  EXPECT_EQ(Finds(), "");
  ASSERT_EQ(chmod((root_ + "/srv/www").c_str(), 0775), 0);
  EXPECT_THAT(Finds(),
              HasSubstr("web.toml:29:1 warning unsafe-path: /srv/www/index.html is not safe on "
                        "this host: /srv/www can be written"));
}

TEST_F(OnHost, FindsAScriptWhoseInterpreterIsNotSafe) {
  Put("/usr/bin/tcl",
      "\x7f"
      "ELF",
      0777);
  Put("/usr/bin/journalctl", "#! /usr/bin/tcl -x\nexit\n");
  EXPECT_THAT(
      Finds(),
      HasSubstr("web.toml:24:1 warning unsafe-interpreter: /usr/bin/journalctl is a script, and "
                "its interpreter is not safe here: /usr/bin/tcl can be written"));
  ASSERT_EQ(chmod((root_ + "/usr/bin/tcl").c_str(), 0755), 0);
  EXPECT_EQ(Finds(), "");
  Put("/usr/bin/journalctl", "#!/usr/bin/gone\n");
  EXPECT_THAT(Finds(), HasSubstr("/usr/bin/gone is not there"));
}

TEST_F(OnHost, HintsAtAScriptThatLooksForItsInterpreter) {
  Put("/usr/bin/env",
      "\x7f"
      "ELF");
  Put("/usr/bin/journalctl", "#!/usr/bin/env python3\n");
  EXPECT_THAT(Finds(), HasSubstr("hint script-through-env"));
}

}  // namespace
}  // namespace daypass::policy
