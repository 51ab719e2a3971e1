// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Narrowing never widens: each way to make a rule, a role, a limit, a person or a status say less
// is applied to worlds in which much is allowed, and nothing is allowed after it that was not
// before.
#include <gtest/gtest.h>

#include <algorithm>

#include "core/pattern.h"
#include "core_fixture.h"
#include "draw.h"

namespace daypass::core {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

[[maybe_unused]] const bool kConfigured = ConfigureProperties();

const std::string kRobot = "SHA256:robot";

// ---- worlds in which much is allowed ----

std::vector<Rule> WideRules() {
  std::vector<Rule> rules = {
      MakeRule("restart", "/usr/bin/systemctl",
               {MatchOneOf{{"restart", "reload", "stop"}}, MatchIs{"nginx"}}),
      MakeRule("tail", "/usr/bin/tail", {MatchIs{"-n"}, MatchInt{1, 10}, MatchUnder{"/srv"}}),
      MakeRule("ping", "/usr/bin/ping", {MatchPattern{"web-[0-9]+"}}),
      {"conf", EditRule{{"/etc/a", "/etc/b"}}}};
  std::get<CommandRule>(rules[0].kind).may_run = {"/usr/bin/less", "/usr/bin/cat"};
  std::get<CommandRule>(rules[1].kind).rest_any = true;
  return rules;
}

Standing WideStanding() {
  Standing standing = MakeStanding();
  standing.accounts = {"backup", "alice"};
  standing.personal = true;
  standing.rules = {MakeRule("dump", "/usr/bin/pg_dumpall", {MatchOneOf{{"--clean", "-c"}}})};
  return standing;
}

Hours Open(minutes from, minutes to) {
  return {{true, true, true, true, true, true, true}, from, to, "UTC"};
}

/// kNoon is 08:00 on a Friday, UTC.
using Variation = void (*)(World&);
const std::vector<Variation> kVariations = {
    [](World&) {},
    [](World& w) { w.role().full = true; },
    [](World& w) { w.role().windows = {Open(hours{7}, hours{9}), Open(hours{8}, hours{20})}; },
    [](World& w) { w.policy.standing[0].windows = {Open(hours{22}, hours{9})}; },
    [](World& w) {
      w.statement().start = StartRule::kFirstUse;
      w.grant().latch.started.reset();
    },
    [](World& w) {
      w.statement().start = StartRule::kScheduled;
      w.statement().start_at = kNoon - minutes{5};
    },
    [](World& w) { w.statement().uses = w.role().uses = 3; },
    [](World& w) { w.role().hosts = {{}, {{"env", "prod"}}, {}, {{"env", "lab"}}}; },
    [](World& w) { w.role().hosts = {{}, {}, {{"env", "prod"}, {"env", "lab"}}, {}}; },
    [](World& w) { w.role().subjects = {true, {}, {}}; },
    [](World& w) { w.role().subjects = {false, {"alice"}, {}}; },
    [](World& w) {
      w.policy.people[1].groups.clear();
      w.policy.people[1].memberships = {{"ops", kNoon + hours{1}}};
    },
    [](World& w) {
      w.policy.automatic_keys = {MakeKey(kRobot)};
      w.role().automatic = {{false, {}, {"web"}}, {{"web-1"}, {}, {}, {}}, minutes{30}, 1};
      w.grant().approvals = {{kRobot, false, false}};
    },
    [](World& w) { w.grant().approvals.push_back({"SHA256:carol", true, true}); },
    [](World& w) {
      w.grant().approvals = {{"SHA256:bob", true, true}, {"SHA256:carol", true, false}};
      w.role().approve = {{1, {"ops"}, KeyUse::kTouch}, {1, {"ops", "leads"}, KeyUse::kAny}};
    },
};

World Wide() {
  static const PatternMatcher kMatchesPattern = MakePatternMatcher();
  World world;
  world.matches_pattern = kMatchesPattern;
  Role& role = world.role();
  role.rules = WideRules();
  role.doors = {Door::kSudo, Door::kSsh};
  role.command_blind_doors = {Door::kSu};
  role.run_as = {{"root", "postgres"}, {"adm"}};
  role.env = {"FOO"};
  world.policy.standing = {WideStanding()};
  world.policy.zones = {{"UTC", *ParseZone("UTC0")}};
  return world;
}

// ---- what is asked ----

void Run(World& world, const std::string& path, std::vector<std::string> args) {
  world.query.command_path = SafePath(path);
  world.query.command_path.sha256 = kToolDigest;
  world.query.args = std::move(args);
}
void Edit(World& world, const std::vector<std::string>& files) {
  world.query.mode = Mode::kEdit;
  world.query.files = files;
  for (const std::string& file : files) world.query.file_paths.push_back(SafePath(file));
}
void Tail(World& world, std::vector<std::string> args) {
  Run(world, "/usr/bin/tail", std::move(args));
  world.query.arg_paths = {{}, {}, SafePath("/srv/app/x")};
}

using Asking = void (*)(World&);
const std::vector<Asking> kAskings = {
    [](World& w) { w.query.intercepts = true; },
    [](World& w) { Run(w, "/usr/bin/systemctl", {"stop", "nginx"}); },
    [](World& w) { w.query.env.emplace_back("FOO=1"); },
    [](World& w) { w.query.runas_user = "postgres", w.query.runas_uid = 26; },
    [](World& w) { w.query.runas_group = "adm"; },
    [](World& w) { Tail(w, {"-n", "1", "/srv/app/x"}); },
    [](World& w) { Tail(w, {"-n", "10", "./x", "and", "more"}); },
    [](World& w) { Tail(w, {"-n", "5", "-x"}); },
    [](World& w) { Run(w, "/usr/bin/ping", {"web-1"}), w.query.cwd = "/srv"; },
    [](World& w) { Run(w, "/usr/bin/ping", {"web-22"}); },
    [](World& w) { Edit(w, {"/etc/a"}); },
    [](World& w) { Edit(w, {"/etc/b", "/etc/a"}); },
    [](World& w) { Run(w, "/usr/bin/bash", {}); },
    [](World& w) { w.query.mode = Mode::kShell; },
    [](World& w) { w.query.options = {"chdir"}; },
    [](World& w) { w.query.door = Door::kSsh, w.query.mode = Mode::kAccount; },
    [](World& w) { w.query.door = Door::kSu, w.query.mode = Mode::kAccount; },
    [](World& w) {
      Run(w, "/usr/bin/less", {"x"});
      w.query.parent = Parent{kGrantId, "", "restart"};
      w.query.intercepts = true;
    },
    [](World& w) {
      Run(w, "/usr/bin/bash", {});
      w.query.parent = Parent{kGrantId, "", "restart"};
    },
    [](World& w) { Run(w, "/usr/bin/pg_dumpall", {"--clean"}); },
    [](World& w) {
      Run(w, "/usr/bin/pg_dumpall", {"-c"});
      w.query.user = "backup", w.query.uid = 34;
      w.query.env.clear();
    },
};

// ---- ways to say less ----

template <typename T>
void Erase(std::vector<T>& values, size_t pick) {
  if (!values.empty()) values.erase(values.begin() + static_cast<long>(pick % values.size()));
}

template <typename Kind>
Kind* Find(World& world, size_t pick) {
  std::vector<Kind*> found;
  for (Rule& rule : world.role().rules) {
    if (auto* kind = std::get_if<Kind>(&rule.kind)) found.push_back(kind);
  }
  return found.empty() ? nullptr : found[pick % found.size()];
}

void NarrowMatcher(Matcher& matcher, size_t pick) {
  if (auto* one_of = std::get_if<MatchOneOf>(&matcher)) return Erase(one_of->values, pick);
  if (auto* range = std::get_if<MatchInt>(&matcher)) {
    if (pick % 2 == 0) ++range->lo;
    if (pick % 2 == 1) --range->hi;
  } else if (auto* under = std::get_if<MatchUnder>(&matcher)) {
    under->path += pick % 2 == 0 ? "/app" : "/other";
  } else if (std::holds_alternative<MatchPattern>(matcher)) {
    matcher = MatchIs{"web-1"};
  }
}

void NarrowMatchers(World& world, size_t pick) {
  for (Rule& rule : world.role().rules) {
    auto* command = std::get_if<CommandRule>(&rule.kind);
    if (!command) continue;
    for (Matcher& matcher : command->args) NarrowMatcher(matcher, pick);
  }
}

void NarrowWindows(std::vector<Hours>& windows, size_t pick) {
  if (windows.empty()) {
    windows = {Open(hours{7 + pick % 3}, hours{10})};
    return;
  }
  Hours& narrower = windows[pick % windows.size()];
  switch (pick % 3) {
    case 0:
      narrower.days[5] = false;  // the day it is
      break;
    case 1:
      narrower.to = narrower.from + minutes{1};
      break;
    default:
      if (windows.size() > 1) Erase(windows, pick);
  }
}

template <typename T>
void Lower(T& value, T to) {
  value = std::min(value, to);
}

/// Now, or in an hour, unless it ends before that.
void End(std::optional<Instant>& end, size_t pick) {
  end = std::min(end.value_or(Instant::max()), kNoon + hours{pick % 2});
}

using Narrow = void (*)(World&, size_t pick);
const std::vector<Narrow> kNarrowings = {
    // rules
    [](World& w, size_t pick) { Erase(w.role().rules, pick); },
    NarrowMatchers,
    [](World& w, size_t pick) {
      if (auto* command = Find<CommandRule>(w, pick)) command->rest_any = false;
    },
    [](World& w, size_t pick) {
      if (auto* command = Find<CommandRule>(w, pick); command && !command->cwd)
        command->cwd = "/srv";
    },
    [](World& w, size_t pick) {
      if (auto* command = Find<CommandRule>(w, pick); command && !command->sha256)
        command->sha256 = kToolDigest;
    },
    [](World& w, size_t pick) {
      if (auto* command = Find<CommandRule>(w, pick)) Erase(command->may_run, pick / 3);
    },
    [](World& w, size_t pick) {
      if (auto* edit = Find<EditRule>(w, pick)) Erase(edit->files, pick);
    },
    // powers
    [](World& w, size_t) { w.role().full = false; },
    [](World& w, size_t) { w.role().intercept = true; },
    [](World& w, size_t pick) { Erase(w.role().doors, pick); },
    [](World& w, size_t pick) { Erase(w.role().command_blind_doors, pick); },
    [](World& w, size_t pick) { Erase(w.role().run_as.users, pick); },
    [](World& w, size_t pick) { Erase(w.role().run_as.groups, pick); },
    [](World& w, size_t pick) { Erase(w.role().env, pick); },
    [](World& w, size_t pick) { NarrowWindows(w.role().windows, pick); },
    [](World& w, size_t pick) {
      HostSelector& hosts = w.role().hosts;
      if (!hosts.names.empty()) return Erase(hosts.names, pick);
      if (hosts.any.size() > 1) return Erase(hosts.any, pick);
      if (!hosts.all.empty()) hosts.all.emplace("tier", "web");
    },
    [](World& w, size_t) {
      if (w.role().hosts.names.empty()) w.role().hosts.none_of.emplace_back("env", "prod");
    },
    // the role
    [](World& w, size_t) { Lower<Seconds>(w.role().max_duration, minutes{29}); },
    [](World& w, size_t) { Lower<Seconds>(w.role().max_offline, Seconds{59}); },
    [](World& w, size_t) { w.role().max_pending = minutes{1}; },
    [](World& w, size_t pick) { Erase(w.role().start, pick); },
    [](World& w, size_t) { w.role().uses = 1; },
    [](World& w, size_t pick) { End(w.role().valid_until, pick); },
    [](World& w, size_t) { w.role().subjects.any = false; },
    [](World& w, size_t pick) { Erase(w.role().subjects.people, pick); },
    [](World& w, size_t pick) { Erase(w.role().subjects.groups, pick); },
    [](World& w, size_t pick) { Erase(w.role().approve[0].groups, pick); },
    [](World& w, size_t) { ++w.role().approve[0].count; },
    [](World& w, size_t) { w.role().approve[0].keys = KeyUse::kVerify; },
    [](World& w, size_t pick) {
      w.role().approve.push_back({1, {pick % 2 == 0 ? "ops" : "leads"}, KeyUse::kTouch});
    },
    // the automatic approver
    [](World& w, size_t) { w.role().automatic.reset(); },
    [](World& w, size_t pick) {
      if (w.role().automatic) Erase(w.role().automatic->subjects.groups, pick);
    },
    [](World& w, size_t pick) {
      if (w.role().automatic) Erase(w.role().automatic->hosts.names, pick);
    },
    [](World& w, size_t) {
      if (w.role().automatic) Lower<Seconds>(w.role().automatic->max_duration, minutes{29});
    },
    [](World& w, size_t) {
      if (w.role().automatic) w.role().automatic->per_day = 0;
    },
    [](World& w, size_t pick) { Erase(w.policy.automatic_keys, pick); },
    // standing rules
    [](World& w, size_t pick) { Erase(w.policy.standing, pick); },
    [](World& w, size_t pick) {
      if (!w.policy.standing.empty()) Erase(w.policy.standing[0].accounts, pick);
    },
    [](World& w, size_t pick) {
      if (!w.policy.standing.empty()) Erase(w.policy.standing[0].rules, pick);
    },
    [](World& w, size_t pick) {
      if (!w.policy.standing.empty()) NarrowWindows(w.policy.standing[0].windows, pick);
    },
    [](World& w, size_t) {
      if (!w.policy.standing.empty()) w.policy.standing[0].personal = false;
    },
    [](World& w, size_t pick) {
      if (!w.policy.standing.empty()) End(w.policy.standing[0].valid_until, pick);
    },
    // limits
    [](World& w, size_t) { Lower<Seconds>(w.policy.limits.max_duration, minutes{29}); },
    [](World& w, size_t) { Lower<Seconds>(w.policy.limits.max_offline, Seconds{59}); },
    [](World& w, size_t) { Lower<Seconds>(w.policy.limits.max_pending, minutes{1}); },
    [](World& w, size_t pick) {
      w.policy.limits.hosts.push_back(
          {{{"web-1"}, {}, {}, {}}, pick % 2 == 0 ? minutes{29} : minutes{30}});
    },
    [](World& w, size_t) { w.policy.zones.clear(); },
    // people: alice who asks, bob and carol who approve
    [](World& w, size_t pick) { Erase(w.policy.people[pick % 3].groups, pick); },
    [](World& w, size_t pick) { Erase(w.policy.people[pick % 3].memberships, pick); },
    [](World& w, size_t pick) {
      for (Membership& each : w.policy.people[pick % 3].memberships) each.until = kNoon;
    },
    [](World& w, size_t pick) { End(w.policy.people[pick % 3].valid_until, pick / 3); },
    [](World& w, size_t) { w.policy.people[1].is_service = true; },
    [](World& w, size_t pick) { w.policy.people[pick % 3].keys[0].approve = false; },
    [](World& w, size_t pick) { w.policy.people[pick % 3].keys[0].required = KeyUse::kVerify; },
    // what the server says
    [](World& w, size_t) {
      if (w.status_time) *w.status_time -= hours{2};
    },
    [](World& w, size_t) { w.status_time.reset(); },
    [](World& w, size_t) { w.revoked.insert(w.statement().id); },
    [](World& w, size_t) { w.revoked_people["alice"] = kNoon; },
    [](World& w, size_t pick) { w.suspended_people.insert(w.policy.people[pick % 3].name); },
    [](World& w, size_t pick) {
      w.suspended_keys.insert(pick % 2 == 0 ? std::string("SHA256:bob") : kRobot);
    },
    // the grant
    [](World& w, size_t pick) { Erase(w.grant().approvals, pick); },
    [](World& w, size_t pick) { Erase(w.statement().hosts, pick); },
};

constexpr size_t kPicks = 6;

// The properties below say little of a narrowing that never meets anything.
TEST(Narrowing, HasWaysThatEachTakeSomethingAway) {
  size_t allowed = 0, asked = 0;
  std::vector<size_t> taken(kNarrowings.size());
  for (const Variation vary : kVariations) {
    for (const Asking ask : kAskings) {
      World world = Wide();
      vary(world);
      ask(world);
      ++asked;
      if (!IsAllow(world.Ask())) continue;
      ++allowed;
      for (size_t i = 0; i < kNarrowings.size() * kPicks; ++i) {
        World narrower = world;
        kNarrowings[i / kPicks](narrower, i % kPicks);
        if (!IsAllow(narrower.Ask())) ++taken[i / kPicks];
      }
    }
  }
  EXPECT_GT(allowed * 2, asked);
  for (size_t i = 0; i < taken.size(); ++i) EXPECT_GT(taken[i], 0u) << "way " << i;
}

/// One way, near the last one in the list: two that may heal one another are neighbours there.
void NarrowAnyhow(World& world, size_t& way) {
  way = (way + Below(9)) % kNarrowings.size();
  kNarrowings[way](world, Below(kPicks));
  if (OneIn(2)) way += kNarrowings.size() - 8;
}

PROPERTY(Narrowing, NeverWidens) {
  World world = Wide();
  Pick(kVariations)(world);
  Pick(kAskings)(world);
  size_t way = Below(kNarrowings.size());
  bool before = IsAllow(world.Ask());
  for (size_t steps = 1 + Below(6); steps > 0; --steps) {
    NarrowAnyhow(world, way);
    const bool after = IsAllow(world.Ask());
    RC_ASSERT(before || !after);
    before = after;
  }
}

// What runs already is judged anew as well: what was over stays over.
PROPERTY(Narrowing, NeverRevivesWhatIsOver) {
  World world = Wide();
  Pick(kVariations)(world);
  world.now.hi += *rc::gen::element(Millis{0}, Millis{minutes{25}});
  const auto is_over = [&] { return WhyOver(world.MakeSnapshot(), world.grant()).has_value(); };
  size_t way = Below(kNarrowings.size());
  bool before = is_over();
  for (size_t steps = 1 + Below(6); steps > 0; --steps) {
    NarrowAnyhow(world, way);
    const bool after = is_over();
    RC_ASSERT(!before || after);
    before = after;
  }
}

}  // namespace
}  // namespace daypass::core
