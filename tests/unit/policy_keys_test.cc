// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Every key of the sources that may be left out: one tree that has them all, as hosts read it, and
// the mistakes that can be made in each.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "policy/builder.h"

namespace daypass::policy {
namespace {

using core::Seconds;
using std::chrono::hours;
using std::chrono::minutes;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::string kHead = R"(realm = "5f1d2c7a90b34e8fa6c1d0e2b3948576"
version = 1
administrators = { threshold = 1, people = ["alice"] }
[server]
status_keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPp7hM2SHHejGapI78SlTH6t6TTUZq3Z3azWd2rK9OBK"]
automatic_keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHp6enp6enp6enp6enp6enp6enp6enp6enp6enp6enp6"]
[limits]
max_duration = "8h"
max_pending = "1d"
max_offline = "8h"
[[limits.hosts]]
hosts = { all = { env = "production" } }
max_duration = "2h"
[[standing]]
name = "nightly"
accounts = ["backup"]
hosts = { all = { tier = "db" } }
doors = ["sudo"]
run_as = { users = ["postgres"] }
valid_until = 2028-01-01T00:00:00Z
windows = [{ days = ["sat", "sun"], from = "01:00", to = "05:00", zone = "UTC" }]
[[standing.rules]]
id = "dump"
path = "/usr/bin/pg_dumpall"
[breakglass]
roles = ["web"]
hosts = { names = ["web-1"] }
max_duration = "30m"
[[breakglass.approve]]
count = 1
groups = ["leads"]
)";

const std::string kPeople = R"([[person]]
name = "alice"
groups = ["leads"]
[[person.key]]
key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINEtmpgd1oReRIXW5Sd1xbbCrWrtlk1zhmHzBQndHjXr"
uses = ["administer", "approve"]
[[person.membership]]
group = "sre"
valid_until = 2027-06-30T22:00:00Z
[[person]]
name = "pipeline"
kind = "service"
accounts = ["backup"]
groups = ["pipelines"]
)";

const std::string kRoles = R"([[role]]
name = "web"
description = "everything that a role may say"
hosts = { names = ["web-1"] }
doors = ["sudo"]
run_as = { users = ["root"] }
max_duration = "1h"
max_offline = "1h"
max_pending = "2h"
on_end = "hangup"
grace = "5m"
warn = ["10m", "60s"]
intercept = true
subjects = { any = true }
[role.automatic]
subjects = { groups = ["pipelines"] }
hosts = { names = ["web-1"] }
max_duration = "20m"
per_day = 3
[role.server]
stages = true
on_call = "web"
ticket = "OPS-[0-9]+"
max_risk = 40
per_day = 5
[[role.server.hours]]
days = ["mon"]
from = "08:00"
to = "18:00"
zone = "Europe/Berlin"
[[role.approve]]
count = 1
groups = ["sre"]
[[role.rules]]
id = "reload"
path = "/usr/sbin/nginx"
args = ["-s", "reload"]
may_run = ["/usr/bin/ldconfig"]
)";

Tree FullTree() {
  return {{"policy.toml", kHead}, {{"people.toml", kPeople}}, {{"roles.toml", kRoles}}, {}};
}

core::Result<Built> Build(const Tree& tree) {
  BuildOptions options;
  options.now = core::FromMillis(1'800'000'000'000);
  return BuildPolicy(tree, options);
}

TEST(Keys, AreAllReadBackByHosts) {
  const core::Result<Built> built = Build(FullTree());
  ASSERT_TRUE(built) << built.error().what;
  const core::Policy& policy = built->policy;
  EXPECT_EQ(policy.limits.hosts.at(0).hosts.all.at("env"), "production");
  EXPECT_EQ(policy.limits.hosts.at(0).max_duration, hours{2});
  const core::Standing& standing = policy.standing.at(0);
  EXPECT_EQ(standing.accounts, std::vector<std::string>{"backup"});
  EXPECT_EQ(standing.windows.at(0).to, hours{5});
  EXPECT_EQ(standing.rules.at(0).id, "dump");
  EXPECT_TRUE(standing.valid_until.has_value());
  EXPECT_EQ(policy.breakglass->max_duration, minutes{30});
  EXPECT_EQ(policy.breakglass->approve.at(0).keys, core::KeyUse::kTouch) << "if it does not say";
  const core::Person* pipeline = core::FindPerson(policy, "pipeline");
  EXPECT_TRUE(pipeline->is_service);
  EXPECT_EQ(core::FindPerson(policy, "alice")->memberships.at(0).group, "sre");
  const core::Role& role = policy.roles.at(0);
  EXPECT_EQ(role.max_pending, hours{2});
  EXPECT_EQ(role.on_end, core::OnEnd::kHangup);
  EXPECT_EQ(role.grace, minutes{5});
  EXPECT_EQ(role.warn, (std::vector{Seconds{600}, Seconds{60}}));
  EXPECT_TRUE(role.intercept);
  EXPECT_EQ(role.automatic->max_duration, minutes{20});
  EXPECT_EQ(role.automatic->per_day, 3u);
  EXPECT_TRUE(role.server->stages);
  EXPECT_EQ(role.server->hours.at(0).zone, "Europe/Berlin");
  EXPECT_EQ(role.server->ticket, "OPS-[0-9]+");
  EXPECT_EQ(role.server->max_risk, 40u);
  EXPECT_EQ(std::get<core::CommandRule>(role.rules.at(0).kind).may_run,
            std::vector<std::string>{"/usr/bin/ldconfig"});
  EXPECT_EQ(policy.zones.size(), 2u) << "of roles, their servers' conditions and standing rules";
}

struct Case {
  const char* from;
  const char* to;
  const char* place;
  const char* says;
};

const Case kCases[] = {
    {"max_duration = \"2h\"", "max_duration = \"9h\"", "policy.toml:13:16: ", "at most 8h"},
    {"name = \"nightly\"", "name = \"nightly\"\nfull = true",
     "policy.toml:16:1: ", "standing rule \"nightly\": \"full\" is not known here"},
    {"name = \"nightly\"", "name = \"web\"", "roles.toml:2:8: ", "taken at policy.toml:15:8"},
    {"path = \"/usr/bin/pg_dumpall\"", "path = \"/usr/bin/bash\"",
     "policy.toml:24:8: ", "whoever may run it is root"},
    {"roles = [\"web\"]", "roles = [\"wep\"]", "policy.toml:26:10: ", "there is no role \"wep\""},
    {"max_duration = \"30m\"", "max_duration = \"61m\"", "policy.toml:28:16: ", "at most 1h"},
    {"kind = \"service\"", "kind = \"robot\"", "people.toml:12:8: ", "known are person, service"},
    {"valid_until = 2027-06-30T22:00:00Z\n", "", "people.toml:7:1: ", "valid_until is missing"},
    {"valid_until = 2027-06-30T22:00:00Z", "valid_until = \"soon\"",
     "people.toml:9:15: ", "a moment with its offset"},
    {"max_pending = \"2h\"", "max_pending = \"2d\"", "roles.toml:9:15: ", "at most 1d"},
    {"on_end = \"hangup\"", "on_end = \"hang\"",
     "roles.toml:10:10: ", "known are notify, hangup, terminate"},
    {"grace = \"5m\"", "grace = \"2h\"", "roles.toml:11:9: ", "at most 1h"},
    {"warn = [\"10m\", \"60s\"]", "warn = [\"10m\", \"soon\"]",
     "roles.toml:12:16: ", "warn: \"soon\" is no length of time"},
    {"intercept = true", "intercept = \"yes\"", "roles.toml:13:13: ", "true or false"},
    {"per_day = 3\n", "", "roles.toml:15:1: ", "per_day is missing"},
    {"subjects = { groups = [\"pipelines\"] }", "subjects = { groups = [\"pipe\"] }",
     "roles.toml:16:", "nobody is in a group \"pipe\""},
    {"ticket = \"OPS-[0-9]+\"", "ticket = \"OPS-[0-9\"", "roles.toml:23:10: ", "ticket: "},
    {"max_risk = 40", "max_risk = 400", "roles.toml:24:12: ", "0 to 100"},
    {"zone = \"Europe/Berlin\"", "zone = \"Europe/Berlim\"", "roles.toml:30:8: ", "no time zone"},
    {"may_run = [\"/usr/bin/ldconfig\"]", "may_run = [\"ldconfig\"]",
     "roles.toml:38:12: ", "an absolute path"},
};

TEST(Keys, AreRefusedInTheLineThatIsWrong) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(std::string(c.from) + " -> " + c.to);
    Tree tree = FullTree();
    size_t found = 0;
    for (SourceFile* file : {&tree.head, &tree.people[0], &tree.roles[0]}) {
      const size_t at = file->text.find(c.from);
      if (at == std::string::npos) continue;
      file->text.replace(at, std::string(c.from).size(), c.to);
      ++found;
    }
    ASSERT_EQ(found, 1u);
    const core::Result<Built> built = Build(tree);
    ASSERT_FALSE(built);
    EXPECT_THAT(built.error().what, StartsWith(c.place));
    EXPECT_THAT(built.error().what, HasSubstr(c.says));
  }
}

/// "a, b, c" of "... known are a, b, c".
std::set<std::string> KnownKeys(const std::string& error) {
  std::set<std::string> keys;
  const std::string mark = "known are ";
  std::istringstream words(error.substr(std::min(error.size(), error.find(mark) + mark.size())));
  for (std::string word; words >> word;) {
    if (word.back() == ',') word.pop_back();
    keys.insert(word);
  }
  return keys;
}

// The page is held against the parser: a key that nobody knows, put into each table in turn, makes
// the parser say which it does know.
TEST(Keys, AreAllInTheManualPage) {
  std::ostringstream page;
  page << std::ifstream(DAYPASS_POLICY_PAGE).rdbuf();
  size_t tables = 0;
  std::set<std::string> seen;
  for (const size_t which : {0, 1, 2}) {
    const Tree full = FullTree();
    const std::string& text = which == 0   ? full.head.text
                              : which == 1 ? full.people[0].text
                                           : full.roles[0].text;
    for (size_t at = 0; at != std::string::npos; at = text.find("\n[", at + 1)) {
      const size_t line_end = text.find('\n', at + 1);
      Tree tree = FullTree();
      SourceFile& file = which == 0 ? tree.head : which == 1 ? tree.people[0] : tree.roles[0];
      file.text.insert(line_end + 1, "nobody-knows-this = 1\n");
      const core::Result<Built> built = Build(tree);
      ASSERT_FALSE(built) << text.substr(at, 30);
      for (const std::string& key : KnownKeys(built.error().what)) {
        EXPECT_THAT(page.str(),
                    ::testing::AnyOf(HasSubstr("*" + key + "*"), HasSubstr("." + key + "]"),
                                     HasSubstr("[" + key + "]")))
            << "of the table at " << text.substr(at, 30);
        seen.insert(key);
      }
      ++tables;
    }
  }
  EXPECT_EQ(tables, 18u);
  EXPECT_GT(seen.size(), 50u);
}

}  // namespace
}  // namespace daypass::policy
