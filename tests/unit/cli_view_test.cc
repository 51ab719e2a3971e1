// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What an approver reads, line by line, from fixed bytes.
#include "cli/pretty_json.h"
#include "cli/statement_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

#include "policy/describe.h"
#include "tests/unit/cli_fixture.h"

namespace daypass::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const Style kPlain(false);

class View : public ::testing::Test {
 protected:
  void SetUp() override {
    setenv("TZ", "UTC", 1);
    tzset();
  }

  std::string Render(const core::Statement& statement) {
    const RemoteRequest request = MakeRequest(statement);
    return RenderForApproval(policy_, *core::FindRole(policy_, statement.role), request, kNow,
                             kPlain);
  }

  core::Policy policy_ = MakePolicy().policy;
};

TEST_F(View, SaysEverythingThatIsSigned) {
  const RemoteRequest request = MakeRequest(MakeStatement(policy_));
  const std::string text = Render(MakeStatement(policy_));
  EXPECT_EQ(text, "Request " + request.ShortId() + R"(

  who           alice
  role          web-operator: restart the web server
  host          web-1
  how long      20m, as soon as it is approved
  latest start  10:02:20, in 59m
  why           nginx does not start
  ticket        OPS-7
  asked         09:02:20, 1m ago

What this allows

  commands    /usr/bin/systemctl restart <one of: nginx, haproxy>
  run as      root
  doors       sudo
  at the end  running commands are ended
  offline     works up to 8h without the server
  guarded by  needs 1 of approvers

Who says yes

  wanted  1 of approvers
  so far  nobody
  asker   known to the server as: signed in (the server's word)
  risk    0 of 100
  policy  version 1, ends 2026-12-02 08:03:20, in 29d 23h
)");
}

TEST_F(View, SaysForWhomWhenSomebodyAsksForAnother) {
  core::Statement statement = MakeStatement(policy_);
  statement.subject = "deploy";
  statement.requester = "bob";
  const std::string text = Render(statement);
  EXPECT_THAT(text, HasSubstr("who           deploy (nobody's account in the policy)\n"));
  EXPECT_THAT(text, HasSubstr("asked by      bob\n"));
}

TEST_F(View, NamesEveryHostUsesAndTheStartRule) {
  core::Statement statement = MakeStatement(policy_);
  statement.hosts = {"web-1", "web-2"};
  statement.start = core::StartRule::kScheduled;
  statement.start_at = kNow + std::chrono::hours{2};
  statement.start_by = kNow + std::chrono::hours{3};
  std::string text = Render(statement);
  EXPECT_THAT(text, HasSubstr("2 hosts       web-1, web-2\n"));
  EXPECT_THAT(text, HasSubstr("how long      20m, from 11:03:20, in 2h\n"));

  statement = MakeStatement(policy_);
  statement.start = core::StartRule::kFirstUse;
  statement.uses = 1;
  text = Render(statement);
  EXPECT_THAT(text, HasSubstr("20m, with the first use"));
  EXPECT_THAT(text, HasSubstr("uses          once"));
}

TEST_F(View, ShowsMatchersInWordsAndLiteralsQuoted) {
  PolicyWish wish;
  wish.web_rules = R"([[role.rules]]
id = "log"
path = "/usr/bin/journalctl"
args = ["--no-pager", "-n", { int = [1, 500] }, { under = "/srv/app" }, { re = "v[0-9]+" }]
rest = "any"
cwd = "/srv"
[[role.rules]]
id = "odd"
path = "/srv/tool"
args = ["restart nginx", "", "<number 1 to 9>"]
[[role.rules]]
id = "edit"
edit = { files = ["/etc/nginx/nginx.conf", "/etc/motd"] }
)";
  const core::Policy policy = MakePolicy(wish).policy;
  const std::string text = RenderPowers(policy, *core::FindRole(policy, "web-operator"), kPlain);
  EXPECT_THAT(
      text,
      HasSubstr(
          R"(  commands    /usr/bin/journalctl --no-pager -n <number 1 to 500> <path below /srv/app> <text that matches 'v[0-9]+'> <and anything>   (only in /srv)
              /srv/tool 'restart nginx' '' '<number 1 to 9>'
              sudoedit /etc/nginx/nginx.conf
              sudoedit /etc/motd
)"));
}

TEST_F(View, WarnsOfWhatEqualsRoot) {
  PolicyWish wish;
  wish.head = "server_is_root = true";
  wish.more_roles = R"([[role]]
name = "admin"
description = "any command"
hosts = { all = { env = "production" } }
doors = ["sudo"]
run_as = { users = ["root"] }
full = true
unwatched = true
max_duration = "1h"
max_offline = "10m"
subjects = { any = true }
[[role.approve]]
count = 1
groups = ["approvers"]
[[role.rules]]
id = "pager"
path = "/usr/bin/less"
equals_root = true
)";
  const core::Policy policy = MakePolicy(wish).policy;
  const std::string text = RenderPowers(policy, *core::FindRole(policy, "admin"), kPlain);
  EXPECT_THAT(text, HasSubstr("commands    any command\n"));
  EXPECT_THAT(text, HasSubstr("! FULL: "));
  EXPECT_THAT(text, HasSubstr("! EQUALS ROOT: whoever may run pager "));
  EXPECT_THAT(text, HasSubstr("! UNWATCHED: "));
  EXPECT_THAT(text, HasSubstr("! SERVER IS ROOT: "));
  EXPECT_THAT(text, HasSubstr("works up to 10m without the server"));

  const std::string scoped = Render(MakeStatement(policy_));
  EXPECT_THAT(scoped, Not(HasSubstr("!"))) << "and is silent where there is nothing to warn of";
}

TEST(DescribeHours, SaysDaysTimesAndWhoseClock) {
  core::Hours hours{{}, std::chrono::hours{22}, std::chrono::minutes{390}, "Europe/Berlin"};
  hours.days[1] = hours.days[6] = true;
  EXPECT_EQ(policy::DescribeHours(hours), "mon, sat 22:00 to 06:30 Europe/Berlin");
}

TEST_F(View, SaysWhenARoleIsOpen) {
  core::Role role = policy_.roles.front();
  EXPECT_THAT(RenderPowers(policy_, role, kPlain), Not(HasSubstr("  open  "))) << "at any time";
  const core::Hours hours{{true}, {}, std::chrono::hours{24}, "UTC"};
  role.windows = {hours, hours};
  EXPECT_THAT(
      RenderPowers(policy_, role, kPlain),
      HasSubstr("  open        sun 00:00 to 24:00 UTC\n              sun 00:00 to 24:00 UTC\n"));
}

TEST_F(View, SaysWhatABrokenServerCanSkipAndWhatItMayDoAlone) {
  core::Role role = policy_.roles.front();
  role.server = core::ServerConditions{};
  role.server->ticket = "OPS-[0-9]+";
  role.automatic = {{true, {}, {}}, {{"web-1"}, {}, {}, {}}, core::Seconds{600}, 2};
  const RemoteRequest request = MakeRequest(MakeStatement(policy_));
  const std::string text = RenderForApproval(policy_, role, request, kNow, kPlain);
  EXPECT_THAT(text,
              HasSubstr("  guarded by  needs no person: the server alone may approve, up to 10m "
                        "and 2 times a day for an account on a host; else 1 of approvers; a "
                        "broken server can skip: ticket\n"));
  EXPECT_THAT(text,
              HasSubstr("or the server  for any account on web-1, up to 10m, 2 in 24 hours for "
                        "an account on a host\n"));
  EXPECT_THAT(text, HasSubstr("server asks    a ticket that matches OPS-[0-9]+\n"));
}

TEST_F(View, SaysHowItEndsAndWhatMayBeStarted) {
  core::Role role = policy_.roles.front();
  role.on_end = core::OnEnd::kHangup;
  role.grace = core::Seconds{300};
  role.warn = {core::Seconds{600}, core::Seconds{60}};
  EXPECT_EQ(policy::DescribeEnd(role),
            "running commands are hung up, after 5m; warned before: 10m, 1m");
  role.intercept = true;
  std::get<core::CommandRule>(role.rules.front().kind).may_run = {"/usr/bin/less"};
  const std::string text = RenderPowers(policy_, role, kPlain);
  EXPECT_THAT(text, HasSubstr("(may start /usr/bin/less)"));
  EXPECT_THAT(text, HasSubstr("intercept   what a command starts is judged too"));
}

TEST_F(View, ShowsOnlyApprovalsWhoseSignatureIsGood) {
  RemoteRequest request = MakeRequest(MakeStatement(policy_));
  request.approvals = {Approve(request, TestKeys().bob)};
  EXPECT_THAT(DescribeApprovals(policy_, request, kNow), ::testing::StartsWith("bob, SHA256:"));

  core::Statement other = MakeStatement(policy_);
  other.reason = "something else";
  request.approvals = {Approve(MakeRequest(other), TestKeys().bob)};  // GF-07
  EXPECT_EQ(DescribeApprovals(policy_, request, kNow), "");
}

TEST_F(View, SaysWhichApprovalsDoNotCount) {
  RemoteRequest request = MakeRequest(MakeStatement(policy_));
  request.approvals = {Approve(request, TestKeys().alice)};
  EXPECT_THAT(DescribeApprovals(policy_, request, kNow), HasSubstr("(does not count)"));
  request.approvals = {Approve(request, TestKeys().status)};
  EXPECT_THAT(DescribeApprovals(policy_, request, kNow), HasSubstr("an unknown key"));
}

TEST_F(View, EscapesWhatTheServerSays) {
  RemoteRequest request = MakeRequest(MakeStatement(policy_));
  request.origin = "signed in\x1b[2J\u202E";
  const std::string text =
      RenderForApproval(policy_, *core::FindRole(policy_, "web-operator"), request, kNow, kPlain);
  EXPECT_THAT(text, HasSubstr("signed in\\e[2J\\u{202e} (the server's word)"));
}

TEST_F(View, TellsWhatTheRiskIsMadeOf) {
  RemoteRequest request = MakeRequest(MakeStatement(policy_));
  request.risk = 35;
  request.risk_why = {"25 first use of this role\x1b[2J", "10 first use on web-1"};
  request.not_automatic = "risk 35 is above 30";
  EXPECT_EQ(DescribeRisk(request),
            "35 of 100\n25 first use of this role\\e[2J\n10 first use on web-1\n"
            "not approved automatically: risk 35 is above 30");
}

TEST(Fields, AlignsValuesOfSeveralLines) {
  Fields fields("  ");
  fields.Add("a", "1\n2").Add("empty", "").Add("long name", "3");
  EXPECT_EQ(fields.Text(kPlain), "  a          1\n             2\n  long name  3\n");
}

TEST(Table, AlignsColumnsByCharactersNotBytes) {
  Table table({"WHO", "WHY"});
  table.Add({"jörg", "x"});
  table.Add({"al", "y"});
  EXPECT_EQ(table.Text(kPlain), "WHO   WHY\njörg  x\nal    y\n");
}

TEST(Style, ColoursOnlyWhereItMay) {
  EXPECT_EQ(kPlain.Bad("x"), "x");
  EXPECT_EQ(Style(true).Bad("x"), "\x1b[31mx\x1b[0m");
  EXPECT_EQ(DisplayWidth(Style(true).Bad("xyz")), 3u);
}

TEST(PrettyJson, BreaksLinesAndKeepsStrings) {
  EXPECT_EQ(PrettyJson(R"({"a":[1,{"b":"x, {\"y\"}"}],"c":{},"d":[]})"),
            "{\n  \"a\": [\n    1,\n    {\n      \"b\": \"x, {\\\"y\\\"}\"\n    }\n  ],\n"
            "  \"c\": {},\n  \"d\": []\n}");
  EXPECT_EQ(PrettyJson("{\"a\":\"\u202E\"}"), "{\n  \"a\": \"\\u{202e}\"\n}");
}

}  // namespace
}  // namespace daypass::cli
