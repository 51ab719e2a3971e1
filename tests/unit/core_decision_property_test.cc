// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Properties of Decide over random worlds: default deny, every field counts, grants add up.
#include <gtest/gtest.h>

#include <functional>

#include "core_fixture.h"
#include "draw.h"

namespace daypass::core {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

[[maybe_unused]] const bool kConfigured = ConfigureProperties();

using SpoilGrant = void (*)(Grant&);
using SpoilWorld = void (*)(World&);

// Each alone keeps a grant from allowing.
const std::vector<SpoilGrant> kGrantFaults = {
    [](Grant& g) { g.statement.realm[0] = 'f'; },
    [](Grant& g) { g.statement.subject = "bob"; },
    [](Grant& g) { g.statement.role = "db-operator"; },
    [](Grant& g) { g.statement.role_digest[63] = 'b'; },
    [](Grant& g) { g.statement.hosts = {"web-2"}; },
    [](Grant& g) { g.statement.hosts.clear(); },
    [](Grant& g) { g.statement.duration = Seconds{0}; },
    [](Grant& g) { g.statement.duration = hours{1} + Seconds{1}; },
    [](Grant& g) { g.statement.start_by = g.statement.created; },
    [](Grant& g) { g.statement.start_by = g.statement.created + hours{24} + Millis{1}; },
    [](Grant& g) { g.statement.start_at = kNoon + hours{1}; },
    [](Grant& g) { g.statement.start = StartRule::kScheduled; },
    [](Grant& g) { g.statement.requester = "bob"; },
    [](Grant& g) { g.statement.created = kNoon + hours{1}; },
    [](Grant& g) { g.approvals.clear(); },
    [](Grant& g) { g.approvals = {ApprovalOf("alice")}; },
    [](Grant& g) { g.approvals = {ApprovalOf("eve")}; },
    [](Grant& g) { g.approvals = {ApprovalOf("mallory")}; },
    [](Grant& g) { g.latch.started.reset(); },
    [](Grant& g) { g.latch.started = kNoon + Millis{1}; },
    [](Grant& g) { g.latch.started = kNoon - minutes{30}; },
    [](Grant& g) { g.latch.ended = true; },
    [](Grant& g) { g.latch.dropped = true; },
    [](Grant& g) { g.statement.uses = g.latch.uses_spent = 1; },
    [](Grant& g) { g.bound_uid.reset(); },
    [](Grant& g) { g.bound_uid = 1002; },
};

const std::vector<SpoilWorld> kWorldFaults = {
    [](World& w) { w.policy.realm[0] = w.statement().realm[0] = 'f'; },
    [](World& w) { w.policy.people[1].groups.clear(); },
    [](World& w) { w.policy.people[1].valid_until = kNoon; },
    [](World& w) { w.policy.people[1].keys[0].approve = false; },
    [](World& w) { w.policy.people[1].keys[0].required = KeyUse::kTouch; },
    [](World& w) { w.policy.people[1].accounts.emplace_back("alice"); },
    [](World& w) { w.policy.people[0].groups.clear(); },
    [](World& w) { w.policy.people[0].valid_until = kNoon; },
    [](World& w) { w.policy.limits.max_duration = minutes{29}; },
    [](World& w) { w.policy.limits.max_pending = minutes{59}; },
    [](World& w) { w.policy.limits.max_offline = Seconds{59}; },
    [](World& w) { w.role().approve.clear(); },
    [](World& w) { w.role().approve.push_back({1, {"ops"}, KeyUse::kAny}); },
    [](World& w) { w.role().approve[0].count = 2; },
    [](World& w) { w.role().approve[0].keys = KeyUse::kTouch; },
    [](World& w) { w.role().valid_until = kNoon; },
    [](World& w) { w.role().uses = 1; },
    [](World& w) { w.role().start = {StartRule::kFirstUse}; },
    [](World& w) { w.role().doors = {Door::kSsh}; },
    [](World& w) { w.role().run_as.users = {"postgres"}; },
    [](World& w) { w.role().rules.clear(); },
    [](World& w) { w.role().hosts = {}; },
    [](World& w) { w.host.name = "web-3"; },
    [](World& w) { w.now.hi += hours{1}; },
    [](World& w) { w.now.lo -= hours{1}; },
    [](World& w) { w.status_time.reset(); },
    [](World& w) { w.status_time = kNoon - hours{2}; },
    [](World& w) { w.revoked.insert(w.statement().id); },
    [](World& w) { w.revoked_people["alice"] = kNoon; },
    [](World& w) { w.suspended_people.insert("alice"); },
    [](World& w) { w.suspended_people.insert("bob"); },
    [](World& w) { w.suspended_keys.insert("SHA256:bob"); },
};

/// A grant with the faults of these indices, if there are any.
Grant GrantWith(const std::vector<size_t>& faults, size_t number) {
  Grant grant = MakeGrant();
  grant.statement.id = Digest(64, static_cast<char>('0' + number % 10));
  for (const size_t fault : faults) kGrantFaults[fault](grant);
  return grant;
}

template <typename T>
std::vector<size_t> AnyOf(const std::vector<T>& all, size_t at_least) {
  std::vector<size_t> faults;
  const size_t count = at_least + Below(3);
  while (faults.size() < count) faults.push_back(Below(all.size()));
  return faults;
}

TEST(DefaultDeny, HasFaultsThatEachDenyAlone) {
  ASSERT_TRUE(IsAllow(World{}.Ask()));
  for (size_t i = 0; i < kGrantFaults.size(); ++i) {
    World world;
    kGrantFaults[i](world.grant());
    EXPECT_FALSE(IsAllow(world.Ask())) << "fault " << i << " of a grant";
  }
  for (size_t i = 0; i < kWorldFaults.size(); ++i) {
    World world;
    kWorldFaults[i](world);
    EXPECT_FALSE(IsAllow(world.Ask())) << "fault " << i << " of the world";
  }
}

PROPERTY(DefaultDeny, HoldsInEveryWorldWithoutAFlawlessGrant) {
  World world;
  const bool world_is_flawed = *rc::gen::arbitrary<bool>();
  world.grants.clear();
  const size_t count = Below(4);
  for (size_t i = 0; i < count; ++i)
    world.grants.push_back(GrantWith(AnyOf(kGrantFaults, world_is_flawed ? 0 : 1), i));
  if (world_is_flawed && count > 0) {
    // One fault, since two of the world may heal one another; each must hold for every grant in it.
    const size_t fault = Below(kWorldFaults.size());
    for (Grant& grant : world.grants) {
      World alone = world;
      alone.grants = {grant};
      kWorldFaults[fault](alone);
      RC_ASSERT(!IsAllow(alone.Ask()));
    }
  } else {
    const Decision decision = world.Ask();
    RC_ASSERT(!IsAllow(decision));
    RC_ASSERT(decision.rule.empty());
    RC_ASSERT(!decision.starts);
  }
}

PROPERTY(Grants, AddUpAndNoneTakesAnotherAway) {
  World world;
  world.grants.clear();
  bool any_allows = false;
  const size_t count = 1 + Below(4);
  for (size_t i = 0; i < count; ++i) {
    const bool before = IsAllow(world.Ask());
    World alone;
    alone.grants = {GrantWith(AnyOf(kGrantFaults, 0), i)};
    any_allows = any_allows || IsAllow(alone.Ask());
    world.grants.push_back(alone.grant());
    const bool after = IsAllow(world.Ask());
    RC_ASSERT(!before || after);
    RC_ASSERT(after == any_allows);
  }
}

using SpoilStanding = void (*)(Standing&);

// Each alone keeps a standing rule from allowing.
const std::vector<SpoilStanding> kStandingFaults = {
    [](Standing& s) { s.accounts = {"backup"}; },   [](Standing& s) { s.personal = false; },
    [](Standing& s) { s.valid_until = kNoon; },     [](Standing& s) { s.windows = {Hours{}}; },
    [](Standing& s) { s.hosts.names = {"web-2"}; }, [](Standing& s) { s.doors = {Door::kSsh}; },
    [](Standing& s) { s.run_as.users.clear(); },    [](Standing& s) { s.rules.clear(); },
    [](Standing& s) { s.intercept = true; },
};

Standing StandingWith(const std::vector<size_t>& faults) {
  Standing standing = MakeStanding();
  standing.accounts = {"alice", "backup"};
  standing.personal = true;
  standing.rules = MakeRole().rules;
  for (const size_t fault : faults) kStandingFaults[fault](standing);
  return standing;
}

/// A world in which only this grant or this standing rule may allow.
World Alone(std::vector<Grant> grants, std::vector<Standing> standing) {
  World world;
  world.grants = std::move(grants);
  world.policy.standing = std::move(standing);
  return world;
}

TEST(StandingRule, HasFaultsThatEachDenyAlone) {
  ASSERT_TRUE(IsAllow(Alone({}, {StandingWith({})}).Ask()));
  for (size_t i = 0; i < kStandingFaults.size(); ++i)
    EXPECT_FALSE(IsAllow(Alone({}, {StandingWith({i})}).Ask())) << "fault " << i;
}

PROPERTY(Grants, AndStandingRulesAddUp) {
  World world = Alone({}, {});
  bool any_allows = false;
  for (size_t i = Below(3); i > 0; --i) {
    world.grants.push_back(GrantWith(AnyOf(kGrantFaults, 0), i));
    any_allows = any_allows || IsAllow(Alone({world.grants.back()}, {}).Ask());
  }
  for (size_t i = Below(3); i > 0; --i) {
    const Standing standing = StandingWith(AnyOf(kStandingFaults, 0));
    world.policy.standing.push_back(standing);
    any_allows = any_allows || IsAllow(Alone({}, {standing}).Ask());
  }
  RC_ASSERT(IsAllow(world.Ask()) == any_allows);
}

/// A world in which every field of the query counts.
World Strict() {
  World world;
  world.rule().cwd = "/srv";
  world.rule().sha256 = kToolDigest;
  world.role().run_as.groups = {"adm"};
  world.query.cwd = "/srv";
  world.query.command_path.sha256 = kToolDigest;
  world.query.runas_group = "adm";
  return world;
}

/// Any value but the one there.
template <typename T>
void Mutate(T& value) {
  const T old = value;
  value = *rc::gen::distinctFrom(rc::gen::arbitrary<T>(), old);
}
void MutateOne(std::vector<std::string>& values) {
  switch (Below(4)) {
    case 0:
      return Mutate(values[Below(values.size())]);
    case 1:
      return values.push_back(*rc::gen::arbitrary<std::string>());
    case 2:
      return values.pop_back();
    default:
      return std::swap(values.front(), values.back());
  }
}

const std::vector<void (*)(Query&)> kMutations = {
    [](Query& q) { Mutate(q.user); },
    [](Query& q) { Mutate(q.uid); },
    [](Query& q) {
      q.door = *rc::gen::element(Door::kSsh, Door::kSu, Door::kLogin, Door::kCron, Door::kDoas,
                                 Door::kRun0);
    },
    [](Query& q) {
      q.mode = *rc::gen::element(Mode::kShell, Mode::kLogin, Mode::kEdit, Mode::kAccount);
    },
    [](Query& q) { Mutate(q.command_path.canonical); },
    [](Query& q) { q.command_path.safe = false; },
    [](Query& q) { Mutate(q.command_path.sha256); },
    [](Query& q) { MutateOne(q.args); },
    [](Query& q) { Mutate(q.cwd); },
    [](Query& q) { Mutate(q.runas_user); },
    [](Query& q) { Mutate(q.runas_uid); },
    [](Query& q) { q.runas_group = "x" + *rc::gen::arbitrary<std::string>(); },
    [](Query& q) { q.env.push_back("LD_" + *rc::gen::arbitrary<std::string>()); },
    [](Query& q) { q.options.push_back("ch" + *rc::gen::arbitrary<std::string>()); },
};

PROPERTY(AllowedQuery, IsDeniedWhenAnyOfItsFieldsIsAnother) {
  World world = Strict();
  kMutations[Below(kMutations.size())](world.query);
  RC_ASSERT(!IsAllow(world.Ask()));
}

TEST(AllowedQuery, IsAllowedUntouched) {
  EXPECT_TRUE(IsAllow(Strict().Ask()));
}

PROPERTY(AllowedEdit, IsDeniedWhenAnyOfItsFilesIsAnother) {
  World world;
  world.role().rules = {{"conf", EditRule{{"/etc/app.conf", "/etc/app.d/x"}}}};
  world.query.mode = Mode::kEdit;
  world.query.files = {"app.conf", "app.d/x"};
  world.query.file_paths = {SafePath("/etc/app.conf"), SafePath("/etc/app.d/x")};
  RC_ASSERT(IsAllow(world.Ask()));
  PathFact& fact = world.query.file_paths[Below(2)];
  if (*rc::gen::arbitrary<bool>()) {
    fact.safe = false;
  } else {
    fact.canonical += "x" + *rc::gen::arbitrary<std::string>();
  }
  RC_ASSERT(!IsAllow(world.Ask()));
}

}  // namespace
}  // namespace daypass::core
