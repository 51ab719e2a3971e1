// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Every key of a policy that may be left out: read where it is right, refused where it is not.
#include <gtest/gtest.h>

#include "wire/keys.h"
#include "wire/policy.h"
#include "wire/ssh_encoding.h"
#include "wire_fixture.h"

namespace daypass::wire {
namespace {

using core::Reason;

/// The good policy with `key` put into one of its objects.
std::string With(std::string_view object, const std::string& key) {
  return Replaced(PolicyText(), object, key + "," + std::string(object));
}
constexpr std::string_view kOnRole = R"("on_end":"terminate")";
constexpr std::string_view kOnRule = R"("rest":"any")";
constexpr std::string_view kOnAlice = R"("accounts":["alice","alice-adm"])";
constexpr std::string_view kOnPolicy = R"("version":3)";
constexpr std::string_view kOnLimits = R"("max_pending_s":86400)";

core::Policy Read(const std::string& text) {
  core::Result<core::Policy> policy = ParsePolicy(text);
  EXPECT_TRUE(policy) << policy.error().what << " " << text;
  return policy ? *std::move(policy) : core::Policy{};
}

void ExpectRefused(const std::string& text, std::string_view place,
                   Reason code = Reason::kMalformed) {
  const core::Result<core::Policy> policy = ParsePolicy(text);
  ASSERT_FALSE(policy) << "taken; expected a fault at " << place;
  EXPECT_EQ(policy.error().field, place) << policy.error().what;
  EXPECT_EQ(core::ReasonName(policy.error().code), core::ReasonName(code)) << place;
}

struct Row {
  std::string_view object;
  std::string key;
  std::string_view place;
  Reason code = Reason::kMalformed;
};

TEST(PolicyKeys, AreRefusedWhereTheyMeanNothing) {
  const Row rows[] = {
      {kOnAlice, R"("kind":"person")", "/people/0/kind"},
      {kOnAlice, R"("kind":"robot")", "/people/0/kind"},
      {kOnAlice, R"("memberships":[])", "/people/0/memberships"},
      {kOnAlice, R"("memberships":[{"group":"ops"}])", "/people/0/memberships/0/valid_until_ms"},
      {kOnAlice, R"("memberships":[{"group":"web","valid_until_ms":1}])",
       "/people/0/memberships/0"},
      {kOnAlice,
       R"("memberships":[{"group":"x","valid_until_ms":1},{"group":"x","valid_until_ms":2}])",
       "/people/0/memberships/1"},
      {kOnLimits, R"("hosts":[])", "/limits/hosts"},
      {kOnLimits, R"("hosts":[{"hosts":{},"max_duration_s":1}])", "/limits/hosts/0/hosts"},
      {kOnLimits, R"("hosts":[{"hosts":{"names":["a"]},"max_duration_s":0}])",
       "/limits/hosts/0/max_duration_s"},
      {kOnLimits, R"("hosts":[{"hosts":{"names":["a"]},"max_duration_s":28801}])",
       "/limits/hosts/0/max_duration_s"},
      {kOnRole, R"("max_pending_s":0)", "/roles/0/max_pending_s"},
      {kOnRole, R"("max_pending_s":86401)", "/roles/0/max_pending_s"},
      {kOnRole, R"("grace_s":0)", "/roles/0/grace_s"},
      {kOnRole, R"("grace_s":3601)", "/roles/0/grace_s"},
      {kOnRole, R"("warn_s":[])", "/roles/0/warn_s"},
      {kOnRole, R"("warn_s":[0])", "/roles/0/warn_s/0"},
      {kOnRole, R"("warn_s":[1,2,3,4,5,6,7,8,9])", "/roles/0/warn_s", Reason::kTooLarge},
      {kOnRole, R"("intercept":1)", "/roles/0/intercept"},
      {kOnRule, R"("may_run":["/usr/bin/less"])", "/roles/0/rules/1/may_run"},
      {kOnRule, R"("may_run":[])", "/roles/0/rules/1/may_run"},
      {kOnRule, R"("may_run":["less"])", "/roles/0/rules/1/may_run/0"},
      {kOnRole, R"("server":{"stages":1})", "/roles/0/server/stages"},
      {kOnRole, R"("server":{"hours":[]})", "/roles/0/server/hours"},
      {kOnRole, R"("server":{"hours":[{"days":["mon"],"from":"08:00","to":"09:00","zone":"UTC"}]})",
       "/roles/0/server/hours/0/zone"},
      {kOnRole, R"("server":{"on_call":"The web team"})", "/roles/0/server/on_call"},
      {kOnRole, R"("server":{"ticket":""})", "/roles/0/server/ticket"},
      {kOnRole, R"("server":{"max_risk":101})", "/roles/0/server/max_risk"},
      {kOnRole, R"("server":{"per_day":0})", "/roles/0/server/per_day"},
      {kOnRole, R"("command_blind_doors":["window"])", "/roles/0/command_blind_doors"},
      {kOnRole, R"("server":{"mood":"good"})", "/roles/0/server/mood", Reason::kUnknownField},
  };
  for (const Row& row : rows) ExpectRefused(With(row.object, row.key), row.place, row.code);
}

TEST(PolicyKeys, OfAPersonAreRead) {
  const core::Policy policy = Read(
      With(kOnAlice,
           R"("kind":"service","memberships":[{"group":"ops","valid_until_ms":1800000000001}])"));
  const core::Person& alice = policy.people[0];
  EXPECT_TRUE(alice.is_service);
  EXPECT_FALSE(policy.people[1].is_service);
  ASSERT_EQ(alice.memberships.size(), 1u);
  EXPECT_EQ(alice.memberships[0].group, "ops");
  EXPECT_EQ(alice.memberships[0].until, core::FromMillis(1'800'000'000'001));
}

TEST(PolicyKeys, OfAServiceNeverApproveNorAdminister) {
  const std::string text =
      Replaced(PolicyText(), R"("accounts":["bob"])", R"("kind":"service","accounts":["bob"])");
  ExpectRefused(text, "/people/1/keys/0/uses");
  const auto with_uses = [&](std::string_view uses) {
    return Replaced(text, R"(["approve","administer","signin"])", uses);
  };
  ExpectRefused(with_uses(R"(["approve"])"), "/people/1/keys/0/uses");
  ExpectRefused(with_uses(R"(["administer"])"), "/people/1/keys/0/uses");
  // With a key for signing in it is refused only where somebody counts on its other uses.
  ExpectRefused(with_uses(R"(["signin"])"), "/administrators/people");
}

TEST(PolicyKeys, OfMembersWhoseTimeEndsCountAsApprovers) {
  const std::string text =
      Replaced(PolicyText(), R"("groups":["ops"],
 "keys")",
               R"("groups":[],"memberships":[{"group":"ops","valid_until_ms":9}],
 "keys")");
  EXPECT_EQ(Read(text).people[1].memberships[0].group, "ops");
}

TEST(PolicyKeys, OfLimitsAreRead) {
  const core::Policy policy =
      Read(With(kOnLimits, R"("hosts":[{"hosts":{"all":{"env":"prod"}},"max_duration_s":1800}])"));
  ASSERT_EQ(policy.limits.hosts.size(), 1u);
  EXPECT_EQ(policy.limits.hosts[0].hosts.all.at("env"), "prod");
  EXPECT_EQ(policy.limits.hosts[0].max_duration, core::Seconds{1800});
}

TEST(PolicyKeys, OfARoleAreRead) {
  std::string text =
      With(kOnRole, R"("max_pending_s":60,"grace_s":30,"warn_s":[600,120],"intercept":true)");
  text = Replaced(text, kOnRole, R"("on_end":"hangup")");
  text = Replaced(text, kOnRule, R"("rest":"any","may_run":["/usr/bin/less"])");
  const core::Policy policy = Read(text);
  const core::Role& role = policy.roles[0];
  EXPECT_EQ(role.max_pending, core::Seconds{60});
  EXPECT_EQ(role.grace, core::Seconds{30});
  EXPECT_EQ(role.warn, (std::vector{core::Seconds{600}, core::Seconds{120}}));
  EXPECT_EQ(role.on_end, core::OnEnd::kHangup);
  EXPECT_TRUE(role.intercept);
  EXPECT_EQ(std::get<core::CommandRule>(role.rules[1].kind).may_run,
            std::vector<std::string>{"/usr/bin/less"});
  const core::Policy plain = Read(PolicyText());
  EXPECT_EQ(plain.roles[0].max_pending, std::nullopt);
  EXPECT_FALSE(plain.roles[0].server || plain.roles[0].automatic || plain.breakglass);
}

TEST(PolicyKeys, OfARolesHostsDoorsAndStartAreRead) {
  std::string text = With(kOnRole, R"("command_blind_doors":["cron"])");
  text = Replaced(text, R"(["approval","first_use"])", R"(["scheduled"])");
  text = Replaced(text, R"({"all":{"tier":"web"},"not":[{"env":"lab"}]})",
                  R"({"any":[{"tier":"web"},{"tier":"db"}]})");
  text = Replaced(text, R"("env":["LANG"])", R"("env":["_a","Z9_z"])");
  const core::Role role = Read(text).roles[0];
  EXPECT_EQ(role.start, std::vector{core::StartRule::kScheduled});
  EXPECT_EQ(role.command_blind_doors, std::vector{core::Door::kCron});
  ASSERT_EQ(role.hosts.any.size(), 2u);
  EXPECT_EQ(role.hosts.any[1], (std::pair<std::string, std::string>{"tier", "db"}));
  EXPECT_EQ(role.env, (std::vector<std::string>{"_a", "Z9_z"}));
}

TEST(PolicyKeys, OfVariablesAreNamesThatAShellTakes) {
  const std::string_view first = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
  const std::string_view digits = "0123456789";
  const auto takes = [](const std::string& name) {
    return ParsePolicy(Replaced(PolicyText(), R"(["LANG"])", "[\"" + name + "\"]")).operator bool();
  };
  for (char c = ' '; c <= '~'; ++c) {
    if (c == '"' || c == '\\') continue;  // another text in JSON
    const bool is_first = first.find(c) != first.npos;
    EXPECT_EQ(takes(std::string(1, c)), is_first) << c;
    EXPECT_EQ(takes("A" + std::string(1, c)), is_first || digits.find(c) != digits.npos) << c;
  }
}

// An envelope holds sixteen signatures: a role that wants more persons could never be used.
TEST(PolicyKeys, OfARoleNeverWantMorePersonsThanAnEnvelopeHoldsSignaturesOf) {
  std::string people;
  for (char c = 'A'; c <= 'Q'; ++c) {  // seventeen
    const std::string blob = SshWriter().String("ssh-ed25519").String(std::string(32, c)).bytes();
    people += std::string(R"(,{"name":"p)") + static_cast<char>(c - 'A' + 'a') +
              R"(","accounts":[],"groups":["many"],"keys":[{"key":")" +
              ParsePublicKeyBlob(blob)->line + R"(","uses":["approve"]}]})";
  }
  const auto with = [&](int count, int another) {
    const auto slot = [](int wanted) {
      return R"({"count":)" + std::to_string(wanted) + R"(,"groups":["many"],"keys":"any"})";
    };
    const std::string text =
        Replaced(PolicyText(), "]}]}],\n\"roles\"", "]}]}" + people + "],\n\"roles\"");
    return Replaced(text, R"({"count":1,"groups":["ops"],"keys":"any"})",
                    slot(count) + "," + slot(another));
  };
  EXPECT_EQ(Read(with(10, 6)).roles[0].approve.size(), 2u) << "control: sixteen";
  ExpectRefused(with(10, 7), "/roles/0/approve");
}

TEST(PolicyKeys, OfTheServersConditionsAreRead) {
  std::string text = With(
      kOnRole,
      R"("server":{"stages":true,"hours":[{"days":["mon"],"from":"08:00","to":"09:00","zone":"UTC"}],)"
      R"("on_call":"web","ticket":"OPS-[0-9]+","max_risk":40,"per_day":3})");
  text = Replaced(text, kOnPolicy, R"("version":3,"zones":{"UTC":"UTC0"})");
  const core::ServerConditions server = *Read(text).roles[0].server;
  EXPECT_TRUE(server.stages);
  EXPECT_EQ(server.hours.size(), 1u);
  EXPECT_EQ(server.on_call, "web");
  EXPECT_EQ(server.ticket, "OPS-[0-9]+");
  EXPECT_EQ(server.max_risk, 40u);
  EXPECT_EQ(server.per_day, 3u);
}

// ---- the automatic approver ----

constexpr std::string_view kAutomatic =
    R"("automatic":{"subjects":{"groups":["web"]},"hosts":{"names":["a"]},"max_duration_s":600,"per_day":2})";

std::string AutomaticText() {
  const std::string key =
      ParsePublicKeyBlob(SshWriter().String("ssh-ed25519").String(std::string(32, 'r')).bytes())
          ->line;
  return Replaced(With(kOnRole, std::string(kAutomatic)), R"("automatic_keys":[])",
                  R"("automatic_keys":[")" + key + R"("])");
}

TEST(AutomaticKeys, AreRead) {
  const core::AutomaticApproval automatic = *Read(AutomaticText()).roles[0].automatic;
  EXPECT_EQ(automatic.subjects.groups, std::vector<std::string>{"web"});
  EXPECT_EQ(automatic.hosts.names, std::vector<std::string>{"a"});
  EXPECT_EQ(automatic.max_duration, core::Seconds{600});
  EXPECT_EQ(automatic.per_day, 2u);
}

// What nobody looks at needs every condition fixed, and is never root.
TEST(AutomaticKeys, AreRefusedWithoutAnyOfTheirConditions) {
  const auto changed = [](std::string_view from, std::string_view to) {
    return Replaced(AutomaticText(), from, to);
  };
  const std::string at = "/roles/0/automatic";
  ExpectRefused(With(kOnRole, std::string(kAutomatic)), at);  // no key
  ExpectRefused(changed(R"({"subjects":{"groups":["web"]},"hosts")", R"({"hosts")"),
                at + "/subjects");
  ExpectRefused(changed(R"("hosts":{"names":["a"]},"max)", R"("max)"), at + "/hosts");
  ExpectRefused(changed(R"("max_duration_s":600,)", ""), at + "/max_duration_s");
  ExpectRefused(changed(R"(,"per_day":2)", ""), at + "/per_day");
  ExpectRefused(changed(R"("per_day":2)", R"("per_day":0)"), at + "/per_day");
  ExpectRefused(changed(R"("max_duration_s":600)", R"("max_duration_s":3601)"),
                at + "/max_duration_s");
  ExpectRefused(changed(R"("per_day":2)", R"("per_day":2,"x":1)"), at + "/x",
                Reason::kUnknownField);
  ExpectRefused(changed(R"({"groups":["web"]},"hosts")", R"({"people":["dave"]},"hosts")"),
                at + "/subjects/people");
  for (const auto& [from, to] :
       {std::pair{kOnRole, R"("full":true,"on_end":"terminate")"},
        std::pair{std::string_view(R"("equals_root":false)"), R"("equals_root":true)"}}) {
    const std::string root = changed(from, to);
    ExpectRefused(root, at);
    EXPECT_TRUE(ParsePolicy(Replaced(root, kOnPolicy, R"("version":3,"server_is_root":true)")));
  }
}

// ---- standing rules and break-glass ----

const std::string kStanding =
    R"("standing":[{"name":"nightly","accounts":["backup"],"hosts":{"names":["a"]},"doors":["sudo"],)"
    R"("run_as":{"users":["root"],"groups":[]},)"
    R"("rules":[{"id":"dump","path":"/usr/bin/pg_dumpall","args":[],"rest":"none"}],)"
    R"("valid_until_ms":1800000000001}])";

TEST(StandingKeys, AreRead) {
  const core::Policy policy = Read(With(kOnPolicy, kStanding));
  ASSERT_EQ(policy.standing.size(), 1u);
  const core::Standing& standing = policy.standing[0];
  EXPECT_EQ(standing.name, "nightly");
  EXPECT_EQ(standing.accounts, std::vector<std::string>{"backup"});
  EXPECT_EQ(standing.run_as.users, std::vector<std::string>{"root"});
  EXPECT_EQ(standing.rules[0].id, "dump");
  EXPECT_EQ(standing.valid_until, core::FromMillis(1'800'000'000'001));
  EXPECT_FALSE(standing.personal || standing.full || standing.intercept);
}

TEST(StandingKeys, AreRefusedWhereTheySayTooMuchOrTooLittle) {
  const auto refused = [](std::string_view from, std::string_view to, std::string_view place,
                          Reason code = Reason::kMalformed) {
    ExpectRefused(With(kOnPolicy, Replaced(kStanding, from, to)), place, code);
  };
  refused(R"("name":"nightly")", R"("name":"nightly","full":true)", "/standing/0/full",
          Reason::kUnknownField);
  refused(R"("name":"nightly")", R"("name":"web-operator")", "/standing/0");
  refused(R"("accounts":["backup"])", R"("accounts":[])", "/standing/0/accounts");
  refused(R"("accounts":["backup"])", R"("accounts":["alice"])", "/standing/0/accounts");
  refused(R"("rest":"none"}])", R"("rest":"none","may_run":["/bin/a"]}])",
          "/standing/0/rules/0/may_run");
  refused(R"({"id":"dump","path":"/usr/bin/pg_dumpall","args":[],"rest":"none"})", "",
          "/standing/0/rules");
  refused(
      R"("name":"nightly")",
      R"("name":"nightly","windows":[{"days":["mon"],"from":"08:00","to":"09:00","zone":"UTC"}])",
      "/standing/0/windows/0/zone");
  const std::string personal =
      Replaced(kStanding, R"("accounts":["backup"])", R"("personal":true,"accounts":["alice"])");
  EXPECT_TRUE(Read(With(kOnPolicy, personal)).standing[0].personal) << "unless it says so";
  const std::string service =
      Replaced(With(kOnAlice, R"("kind":"service")"), kOnPolicy,
               Replaced(kStanding, R"(["backup"])", R"(["alice"])") + R"(,"version":3)");
  EXPECT_TRUE(ParsePolicy(service)) << "a service is no person";
}

const std::string kBreakglass =
    R"("breakglass":{"roles":["web-operator"],"hosts":{"all":{"env":"prod"}},"max_duration_s":3600,)"
    R"("approve":[{"count":1,"groups":["ops"],"keys":"touch"}]})";

TEST(BreakglassKeys, AreRead) {
  const core::Breakglass breakglass = *Read(With(kOnPolicy, kBreakglass)).breakglass;
  EXPECT_EQ(breakglass.roles, std::vector<std::string>{"web-operator"});
  EXPECT_EQ(breakglass.hosts.all.at("env"), "prod");
  EXPECT_EQ(breakglass.max_duration, core::Seconds{3600});
  EXPECT_EQ(breakglass.approve[0].keys, core::KeyUse::kTouch);
}

TEST(BreakglassKeys, AreRefusedWhereTheyMeanNothing) {
  const auto refused = [](std::string_view from, std::string_view to, std::string_view place,
                          Reason code = Reason::kMalformed) {
    ExpectRefused(With(kOnPolicy, Replaced(kBreakglass, from, to)), place, code);
  };
  refused(R"("max_duration_s":3600)", R"("max_duration_s":3601)", "/breakglass/max_duration_s");
  refused(R"("roles":["web-operator"])", R"("roles":["db-operator"])", "/breakglass/roles");
  refused(R"("roles":["web-operator"])", R"("roles":["web-operator","web-operator"])",
          "/breakglass/roles");
  refused(R"("roles":["web-operator"])", R"("roles":[])", "/breakglass/roles");
  refused(R"("count":1)", R"("count":2)", "/breakglass/approve/0");
  refused(R"("approve":[{"count":1,"groups":["ops"],"keys":"touch"}])", R"("approve":[])",
          "/breakglass/approve");
  refused(R"("roles":["web-operator"])", R"("roles":["web-operator"],"x":1)", "/breakglass/x",
          Reason::kUnknownField);
}

}  // namespace
}  // namespace daypass::wire
