// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/policy.h"

#include <gtest/gtest.h>

#include <ctime>
#include <functional>

#include "wire/digest.h"
#include "wire/json.h"
#include "wire_fixture.h"

namespace daypass::wire {
namespace {

using core::Reason;

struct Fault {
  Reason code;
  std::string place;
};

Fault Parse(std::string_view text) {
  const core::Result<core::Policy> policy = ParsePolicy(text);
  return policy ? Fault{Reason::kGranted, ""} : Fault{policy.error().code, policy.error().field};
}

// One change to the good policy, and where it is refused.
struct Change {
  std::string_view from, to, place;
  Reason code = Reason::kMalformed;
};

void ExpectRefused(const Change& change) {
  const Fault fault = Parse(Replaced(PolicyText(), change.from, change.to));
  EXPECT_EQ(core::ReasonName(fault.code), core::ReasonName(change.code)) << change.to;
  EXPECT_EQ(fault.place, change.place) << change.to;
}

const std::string kBobsKey =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJi";
const std::string kCarolsKey =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGNjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2Nj";

TEST(Policy, IsReadWhole) {
  const core::Result<core::Policy> read = ParsePolicy(PolicyText());
  ASSERT_TRUE(read) << read.error().what;
  const core::Policy& policy = *read;
  EXPECT_EQ(policy.realm, kRealm);
  EXPECT_EQ(policy.version, 3u);
  EXPECT_EQ(policy.previous, std::string(64, 'b'));
  EXPECT_EQ(policy.digest, Sha256Hex(PolicyText()));
  EXPECT_EQ(policy.expires - policy.created, core::Seconds{30 * 86400});
  EXPECT_EQ(policy.administrators.threshold, 2u);
  EXPECT_EQ(policy.limits.max_offline, core::Seconds{3600});
  ASSERT_EQ(policy.people.size(), 3u);
  EXPECT_EQ(policy.people[0].accounts, (std::vector<std::string>{"alice", "alice-adm"}));
  EXPECT_EQ(policy.people[1].keys[0].line, kBobsKey);
  EXPECT_TRUE(policy.people[1].keys[0].approve);
  EXPECT_FALSE(policy.people[2].keys[0].approve);
  EXPECT_TRUE(policy.people[2].keys[0].administer);
  EXPECT_EQ(policy.people[2].valid_until, core::FromMillis(1'900'000'000'000));
  EXPECT_EQ(policy.status_keys.size(), 1u);
  EXPECT_FALSE(policy.server_is_root);
}

TEST(Policy, HasItsRolesReadWhole) {
  const core::Policy policy = *ParsePolicy(PolicyText());
  ASSERT_EQ(policy.roles.size(), 1u);
  const core::Role& role = policy.roles[0];
  EXPECT_EQ(role.hosts.all.at("tier"), "web");
  EXPECT_EQ(role.hosts.none_of[0].second, "lab");
  EXPECT_EQ(role.doors, (std::vector{core::Door::kSudo, core::Door::kSsh}));
  EXPECT_EQ(role.run_as.users, std::vector<std::string>{"root"});
  ASSERT_EQ(role.rules.size(), 4u);
  const auto& restart = std::get<core::CommandRule>(role.rules[0].kind);
  EXPECT_EQ(std::get<core::MatchOneOf>(restart.args[0]).values[1], "reload");
  EXPECT_EQ(std::get<core::MatchIs>(restart.args[1]).value, "nginx");
  EXPECT_FALSE(restart.rest_any);
  const auto& tail = std::get<core::CommandRule>(role.rules[1].kind);
  EXPECT_EQ(std::get<core::MatchInt>(tail.args[1]).hi, 500);
  EXPECT_EQ(std::get<core::MatchUnder>(tail.args[2]).path, "/var/log/nginx");
  EXPECT_TRUE(tail.rest_any);
  EXPECT_EQ(tail.sha256, std::string(64, 'c'));
  EXPECT_EQ(
      std::get<core::MatchPattern>(std::get<core::CommandRule>(role.rules[2].kind).args[0]).re,
      "[a-z]+");
  EXPECT_EQ(std::get<core::EditRule>(role.rules[3].kind).files[0], "/etc/nginx/nginx.conf");
  EXPECT_EQ(role.uses, 3u);
  EXPECT_EQ(role.start, (std::vector{core::StartRule::kApproval, core::StartRule::kFirstUse}));
  EXPECT_EQ(role.on_end, core::OnEnd::kTerminate);
  EXPECT_EQ(role.subjects.groups, std::vector<std::string>{"web"});
  EXPECT_EQ(role.approve[0].count, 1u);
}

TEST(Policy, DigestsARoleInItsCanonicalForm) {
  const core::Digest digest = ParsePolicy(PolicyText())->roles[0].digest;
  // Order and spaces of the document do not count; a single value does.
  const auto moved = ParsePolicy(Replaced(PolicyText(), R"({"name":"web-operator","description")",
                                          R"({ "name" : "web-operator",  "description")"));
  EXPECT_EQ(moved->roles[0].digest, digest);
  const auto changed = ParsePolicy(Replaced(PolicyText(), "Run the web", "Run our web"));
  EXPECT_NE(changed->roles[0].digest, digest);
}

// GF-15: policies that could not mean what they say. Control: IsReadWhole, and each row has one
// change only.
TEST(Policy, IsRefusedWhereItCouldNotMeanWhatItSays) {
  const Change changes[] = {
      {R"("threshold":2)", R"("threshold":0)", "/administrators/threshold"},
      {R"("threshold":2)", R"("threshold":3)", "/administrators/threshold"},
      {R"("people":["bob","carol"])", R"("people":["bob","bob"])", "/administrators/people"},
      {R"("people":["bob","carol"])", R"("people":["bob","dave"])", "/administrators/people"},
      {R"("people":["bob","carol"])", R"("people":["bob","alice"])", "/administrators/people"},
      {R"("uses":["administer"])", R"("uses":["signin"])", "/administrators/people"},
      {R"("uses":["administer"])", R"("uses":[])", "/people/2/keys/0/uses"},
      {R"("uses":["administer"])", R"("uses":["root"])", "/people/2/keys/0/uses"},
      {R"("name":"carol")", R"("name":"bob")", "/people/2"},
      {R"("accounts":["bob"])", R"("accounts":["bob","alice"])", "/people/1/accounts"},
      {R"("accounts":["bob"])", R"("accounts":["carol"])", "/people/1/accounts"},
      {kCarolsKey, kBobsKey, "/people/2/keys/0"},
      {R"("groups":["ops"],
 "keys")",
       R"("groups":["web"],
 "keys")",
       "/roles/0/approve/0"},
      {R"("count":1)", R"("count":2)", "/roles/0/approve/0"},
      {R"("count":1)", R"("count":0)", "/roles/0/approve/0/count"},
      {R"("count":1)", R"("count":17)", "/roles/0/approve/0/count"},
      {R"("count":1,"groups":["ops"])", R"("count":1,"groups":[])", "/roles/0/approve/0/groups"},
      {R"("approve":[{"count":1,"groups":["ops"],"keys":"any"}])", R"("approve":[])",
       "/roles/0/approve"},
      {R"("uses":["approve","administer","signin"])", R"("uses":["administer","signin"])",
       "/roles/0/approve/0"},
      {R"("max_duration_s":3600)", R"("max_duration_s":28801)", "/roles/0/max_duration_s"},
      {R"("max_offline_s":600)", R"("max_offline_s":3601)", "/roles/0/max_offline_s"},
      {R"("max_duration_s":28800)", R"("max_duration_s":2592001)", "/limits/max_duration_s"},
      {R"("id":"tail")", R"("id":"restart")", "/roles/0/rules"},
      {R"("expires_ms":1802592000000)", R"("expires_ms":1800000000000)", "/expires_ms"},
      {R"("subjects":{"groups":["web"]})", R"("subjects":{"people":["dave"]})",
       "/roles/0/subjects/people"},
  };
  for (const Change& change : changes) ExpectRefused(change);
}

// GF-15: two roles of one name, of which a statement could mean either.
TEST(Policy, IsRefusedIfTwoRolesHaveOneName) {
  const std::string good = PolicyText();
  const size_t begin = good.find(R"({"name":"web-operator")"), end = good.rfind("]\n}");
  const auto with_another = [&](const std::string& name) {
    std::string role = good.substr(begin, end - begin);
    return Parse(std::string(good).insert(end, "," + Replaced(role, "web-operator", name)));
  };
  EXPECT_EQ(with_another("db-operator").code, Reason::kGranted) << "the control";
  EXPECT_EQ(with_another("web-operator").place, "/roles/1");
}

// GF-15: one key for a person and for the server.
TEST(Policy, IsRefusedIfAServerKeyIsAPersons) {
  ExpectRefused({R"("automatic_keys":[])",
                 R"("automatic_keys":["ssh-ed25519 )"
                 R"(AAAAC3NzaC1lZDI1NTE5AAAAIGJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJi"])",
                 "/server/automatic_keys"});
}

TEST(Policy, IsRefusedWhereAValueIsNotAllowed) {
  const Change changes[] = {
      {R"("path":"/usr/bin/tail")", R"("path":"/usr/bin/../bin/tail")", "/roles/0/rules/1/path"},
      {R"("path":"/usr/bin/tail")", R"("path":"tail")", "/roles/0/rules/1/path"},
      {R"("under":"/var/log/nginx")", R"("under":"/var/log/")", "/roles/0/rules/1/args/2/under"},
      {R"("files":["/etc/nginx/nginx.conf"])", R"("files":[])", "/roles/0/rules/3/edit/files"},
      {R"("cwd":"/")", R"("cwd":"/tmp/.")", "/roles/0/rules/1/cwd"},
      {R"("int":[1,500])", R"("int":[500,1])", "/roles/0/rules/1/args/1/int"},
      {R"("int":[1,500])", R"("int":[1])", "/roles/0/rules/1/args/1/int"},
      {R"({"is":"nginx"})", R"({})", "/roles/0/rules/0/args/1/int"},
      {R"({"is":"nginx"})", R"({"is":"nginx","re":"x"})", "/roles/0/rules/0/args/1/re",
       Reason::kUnknownField},
      {R"({"one_of":["restart","reload"]})", R"({"one_of":[]})", "/roles/0/rules/0/args/0/one_of"},
      {R"("edit":{)", R"("path":"/x","edit":{)", "/roles/0/rules/3/path", Reason::kUnknownField},
      {R"("rest":"any")", R"("rest":"some")", "/roles/0/rules/1/rest"},
      {R"("doors":["sudo","ssh"])", R"("doors":["sudo","window"])", "/roles/0/doors"},
      {R"("doors":["sudo","ssh"])", R"("doors":[])", "/roles/0/doors"},
      {R"("start":["approval","first_use"])", R"("start":["now"])", "/roles/0/start"},
      {R"("on_end":"terminate")", R"("on_end":"explode")", "/roles/0/on_end"},
      {R"("env":["LANG"])", R"("env":["LD PRELOAD"])", "/roles/0/env/0"},
      {R"("env":["LANG"])", R"("env":["A=B"])", "/roles/0/env/0"},
      {R"({"all":{"tier":"web"},"not":[{"env":"lab"}]})", R"({})", "/roles/0/hosts"},
      {R"({"all":{"tier":"web"},"not":[{"env":"lab"}]})", R"({"not":[{"env":"lab"}]})",
       "/roles/0/hosts"},
      {R"({"all":{"tier":"web"},"not":[{"env":"lab"}]})", R"({"names":["a"],"all":{"b":"c"}})",
       "/roles/0/hosts/all", Reason::kUnknownField},
      {R"("not":[{"env":"lab"}])", R"("not":[{"env":"lab","x":"y"}])", "/roles/0/hosts/not/0",
       Reason::kTooLarge},
      {R"("subjects":{"groups":["web"]})", R"("subjects":{})", "/roles/0/subjects"},
      {R"("subjects":{"groups":["web"]})", R"("subjects":{"any":false})", "/roles/0/subjects/any"},
      {R"("keys":"any")", R"("keys":"some")", "/roles/0/approve/0/keys"},
      {R"("status_keys":[)", R"("status_keys":["ssh-rsa AAAA",)", "/server/status_keys",
       Reason::kKeyRefused},
      {R"("uses":["administer"])", R"("uses":["administer"],"touch":true)",
       "/people/2/keys/0/touch"},
      {R"("uses":["administer"])", R"("uses":["administer"],"verify":true)",
       "/people/2/keys/0/verify"},
      {R"(","uses":["administer"])", R"( carol@laptop","uses":["administer"])",
       "/people/2/keys/0/key"},
      {R"("accounts":["bob"])", R"("accounts":["b:b"])", "/people/1/accounts/0"},
      {R"("version":3)", R"("version":0)", "/version"},
      {R"("realm":"0)", R"("realm":"X)", "/realm"},
      {"Run the web servers", "Run\\u202Ethe web servers", "/roles/0/description"},
  };
  for (const Change& change : changes) ExpectRefused(change);
}

// GF-31: unknown keys at every level, a key twice, an unknown format; and the format is judged
// before any key.
TEST(Policy, IsRefusedWithWhatItsFormatDoesNotKnow) {
  const Change changes[] = {
      {R"("version":3)", R"("version":3,"browser_origin":"x")", "/browser_origin",
       Reason::kUnknownField},
      {R"("threshold":2)", R"("threshold":2,"x":1)", "/administrators/x", Reason::kUnknownField},
      {R"("name":"alice")", R"("name":"alice","root":true)", "/people/0/root",
       Reason::kUnknownField},
      {R"("id":"grep")", R"("id":"grep","x":1)", "/roles/0/rules/2/x", Reason::kUnknownField},
      {R"("on_end":"terminate")", R"("on_end":"terminate","x":5)", "/roles/0/x",
       Reason::kUnknownField},
      {R"("count":1)", R"("count":1,"x":1)", "/roles/0/approve/0/x", Reason::kUnknownField},
      {R"("version":3)", R"("version":3,"version":3)", ""},
      {R"("format":1)", R"("format":2)", "/format", Reason::kUnknownFormat},
      {R"("format":1)", R"("format":2,"new":{"things":[1]})", "/format", Reason::kUnknownFormat},
      {R"("type":"policy")", R"("type":"status")", "/type", Reason::kWrongNamespace},
  };
  for (const Change& change : changes) ExpectRefused(change);
}

TEST(Policy, IsRefusedWithoutAnyOfItsKeys) {
  for (const std::string_view key : {"realm", "version", "previous", "created_ms", "administrators",
                                     "server", "limits", "people", "roles", "description", "hosts",
                                     "run_as", "rules", "on_end", "subjects", "approve"}) {
    const std::string quoted = "\"" + std::string(key) + "\":";
    std::string text = PolicyText();
    text.replace(text.rfind(quoted), quoted.size(), "\"other\":");
    EXPECT_EQ(core::ReasonName(Parse(text).code), "malformed") << key;
  }
}

TEST(Policy, TakesKeysOfTokensThatMustBeTouched) {
  const SoftToken token(KeyType::kSkEd25519);
  std::string text = Replaced(PolicyText(), kCarolsKey, token.key().line);
  text = Replaced(text, R"("uses":["administer"])", R"("uses":["administer"],"verify":true)");
  const auto policy = ParsePolicy(text);
  ASSERT_TRUE(policy) << policy.error().what;
  EXPECT_EQ(policy->people[2].keys[0].required, core::KeyUse::kVerify);
}

// ---- windows that recur ----

constexpr std::string_view kOnEnd = R"("on_end":"terminate")";
constexpr std::string_view kWindows =
    R"("windows":[{"days":["mon","sat"],"from":"22:00","to":"06:30","zone":"Europe/Berlin"}],)";
constexpr std::string_view kZones = R"("zones":{"Europe/Berlin":"CET-1CEST,M3.5.0,M10.5.0/3"})";

std::string PolicyWithHours() {
  std::string text = Replaced(PolicyText(), kOnEnd, std::string(kWindows) + std::string(kOnEnd));
  return Replaced(text, R"("version":3)", R"("version":3,)" + std::string(kZones));
}

TEST(Policy, HasItsWindowsAndZonesRead) {
  const core::Result<core::Policy> policy = ParsePolicy(PolicyWithHours());
  ASSERT_TRUE(policy) << policy.error().what;
  ASSERT_EQ(policy->roles[0].windows.size(), 1u);
  const core::Hours& hours = policy->roles[0].windows[0];
  EXPECT_EQ(hours.days, (std::array<bool, 7>{false, true, false, false, false, false, true}));
  EXPECT_EQ(hours.from, std::chrono::hours{22});
  EXPECT_EQ(hours.to, std::chrono::minutes{390});
  EXPECT_EQ(hours.zone, "Europe/Berlin");
  EXPECT_EQ(policy->zones.at("Europe/Berlin").standard, core::Seconds{3600});
}

TEST(Policy, IsRefusedWhereItsHoursMeanNothing) {
  const Change changes[] = {
      {R"("mon","sat")", R"("mon","mon")", "/roles/0/windows/0/days"},
      {R"("mon","sat")", R"("monday")", "/roles/0/windows/0/days/0"},
      {R"("mon","sat")", R"("MON")", "/roles/0/windows/0/days/0"},
      {R"("mon","sat")", "", "/roles/0/windows/0/days"},
      {R"("22:00")", R"("22.00")", "/roles/0/windows/0/from"},
      {R"("22:00")", R"("24:00")", "/roles/0/windows/0/from"},
      {R"("22:00")", R"("06:30")", "/roles/0/windows/0/to"},
      {R"("06:30")", R"("24:01")", "/roles/0/windows/0/to"},
      {R"("06:30")", R"("06:60")", "/roles/0/windows/0/to"},
      {R"("06:30")", R"("6:30")", "/roles/0/windows/0/to"},
      {R"("zone":"Europe/Berlin")", R"("zone":"Europe/Paris")", "/roles/0/windows/0/zone"},
      {R"("zone":"Europe/Berlin")", R"("zone":"../Berlin")", "/roles/0/windows/0/zone"},
      {R"("zone":"Europe/Berlin")", R"("zone":"Europe/Berlin","x":1)", "/roles/0/windows/0/x",
       Reason::kUnknownField},
      {"CET-1CEST,M3.5.0,M10.5.0/3", "Europe/Berlin", "/zones"},
      {R"({"Europe/Berlin":)", R"({"Europe//Berlin":)", "/zones"},
      {kWindows, R"("windows":[],)", "/roles/0/windows"},
  };
  for (const Change& change : changes) {
    const Fault fault = Parse(Replaced(PolicyWithHours(), change.from, change.to));
    EXPECT_EQ(core::ReasonName(fault.code), core::ReasonName(change.code)) << change.to;
    EXPECT_EQ(fault.place, change.place) << change.to;
  }
}

// ---- policies as large as their limits allow ----

double CpuSeconds(const std::function<void()>& work) {
  const auto now = [] {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  };
  const double begin = now();
  work();
  return now() - begin;
}

/// `count` times what `make` makes, with commas between.
std::string List(size_t count, const std::function<std::string(size_t)>& make) {
  std::string list;
  for (size_t i = 0; i < count; ++i) list += (i == 0 ? "" : ",") + make(i);
  return list;
}

/// The good policy with many more people, who approve nothing that counts, and many more roles.
std::string LargePolicy(size_t people, size_t roles, const std::string& subjects,
                        const std::string& approve) {
  const std::string more_people = List(people, [](size_t i) {
    const std::string number = std::to_string(100000 + i);
    return R"({"name":"person-)" + number + R"(","accounts":[],"groups":["crowd"],"keys":[]})";
  });
  const std::string more_roles = List(roles, [&](size_t i) {
    return R"({"name":"role-)" + std::to_string(i) +
           R"(","description":"","hosts":{"names":["a"]},"doors":["su"],)" +
           R"("run_as":{"users":[],"groups":[]},"rules":[],"max_duration_s":1,"max_offline_s":0,)" +
           R"("start":["approval"],"on_end":"notify","subjects":{"people":[)" + subjects +
           R"(]},"approve":[)" + approve + "]}";
  });
  std::string text = Replaced(PolicyText(), R"("people":[
)",
                              R"("people":[)" + more_people + ",");
  return Replaced(std::move(text), R"("roles":[)", R"("roles":[)" + more_roles + ",");
}

// GF-30: hosts read a policy before they know whether its signers count, so no policy may hold
// them up. Reading it costs a small multiple of reading its JSON, however much in it refers to
// what; it was hundreds of times as much. Control: the policies are good ones.
TEST(Policy, IsReadInTimeHoweverMuchInItRefersToWhat) {
  const std::string one_approver = R"({"count":1,"groups":["ops"],"keys":"any"})";
  const auto last_person = [](size_t) { return std::string(R"("person-115999")"); };
  const auto same = [&](size_t) { return one_approver; };
  for (const std::string& text : {LargePolicy(16000, 150, List(1000, last_person), one_approver),
                                  LargePolicy(16000, 1000, R"("bob")", List(16, same))}) {
    bool is_good = false;
    const double json = CpuSeconds([&] { (void)ParseJson(text, {.max_bytes = size_t{16} << 20}); });
    const double policy = CpuSeconds([&] { is_good = static_cast<bool>(ParsePolicy(text)); });
    EXPECT_TRUE(is_good) << Parse(text).place;
    EXPECT_LT(policy, 30 * json) << text.size() << " bytes";
  }
}

}  // namespace
}  // namespace daypass::wire
