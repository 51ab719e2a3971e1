// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Decide, step by step: which reason each fault gets, and what a decision tells besides its
// verdict.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_fixture.h"

namespace daypass::core {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr Millis kMs{1};

/// One change to the world, and the reason that it brings.
struct Change {
  const char* what;
  Reason reason;
  void (*make)(World&);
};

void ExpectEachDenied(const std::vector<Change>& changes) {
  ASSERT_TRUE(IsAllow(World{}.Ask()));  // the control of every row
  for (const Change& change : changes) {
    World world;
    change.make(world);
    const Decision decision = world.Ask();
    EXPECT_FALSE(IsAllow(decision)) << change.what;
    EXPECT_EQ(ReasonName(decision.reason), ReasonName(change.reason)) << change.what;
  }
}

TEST(Decide, AllowsWhatAnOpenGrantAllowsAndNamesGrantRoleRuleAndEnd) {
  const World world;
  const Decision decision = world.Ask();
  EXPECT_TRUE(IsAllow(decision));
  EXPECT_EQ(decision.reason, Reason::kGranted);
  EXPECT_EQ(decision.grant, kGrantId);
  EXPECT_EQ(decision.role, "web-operator");
  EXPECT_EQ(decision.rule, "restart");
  EXPECT_EQ(decision.until, kNoon + minutes{25});
  EXPECT_FALSE(decision.starts);
}

TEST(Decide, DeniesByDefault) {
  EXPECT_FALSE(IsAllow(Decision{}));
  World world;
  world.grants.clear();
  EXPECT_FALSE(IsAllow(world.Ask()));
  EXPECT_EQ(world.Ask().reason, Reason::kNoGrant);
}

// The bits of allow and deny lie far apart: no single or double flip makes the one the other.
TEST(Verdict, IsHardenedAgainstFlippedBits) {
  const auto distance =
      static_cast<uint32_t>(Verdict::kAllow) ^ static_cast<uint32_t>(Verdict::kDeny);
  EXPECT_GE(std::popcount(distance), 16);
  for (uint32_t i = 0; i < 32; ++i) {
    for (uint32_t j = i; j < 32; ++j) {  // i: one bit alone
      Decision decision;
      decision.verdict =
          static_cast<Verdict>(static_cast<uint32_t>(Verdict::kDeny) ^ (1U << i | 1U << j));
      EXPECT_FALSE(IsAllow(decision));
    }
  }
}

// GF-11
TEST(Decide, KnowsTheSubjectByNameAndUidTogether) {
  ExpectEachDenied({
      {"bob presents alice's", Reason::kNoGrant,
       [](World& w) {
         w.query.user = "bob";
         w.query.uid = 1002;
       }},
      {"alice has another uid now", Reason::kWrongSubject, [](World& w) { w.query.uid = 1002; }},
      {"her uid is eve's now", Reason::kNoGrant, [](World& w) { w.query.user = "eve"; }},
      {"never bound to a uid", Reason::kWrongSubject,
       [](World& w) { w.grant().bound_uid.reset(); }},
      {"bound to root's uid", Reason::kWrongSubject, [](World& w) { w.grant().bound_uid = 0; }},
  });
}

TEST(Decide, DeniesWithoutTimePolicyOrFreshStatus) {
  ExpectEachDenied({
      {"no policy's realm but ours", Reason::kWrongRealm,
       [](World& w) { w.host.realm = std::string(32, '0'); }},
      {"a statement of another realm", Reason::kWrongRealm,
       [](World& w) { w.statement().realm = std::string(32, '0'); }},
      {"role removed", Reason::kRoleUnknown, [](World& w) { w.policy.roles.clear(); }},
      {"role ended", Reason::kRoleUnknown, [](World& w) { w.role().valid_until = kNoon; }},
      {"no status ever", Reason::kStatusStale, [](World& w) { w.status_time.reset(); }},
      {"status one ms too old", Reason::kStatusStale,
       [](World& w) { w.status_time = kNoon - hours{1} - kMs; }},
      {"limit of the policy is shorter", Reason::kStatusStale,
       [](World& w) { w.policy.limits.max_offline = Seconds{59}; }},
      // A stolen status key sets the year 2100; after its repair that word must not count as fresh.
      {"status from the future", Reason::kStatusStale,
       [](World& w) { w.status_time = kNoon + kMs; }},
      {"age is judged on hi", Reason::kStatusStale,
       [](World& w) {
         w.status_time = kNoon - hours{1};
         w.now.hi += kMs;
       }},
  });
  World world;
  world.status_time = kNoon - hours{1};
  EXPECT_TRUE(IsAllow(world.Ask()));
  world.role().valid_until = kNoon + kMs;
  EXPECT_TRUE(IsAllow(world.Ask()));
}

TEST(Decide, DeniesWhatItCannotTell) {
  const World world;
  Snapshot snapshot = world.MakeSnapshot();
  ASSERT_TRUE(IsAllow(world.Ask(snapshot)));
  snapshot.now.reset();
  EXPECT_EQ(world.Ask(snapshot).reason, Reason::kTimeUnknown);
  snapshot.now = Now{kNoon + kMs, kNoon};  // an interval that holds no instant
  EXPECT_EQ(world.Ask(snapshot).reason, Reason::kTimeUnknown);
  snapshot = world.MakeSnapshot();
  snapshot.policy = nullptr;
  EXPECT_EQ(world.Ask(snapshot).reason, Reason::kPolicyMissing);
}

// A policy's expiry stops imports (the importer's to judge), not what is held.
TEST(Decide, HonoursAHeldGrantAfterThePolicyHasExpired) {
  World world;
  world.policy.expires = kNoon - hours{24};
  EXPECT_TRUE(IsAllow(world.Ask()));
}

// GF-38
TEST(Decide, TakesCommandsOnlyFromTheRoleThatWasSigned) {
  ExpectEachDenied({
      {"role changed since", Reason::kRoleChanged,
       [](World& w) { w.role().digest = Digest(64, 'b'); }},
      {"approved under a newer policy", Reason::kPolicyBehind,
       [](World& w) {
         w.role().digest = Digest(64, 'b');
         w.statement().policy_version = 8;
       }},
      {"the role is new in a newer policy", Reason::kPolicyBehind,
       [](World& w) {
         w.statement().role = "db-operator";
         w.statement().policy_version = 8;
       }},
  });
  World world;
  world.policy.version = 9;  // a newer policy that left the role as it was
  EXPECT_TRUE(IsAllow(world.Ask()));
}

TEST(Decide, DeniesWhatWasTakenBack) {
  ExpectEachDenied({
      {"dropped", Reason::kDropped, [](World& w) { w.grant().latch.dropped = true; }},
      {"revoked by id", Reason::kRevoked, [](World& w) { w.revoked.insert(kGrantId); }},
      {"person revoked after asking", Reason::kRevoked,
       [](World& w) { w.revoked_people["alice"] = w.statement().created; }},
      {"person suspended", Reason::kSuspended,
       [](World& w) { w.suspended_people.insert("alice"); }},
      {"membership over", Reason::kSuspended,
       [](World& w) { w.policy.people[0].valid_until = kNoon; }},
      {"approver suspended", Reason::kSuspended,
       [](World& w) { w.suspended_people.insert("bob"); }},
      // CC-08
      {"approver's key taken out of the policy", Reason::kKeyUnknown,
       [](World& w) {
         for (Person& person : w.policy.people) {
           if (person.name == "bob") person.keys.clear();
         }
       }},
      {"approver's key suspended", Reason::kSuspended,
       [](World& w) { w.suspended_keys.insert("SHA256:bob"); }},
  });
  World world;
  world.revoked.insert(Digest(64, '2'));
  world.revoked_people["alice"] = world.statement().created - kMs;  // and asked anew since
  world.revoked_people["bob"] = kNoon;
  world.policy.people[0].valid_until = kNoon + kMs;
  EXPECT_TRUE(IsAllow(world.Ask()));
}

TEST(Decide, TakesBackWhatHadStartedWhenAPersonWasRevoked) {
  World world;
  world.statement().created = kNoon + minutes{5};  // by a laptop whose clock is ahead
  world.statement().start_by = kNoon + hours{1};
  world.revoked_people["alice"] = *world.grant().latch.started - kMs;
  EXPECT_TRUE(IsAllow(world.Ask()));
  world.revoked_people["alice"] = *world.grant().latch.started;
  EXPECT_EQ(world.Ask().reason, Reason::kRevoked);
}

TEST(Decide, SaysThatThereIsNoPolicyBeforeThatThereIsNoGrant) {
  World world;
  world.grants.clear();
  Snapshot snapshot = world.MakeSnapshot();
  EXPECT_EQ(world.Ask(snapshot).reason, Reason::kNoGrant);
  snapshot.policy = nullptr;
  EXPECT_EQ(world.Ask(snapshot).reason, Reason::kPolicyMissing);
}

TEST(Find, KnowsRolesPeopleAccountsAndKeysByTheirNames) {
  const Policy policy = MakePolicy();
  EXPECT_EQ(FindRole(policy, "web-operator"), &policy.roles[0]);
  EXPECT_EQ(FindRole(policy, "web"), nullptr);
  EXPECT_EQ(FindPerson(policy, "bob"), &policy.people[1]);
  EXPECT_EQ(FindPerson(policy, "bo"), nullptr);
  EXPECT_EQ(FindAccountOwner(policy, "carol"), &policy.people[2]);
  EXPECT_EQ(FindAccountOwner(policy, "root"), nullptr);
  EXPECT_EQ(FindKeyHolder(policy, "SHA256:eve").person, &policy.people[3]);
  EXPECT_EQ(FindKeyHolder(policy, "SHA256:").person, nullptr);
}

TEST(Decide, KnowsSubjectsWhoAreNobodysAccount) {
  World world;
  world.role().subjects = {true, {}, {}};
  world.statement().subject = world.statement().requester = world.query.user = "backup";
  world.revoked_people["alice"] = kNoon;
  EXPECT_TRUE(IsAllow(world.Ask()));
}

// `created_ms` is the asker's own word: a date in the future must not outlive a revocation.
TEST(Decide, DoesNotLetADateInTheFutureDodgeTheRevocationOfAPerson) {
  World world;
  world.statement().created = kNoon + minutes{9};  // a laptop whose clock is ahead
  world.statement().start_by = kNoon + hours{1};
  ASSERT_TRUE(IsAllow(world.Ask()));
  world.revoked_people["alice"] = kNoon;
  EXPECT_EQ(world.Ask().reason, Reason::kRevoked);
  world.revoked_people.clear();
  world.now.hi += minutes{1};
  world.statement().created = kNoon + minutes{11};
  EXPECT_TRUE(IsAllow(world.Ask()));
  world.statement().created += kMs;
  EXPECT_EQ(world.Ask().reason, Reason::kNotStarted);
}

// GF-10: the name is the host's own; that another machine has web-1's hostname does not matter.
TEST(Decide, DeniesOnAHostThatTheGrantDoesNotName) {
  ExpectEachDenied({
      {"another host of the role", Reason::kWrongHost, [](World& w) { w.host.name = "web-2"; }},
      {"named, but not the role's", Reason::kWrongHost,
       [](World& w) {
         w.host.name = "db-1";
         w.statement().hosts = {"web-1", "db-1"};
       }},
      {"role selects by a label that differs", Reason::kWrongHost,
       [](World& w) { w.role().hosts = {{}, {{"env", "test"}}, {}, {}}; }},
  });
}

// GF-12
TEST(Decide, DeniesAtAnotherDoor) {
  ExpectEachDenied({
      {"ssh", Reason::kWrongDoor,
       [](World& w) {
         w.query.door = Door::kSsh;
         w.query.mode = Mode::kAccount;
       }},
      {"su", Reason::kWrongDoor,
       [](World& w) {
         w.query.door = Door::kSu;
         w.query.mode = Mode::kAccount;
       }},
      {"su, as if it showed a command", Reason::kWrongDoor,
       [](World& w) { w.query.door = Door::kSu; }},
      {"sudo without the plugin", Reason::kWrongDoor,
       [](World& w) { w.query.mode = Mode::kAccount; }},
  });
}

// GF-13
TEST(Decide, DeniesAnotherRunAs) {
  ExpectEachDenied({
      {"root for a role that runs as postgres", Reason::kWrongRunas,
       [](World& w) { w.role().run_as.users = {"postgres"}; }},
      {"postgres for a role that runs as root", Reason::kWrongRunas,
       [](World& w) {
         w.query.runas_user = "postgres";
         w.query.runas_uid = 115;
       }},
      {"a second name of uid 0", Reason::kWrongRunas,
       [](World& w) {
         w.role().run_as.users = {"toor"};
         w.query.runas_user = "toor";
       }},
      {"a root that is not uid 0", Reason::kWrongRunas, [](World& w) { w.query.runas_uid = 1; }},
      {"nobody named", Reason::kWrongRunas, [](World& w) { w.query.runas_user.clear(); }},
      {"a group besides", Reason::kWrongRunas, [](World& w) { w.query.runas_group = "shadow"; }},
  });
  World world;
  world.role().run_as = {{"postgres"}, {"postgres"}};
  world.query.runas_user = world.query.runas_group = "postgres";
  world.query.runas_uid = world.query.runas_gid = 115;
  EXPECT_TRUE(IsAllow(world.Ask()));
}

TEST(Decide, ExplainsTheGrantThatGotFurthestAndOfEqualsTheNewest) {
  World world;
  world.grant().latch.ended = true;
  Grant elsewhere = MakeGrant();
  elsewhere.statement.id = Digest(64, '2');
  elsewhere.statement.hosts = {"web-2"};
  world.grants.push_back(elsewhere);
  EXPECT_EQ(world.Ask().reason, Reason::kWrongHost);
  EXPECT_EQ(world.Ask().grant, elsewhere.statement.id);
  std::swap(world.grants[0], world.grants[1]);
  EXPECT_EQ(world.Ask().reason, Reason::kWrongHost);
  world.grants[1].latch.ended = false;
  world.grants[1].statement.hosts = {"web-2"};
  EXPECT_EQ(world.Ask().grant, kGrantId);
}

TEST(Decide, ForgetsWhatARefusedGrantLeftWhenAnotherAllows) {
  World world;
  Grant refused = MakeGrant();
  refused.statement.id = Digest(64, '2');
  refused.statement.hosts = {"web-2"};
  world.grants.insert(world.grants.begin(), refused);
  const Decision decision = world.Ask();
  EXPECT_TRUE(IsAllow(decision));
  EXPECT_EQ(decision.detail, "");
  EXPECT_EQ(decision.grant, kGrantId);
}

TEST(WhyOver, NamesWhatEndsLiveWork) {
  const auto why = [](const World& world) {
    return WhyOver(world.MakeSnapshot(), world.grants.front());
  };
  ASSERT_EQ(why(World{}), std::nullopt);
  const std::vector<Change> changes = {
      {"window over", Reason::kExpired, [](World& w) { w.now.hi = kNoon + minutes{25}; }},
      {"end seen before", Reason::kExpired, [](World& w) { w.grant().latch.ended = true; }},
      {"dropped", Reason::kDropped, [](World& w) { w.grant().latch.dropped = true; }},
      {"revoked", Reason::kRevoked, [](World& w) { w.revoked.insert(kGrantId); }},
      {"suspended", Reason::kSuspended, [](World& w) { w.suspended_people.insert("alice"); }},
      {"role changed", Reason::kRoleChanged, [](World& w) { w.role().digest = Digest(64, 'b'); }},
      {"approver gone", Reason::kKeyUnknown, [](World& w) { w.policy.people[1].keys.clear(); }},
  };
  for (const Change& change : changes) {
    World world;
    change.make(world);
    EXPECT_EQ(why(world), change.reason) << change.what;
  }
}

/// alice's grant has ended; the second one extends it and is open.
World ExtendedWorld() {
  World world;
  Grant later = world.grant();
  later.statement.id = Digest(64, '2');
  later.statement.extends = kGrantId;
  later.latch.started = kNoon + minutes{20};
  world.grants.push_back(later);
  world.now = {kNoon + minutes{26}, kNoon + minutes{26}};
  world.status_time = world.now.hi;
  return world;
}

std::optional<Instant> GoesOn(const World& world, uint32_t uid = 1001) {
  std::vector<const Grant*> held;
  for (const Grant& each : world.grants) held.push_back(&each);
  return MayGoOn(world.MakeSnapshot(), held, world.grants[0], world.grants[1], uid);
}

TEST(MayGoOn, UntilTheEndOfTheGrantThatExtends) {
  const World world = ExtendedWorld();
  EXPECT_EQ(WhyOver(world.MakeSnapshot(), world.grants[0]), Reason::kExpired);
  EXPECT_EQ(GoesOn(world), WindowOf(world.grants[1])->not_after);
}

// Whatever denies a new sudo by the later grant denies it to what runs.
TEST(MayGoOn, OnlyWhereTheLaterGrantWouldAllow) {
  const std::vector<std::pair<const char*, std::function<void(World&)>>> changes = {
      {"extends another", [](World& w) { w.grants[1].statement.extends = Digest(64, '3'); }},
      {"extends nothing", [](World& w) { w.grants[1].statement.extends.clear(); }},
      {"of another role", [](World& w) { w.grants[1].statement.role = "database"; }},
      {"of another form of the role",
       [](World& w) { w.grants[1].statement.role_digest = Digest(64, 'b'); }},
      {"of another account", [](World& w) { w.grants[1].statement.subject = "bob"; }},
      {"bound to another uid", [](World& w) { w.grants[1].bound_uid = 1002; }},
      {"counted", [](World& w) { w.grants[1].statement.uses = 1; }},
      {"not started", [](World& w) { w.grants[1].latch.started.reset(); }},
      {"a first use that nobody made",
       [](World& w) {
         w.grants[1].latch.started.reset();
         w.grants[1].statement.start = StartRule::kFirstUse;
       }},
      {"ended", [](World& w) { w.grants[1].latch.ended = true; }},
      {"dropped", [](World& w) { w.grants[1].latch.dropped = true; }},
      {"revoked", [](World& w) { w.revoked.insert(w.grants[1].statement.id); }},
      {"not approved", [](World& w) { w.grants[1].approvals.clear(); }},
      {"of another host", [](World& w) { w.grants[1].statement.hosts = {"web-2"}; }},
      {"longer than this host's limit",
       [](World& w) { w.policy.limits.hosts = {{w.role().hosts, std::chrono::minutes{1}}}; }},
      {"the status is stale", [](World& w) { w.status_time = kNoon - std::chrono::hours{2}; }},
      {"nobody knows the time", [](World& w) { w.status_time.reset(); }},
      {"the role's hours are shut",
       [](World& w) {
         w.policy.zones = {{"UTC", *ParseZone("UTC0")}};
         w.role().windows = {{{}, minutes{0}, minutes{60}, "UTC"}};
       }},
  };
  for (const auto& [what, change] : changes) {
    World world = ExtendedWorld();
    change(world);
    EXPECT_EQ(GoesOn(world), std::nullopt) << what;
  }
  EXPECT_EQ(GoesOn(ExtendedWorld(), 1002), std::nullopt) << "what runs is another uid's";
}

// The server's key may extend as often as the role says, and no more.
TEST(MayGoOn, CountsWhatTheMachineApproved) {
  World world = ExtendedWorld();
  world.policy.automatic_keys = {MakeKey("SHA256:machine")};
  AutomaticApproval automatic;
  automatic.subjects.any = true;
  automatic.hosts = world.role().hosts;
  automatic.max_duration = std::chrono::hours{1};
  automatic.per_day = 2;
  world.role().automatic = automatic;
  for (Grant& grant : world.grants) grant.approvals = {ApprovalOf("machine")};
  EXPECT_NE(GoesOn(world), std::nullopt);
  world.role().automatic->per_day = 1;
  EXPECT_EQ(GoesOn(world), std::nullopt);
  world.role().automatic->per_day = 2;
  world.role().automatic->hosts.names = {"web-2"};
  EXPECT_EQ(GoesOn(world), std::nullopt);
}

TEST(MaxDurationOn, IsTheShortestOfRolePolicyAndHost) {
  World world;
  const auto longest = [&](const char* host) {
    return MaxDurationOn(world.policy, world.role(), host, {});
  };
  EXPECT_EQ(longest("web-1"), world.role().max_duration);
  HostLimit limit;
  limit.hosts.names = {"web-1"};
  limit.max_duration = Seconds{60};
  world.policy.limits.hosts = {limit};
  EXPECT_EQ(longest("web-1"), Seconds{60});
  EXPECT_EQ(longest("web-2"), world.role().max_duration);
  world.policy.limits.max_duration = Seconds{30};
  EXPECT_EQ(longest("web-1"), Seconds{30});
}

TEST(WhyOver, EndsNothingForAStaleStatusOrALostClock) {
  World world;
  world.status_time.reset();
  EXPECT_EQ(WhyOver(world.MakeSnapshot(), world.grant()), std::nullopt);
  world.now.hi = kNoon + minutes{25} - kMs;
  EXPECT_EQ(WhyOver(world.MakeSnapshot(), world.grant()), std::nullopt);
  world.now.hi += kMs;
  Snapshot snapshot = world.MakeSnapshot();
  EXPECT_EQ(WhyOver(snapshot, world.grant()), Reason::kExpired);
  snapshot.now.reset();
  EXPECT_EQ(WhyOver(snapshot, world.grant()), std::nullopt);
}

TEST(Decide, CountsUses) {
  World world;
  EXPECT_FALSE(world.Ask().spends) << "it may be used as often as one likes";
  world.statement().uses = 2;
  world.grant().latch.uses_spent = 1;
  EXPECT_TRUE(IsAllow(world.Ask()));
  world.grant().latch.uses_spent = 2;
  EXPECT_EQ(world.Ask().reason, Reason::kUsedUp);
  world.grant().latch.uses_spent = 3;
  EXPECT_EQ(world.Ask().reason, Reason::kUsedUp);
}

}  // namespace
}  // namespace daypass::core
