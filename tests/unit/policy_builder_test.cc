// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// From TOML trees to policies. The tree is docs/examples/policy, changed in one place at a time.
#include "policy/builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/skeleton.h"
#include "policy_fixture.h"
#include "wire/digest.h"

namespace daypass::policy {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string ErrorOf(const Tree& tree, const BuildOptions& options = kOptions) {
  core::Result<Built> built = BuildPolicy(tree, options);
  return built ? "no error" : built.error().what;
}

TEST(Builder, MakesAPolicyThatHostsRead) {
  core::Result<Built> built = BuildPolicy(ExampleTree(), kOptions);
  ASSERT_TRUE(built) << built.error().what;
  const core::Policy& policy = built->policy;
  EXPECT_EQ(policy.realm, "5f1d2c7a90b34e8fa6c1d0e2b3948576");
  EXPECT_EQ(policy.version, 1u);
  EXPECT_EQ(policy.digest, wire::Sha256Hex(built->payload));
  EXPECT_EQ(policy.expires - policy.created, std::chrono::hours{24 * 30});
  EXPECT_EQ(policy.administrators.threshold, 2u);
  EXPECT_EQ(policy.people.size(), 3u);

  const core::Role* role = core::FindRole(policy, "web-operator");
  ASSERT_NE(role, nullptr);
  EXPECT_EQ(role->hosts.names, (std::vector<std::string>{"web-1", "web-2"}));
  ASSERT_EQ(role->rules.size(), 3u);
  const auto& restart = std::get<core::CommandRule>(role->rules[0].kind);
  EXPECT_EQ(restart.path, "/usr/bin/systemctl");
  EXPECT_EQ(std::get<core::MatchIs>(restart.args.at(0)).value, "restart");
  EXPECT_EQ(std::get<core::MatchOneOf>(restart.args.at(1)).values.size(), 2u);
  EXPECT_EQ(std::get<core::EditRule>(role->rules[2].kind).files.at(0), "/etc/nginx/nginx.conf");
  EXPECT_EQ(role->max_offline, core::Seconds{8 * 3600});

  const core::Role* admin = core::FindRole(policy, "host-admin");
  ASSERT_NE(admin, nullptr);
  EXPECT_TRUE(admin->full);
  EXPECT_EQ(admin->hosts.all.at("env"), "production");
  EXPECT_EQ(admin->hosts.none_of.at(0).first, "tier");
}

TEST(Builder, MakesTheSameBytesOfTheSameTree) {
  BuildOptions options = kOptions;
  options.created = kNow;
  const core::Result<Built> one = BuildPolicy(ExampleTree(), options);
  options.now = kNow + std::chrono::hours{1};
  const core::Result<Built> two = BuildPolicy(ExampleTree(), options);
  ASSERT_TRUE(one && two);
  EXPECT_EQ(one->payload, two->payload) << "created is given, so the hour says nothing";
}

TEST(Builder, MakesTheSameBytesHoweverTheFilesAreCut) {
  Tree tree = ExampleTree();
  const core::Result<Built> before = BuildPolicy(tree, kOptions);
  std::swap(tree.roles.at(0), tree.roles.at(1));
  tree.roles.at(0).text += "\n" + tree.roles.at(1).text;
  tree.roles.pop_back();
  const core::Result<Built> after = BuildPolicy(tree, kOptions);
  ASSERT_TRUE(before && after);
  EXPECT_EQ(before->payload, after->payload);
}

TEST(Builder, TakesVersionPreviousAndCreatedFromItsCaller) {
  BuildOptions options = kOptions;
  options.version = 7;
  options.previous = std::string(64, 'a');
  options.created = core::FromMillis(1'790'000'000'000);
  const core::Result<Built> built = BuildPolicy(ExampleTree(), options);
  ASSERT_TRUE(built) << built.error().what;
  EXPECT_EQ(built->policy.version, 7u);
  EXPECT_EQ(built->policy.previous, std::string(64, 'a'));
  EXPECT_EQ(core::ToMillis(built->policy.created), 1'790'000'000'000);
}

TEST(Builder, TakesTheTimeOfCreationFromTheTreeAndElseOfTheBuild) {
  Tree tree = ExampleTree();
  core::Result<Built> built = BuildPolicy(tree, kOptions);
  ASSERT_TRUE(built) << built.error().what;
  EXPECT_EQ(built->policy.created, kNow);

  Change(tree.head, "version = 1", "version = 1\ncreated = 2026-11-01T01:30:00+01:30");
  built = BuildPolicy(tree, kOptions);
  ASSERT_TRUE(built) << built.error().what;
  EXPECT_EQ(core::ToMillis(built->policy.created), 1'793'491'200'000);
}

TEST(Builder, WantsThePreviousDigestFromTheSecondVersionOn) {
  BuildOptions options = kOptions;
  options.version = 2;
  EXPECT_THAT(ErrorOf(ExampleTree(), options), HasSubstr("give --previous"));
}

TEST(Builder, OffersAFreshRealmWhereNoneIsWritten) {
  Tree tree = ExampleTree();
  Change(tree.head, "realm = \"5f1d2c7a90b34e8fa6c1d0e2b3948576\"", "");
  const std::string error = ErrorOf(tree);
  EXPECT_THAT(error, HasSubstr("realm is missing"));
  EXPECT_THAT(error, ::testing::ContainsRegex("realm = \"[0-9a-f]{32}\""));
  EXPECT_NE(error, ErrorOf(tree)) << "each offer is drawn anew";
}

/// One change, and where its error points.
struct Case {
  SourceFile& (*file)(Tree&);
  const char* from;
  const char* to;
  const char* place;
  const char* says;
};

const Case kCases[] = {
    // syntax and keys
    {Head, "threshold = 2", "threshold 2", "policy.toml:10:11: ", "expected '='"},
    {Head, "threshold = 2", "threshold = 2\nthreshold = 2", "policy.toml:11:", "threshold"},
    {Web, "on_end = ", "on_ned = ", "web.toml:12:1: ", "\"on_ned\" is not known here; known are"},
    {Web, "id = \"restart\"\n", "id = \"restart\"\nnote = \"x\"\n",
     "web.toml:21:1: ", "rule \"restart\": \"note\" is not known here"},
    {People, "uses = [\"signin\", \"approve\"]\n",
     "uses = [\"signin\", \"approve\"]\ntuoch = true\n",
     "people.toml:19:1: ", "\"tuoch\" is not known here; known are key, touch, uses, verify"},
    // types and ranges
    {Head, "version = 1", "version = \"1\"",
     "policy.toml:6:11: ", "version must be a whole number"},
    {Head, "version = 1", "version = 0", "policy.toml:6:11: ", "allowed is 1 to"},
    {Head, "expires_days = 30", "expires_days = 3000", "policy.toml:7:16: ", "1 to 366"},
    {Head, "version = 1", "version = 1\ncreated = 2026-11-01T00:00:00",
     "policy.toml:7:11: ", "with its offset"},
    {Head, "max_pending = \"1d\"", "max_pending = 86400",
     "policy.toml:19:15: ", "max_pending must be a text in quotes"},
    {Head, "max_pending = \"1d\"", "max_pending = \"1w\"",
     "policy.toml:19:15: ", "\"1w\" is no length of time"},
    {Head, "max_pending = \"1d\"", "max_pending = \"99d\"", "policy.toml:19:15: ", "at most 30d"},
    {Head, "max_pending = \"1d\"\n", "", "policy.toml:17:1: ", "max_pending is missing"},
    {Web, "name = \"web-operator\"", "name = \"Web operator\"",
     "web.toml:4:8: ", "allowed: a-z 0-9"},
    {Web, "doors = [\"sudo\"]", "doors = [\"sudoo\"]",
     "web.toml:7:10: ", "\"sudoo\" is not known; known are sudo, ssh"},
    {Web, "start = [\"approval\",", "start = [\"at_once\",",
     "web.toml:11:10: ", "\"at_once\" is not known"},
    {Web, "subjects = { groups = [\"operators\"] }", "subjects = {}",
     "web.toml:13:12: ", "write people, groups or both"},
    {Web, "path = \"/usr/bin/systemctl\"", "path = \"/usr/bin/../bin/systemctl\"",
     "web.toml:21:8: ", "an absolute path without"},
    {Web, "{ int = [1, 10000] }", "{ int = [10000, 1] }",
     "web.toml:27:", "the first number must not be above the second"},
    {Web, "{ int = [1, 10000] }", "{ int = [1] }", "web.toml:27:", "a list of 2 whole numbers"},
    {Web, "{ int = [1, 10000] }", "{ re = \"[0-9\" }", "web.toml:27:", "re: "},
    {Web, "{ int = [1, 10000] }", "{ number = 7 }", "web.toml:27:", "one of is, one_of, int"},
    {Admin, "hosts = { all = { env = \"production\" }, not = [{ tier = \"database\" }] }",
     "hosts = {}", "admin.toml:7:9: ", "this means no host"},
    // hours
    {Web, "on_end = ", "windows = [{ days = [\"mo\"] }]\non_end = ", "web.toml:12:22: ",
     "allowed: sun mon tue"},
    {Web, "on_end = ",
     "windows = [{ days = [\"mon\"], from = \"8:00\", to = \"18:00\", zone = \"UTC\" }]\non_end = ",
     "web.toml:12:37: ", "allowed: a time of day, 00:00 to 24:00"},
    {Web, "on_end = ",
     "windows = [{ days = [\"mon\"], from = \"08:00\", to = \"08:00\", zone = \"UTC\" }]\non_end "
     "= ",
     "web.toml:12:51: ", "a whole day is from 00:00 to 24:00"},
    {Web, "on_end = ",
     "windows = [{ days = [\"mon\"], from = \"08:00\", to = \"18:00\", zone = \"Europe/Berlim\" "
     "}]\n"
     "on_end = ",
     "web.toml:12:67: ", "there is no time zone \"Europe/Berlim\" on this machine"},
    // references
    {Head, "people = [\"alice\", \"carol\"]", "people = [\"alice\", \"carl\"]",
     "policy.toml:11:20: ", "there is no person \"carl\""},
    {Web, "groups = [\"approvers\"]", "groups = [\"approver_s\"]",
     "web.toml:17:11: ", "nobody is in a group \"approver_s\""},
    {Web, "groups = [\"operators\"]", "groups = [\"operator_s\"]",
     "web.toml:13:", "nobody is in a group \"operator_s\""},
    {Admin, "people = [\"alice\"]", "people = [\"alcie\"]",
     "admin.toml:14:", "there is no person \"alcie\""},
    {People, "name = \"carol\"", "name = \"bob\"",
     "people.toml:21:8: ", "this name is taken at people.toml:13:8"},
    {Admin, "name = \"host-admin\"", "name = \"web-operator\"",
     "web.toml:4:8: ", "this name is taken at admin.toml:5:8"},
    // keys
    {People, "[[person]]\nname = \"bob\"",
     "[[person]]\nname = \"bob\"\n[[person.key]]\nkey = \"ssh-rsa AAAA\"\nuses = []\n",
     "people.toml:15:7: ", "key: "},
    // what equals root
    {Web, "\"restart\", { one_of", "\"status\", { one_of",
     "web.toml:21:8: ", "unless it has --no-pager (systemctl(1), "},
    {Web, "path = \"/usr/bin/journalctl\"", "path = \"/usr/bin/less\"",
     "web.toml:26:8: ", "write equals_root = true in the rule"},
    {Admin, "[[role.approve]]\ncount = 2\ngroups = [\"approvers\"]\nkeys = \"any\"", "",
     "admin.toml:4:", "who says yes?"},
};

TEST(Builder, NamesFileLineAndColumnOfEveryMistake) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(std::string(c.from) + " -> " + c.to);
    Tree tree = ExampleTree();
    Change(c.file(tree), c.from, c.to);
    const std::string error = ErrorOf(tree);
    EXPECT_THAT(error, StartsWith(c.place));
    EXPECT_THAT(error, HasSubstr(c.says));
  }
}

TEST(Builder, PutsTheRuleOfEveryNamedZoneIntoThePolicy) {
  Tree tree = ExampleTree();
  Change(Web(tree), "on_end = ",
         "windows = [{ days = [\"mon\"], from = \"08:00\", to = \"18:00\", zone = "
         "\"Europe/Berlin\" },\n"
         "  { days = [\"sat\"], from = \"22:00\", to = \"02:00\", zone = \"UTC\" }]\non_end = ");
  core::Result<Built> built = BuildPolicy(tree, kOptions);
  ASSERT_TRUE(built) << built.error().what;
  EXPECT_THAT(built->payload,
              HasSubstr(R"("zones":{"Europe/Berlin":"CET-1CEST,M3.5.0,M10.5.0/3","UTC":"UTC0"})"));
  const core::Role* role = core::FindRole(built->policy, "web-operator");
  ASSERT_EQ(role->windows.size(), 2u);
  EXPECT_EQ(role->windows[1].to, std::chrono::hours{2});
}

TEST(Builder, GivesBackWhatNoHostWouldTakeWithTheReadersOwnWords) {
  Tree tree = ExampleTree();
  Change(tree.head, "threshold = 2", "threshold = 3");  // of two administrators
  EXPECT_THAT(ErrorOf(tree),
              StartsWith("policy.toml:9:1: the tree makes a policy that no host would "
                         "take: "));
}

TEST(Builder, NamesThePlaceOfWhatNoHostWouldTake) {
  Tree tree = ExampleTree();
  Change(tree.people.at(0), "accounts = [\"carol\"]", "accounts = [\"bob\"]");
  EXPECT_THAT(ErrorOf(tree), StartsWith("people.toml:20:1: ")) << "two people, one account";
  tree = ExampleTree();
  Change(tree.roles.at(1), "count = 1", "count = 3");
  EXPECT_THAT(ErrorOf(tree), StartsWith("web.toml:15:1: ")) << "more approvers than there are";
  tree = ExampleTree();
  Change(tree.roles.at(1), "id = \"log\"", "id = \"restart\"");
  EXPECT_THAT(ErrorOf(tree), StartsWith("web.toml:3:1: ")) << "two rules of one name";
}

TEST(Builder, RefusesEveryEscapeUntilTheRuleSaysThatItEqualsRoot) {  // SC-15
  for (const char* program : {"vi", "less", "man", "find", "tar", "awk", "git", "systemctl",
                              "docker", "rsync", "apt", "journalctl", "python3.11", "dd", "bash"}) {
    const std::string path = "path = \"/usr/bin/" + std::string(program) + "\"\nrest = \"any\"";
    Tree tree = ExampleTree();
    Change(tree.roles.at(1), "path = \"/usr/bin/systemctl\"", path);
    EXPECT_THAT(ErrorOf(tree), HasSubstr("write equals_root = true in the rule")) << program;
    // The control: said so, it is taken, and touched keys become the default.
    tree = ExampleTree();
    Change(tree.roles.at(1), "path = \"/usr/bin/systemctl\"", path + "\nequals_root = true");
    const core::Result<Built> built = BuildPolicy(tree, kOptions);
    ASSERT_TRUE(built) << built.error().what;
    const core::Role* role = core::FindRole(built->policy, "web-operator");
    EXPECT_EQ(role->approve.at(0).keys, core::KeyUse::kTouch) << program;
  }
}

TEST(Builder, TakesARuleThatEqualsRootOnceItSaysSo) {
  Tree tree = ExampleTree();
  Change(tree.roles.at(1), "path = \"/usr/bin/journalctl\"",
         "path = \"/usr/bin/less\"\nequals_root = true");
  core::Result<Built> built = BuildPolicy(tree, kOptions);
  ASSERT_TRUE(built) << built.error().what;
  const core::Role* role = core::FindRole(built->policy, "web-operator");
  EXPECT_TRUE(std::get<core::CommandRule>(role->rules.at(1).kind).equals_root);
  EXPECT_EQ(role->approve.at(0).keys, core::KeyUse::kTouch) << "the default for what equals root";
}

TEST(Builder, OffersASkeletonThatOnlyLacksItsKeys) {
  std::vector<SourceFile> files = MakeSkeleton(std::string(32, '7'));
  Tree tree{files.at(0), {files.at(1)}, {files.at(2)}};
  EXPECT_THAT(ErrorOf(tree), HasSubstr("key: "));

  const Tree example = ExampleTree();
  const auto key_line = [](const std::string& text, size_t nth) {
    size_t at = 0;
    for (size_t i = 0; i <= nth; ++i) at = text.find("\"ssh-ed25519 ", at + 1);
    return text.substr(at + 1, text.find('"', at + 1) - at - 1);
  };
  Change(tree.head, "ssh-ed25519 PASTE-THE-STATUS-KEY-OF-THE-SERVER",
         key_line(example.head.text, 0));
  Change(tree.people[0], "ssh-ed25519 PASTE-A-PUBLIC-KEY-OF-ALICE",
         key_line(example.people[0].text, 0));
  Change(tree.people[0], "ssh-ed25519 PASTE-A-PUBLIC-KEY-OF-BOB",
         key_line(example.people[0].text, 1));
  EXPECT_EQ(ErrorOf(tree), "no error");
}

TEST(LoadTree, RefusesASourceThatNobodyWouldRead) {
  const std::string folder = ::testing::TempDir() + "/stray";
  ASSERT_EQ(system(("rm -rf " + folder + " && cp -r " DAYPASS_EXAMPLE_POLICY " " + folder +
                    " && touch " + folder + "/role.toml")
                       .c_str()),
            0);
  core::Result<Tree> tree = LoadTree(folder);
  ASSERT_FALSE(tree);
  EXPECT_THAT(tree.error().what, HasSubstr("role.toml: nothing reads this file"));
}

}  // namespace
}  // namespace daypass::policy
