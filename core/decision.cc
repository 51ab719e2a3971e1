// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "core/decision.h"

#include <algorithm>
#include <array>

#include "core/authority.h"
#include "core/duration.h"
#include "core/hosts.h"
#include "core/match.h"
#include "core/standing.h"

namespace daypass::core {
namespace {

/// One grant on its way through the steps.
struct Case {
  const Snapshot& snapshot;
  const Grant& grant;
  const Query& query;
  std::span<const Grant* const> grants = {};  ///< all of the subject's
  const Role* role = nullptr;
  bool is_automatic = false;  ///< approved by the server's automatic key alone
  std::string rule = {};
  std::optional<Instant> until = std::nullopt;
  std::optional<Instant> starts = std::nullopt;
};

using Refusal = std::optional<Misfit>;

// How far ahead the clock of an asker's laptop may be. More, and `created` would be a way around
// the revocation of a person, which covers what was asked for until then.
constexpr Millis kMostSkew{600'000};

Refusal Refuse(Reason reason, std::string detail = {}) {
  return Misfit{reason, std::move(detail)};
}

Refusal CheckSubject(Case& c) {
  if (c.query.parent && c.query.parent->grant != c.grant.statement.id) {
    return Refuse(Reason::kWrongSubject, "its command runs by another grant");
  }
  const bool is_subject = c.grant.statement.subject == c.query.user && c.grant.bound_uid &&
                          *c.grant.bound_uid == c.query.uid;
  return is_subject ? std::nullopt : Refuse(Reason::kWrongSubject);
}

Refusal CheckTime(Case& c) {
  const std::optional<Now>& now = c.snapshot.now;
  if (!now || now->lo > now->hi) return Refuse(Reason::kTimeUnknown);
  return std::nullopt;
}

Refusal CheckPolicy(Case& c) {
  if (c.snapshot.policy == nullptr) return Refuse(Reason::kPolicyMissing);
  if (c.snapshot.policy->realm != c.snapshot.host->realm) return Refuse(Reason::kWrongRealm);
  if (auto fits = JudgeStatement(*c.snapshot.policy, c.grant.statement); !fits) {
    return Refuse(fits.error().code, fits.error().what);
  }
  c.role = FindRole(*c.snapshot.policy, c.grant.statement.role);
  if (c.role->valid_until && c.snapshot.now->hi >= *c.role->valid_until) {
    return Refuse(Reason::kRoleUnknown, "the role \"" + c.role->name + "\" has ended");
  }
  const Statement& statement = c.grant.statement;
  if (!IsSubjectOf(*c.snapshot.policy, *c.role, statement.subject, c.snapshot.now->hi)) {
    return Refuse(Reason::kWrongSubject, "no longer in a group that the role is for");
  }
  return std::nullopt;
}

Refusal CheckFreshness(Case& c) {
  if (!c.snapshot.status_time) return Refuse(Reason::kStatusStale);
  const Seconds longest = std::min(c.role->max_offline, c.snapshot.policy->limits.max_offline);
  const Millis age = c.snapshot.now->hi - *c.snapshot.status_time;
  // From the future: what a stolen status key leaves behind. It would count as fresh for years.
  const bool is_fresh = age >= Millis{0} && age <= longest;
  return is_fresh ? std::nullopt : Refuse(Reason::kStatusStale);
}

Refusal CheckApprovals(Case& c) {
  const ApprovalJudgement judgement =
      JudgeApprovals(*c.snapshot.policy, *c.role, c.grant.statement, c.grant.approvals,
                     {c.snapshot.suspended_people, c.snapshot.suspended_keys}, *c.snapshot.now);
  c.is_automatic = judgement.automatic;
  if (!judgement.enough) return Refuse(judgement.reason, judgement.detail);
  return std::nullopt;
}

/// When the grant started here; one that has not would now.
Instant StartOf(const Grant& grant, const Now& now) {
  const std::optional<Window> window = WindowOf(grant);
  return window ? window->not_before : now.lo;
}

bool HasAutomaticApproval(const Policy& policy, const Grant& grant) {
  return std::ranges::any_of(grant.approvals, [&](const Approval& approval) {
    return std::ranges::find(policy.automatic_keys, approval.fingerprint,
                             &PersonKey::fingerprint) != policy.automatic_keys.end();
  });
}

/// What the automatic approver may do on this host: where, and how often. The count is the host's
/// own, by its latched starts; what came too often stays refused, and counts too.
Refusal CheckAutomatic(Case& c) {
  if (!c.is_automatic) return std::nullopt;
  const HostIdentity& host = *c.snapshot.host;
  const AutomaticApproval& automatic = *c.role->automatic;
  if (!Selects(automatic.hosts, host.name, host.labels)) {
    return Refuse(Reason::kApprovalsMissing, "not approved automatically on " + host.name);
  }
  const auto place = [&](const Grant& grant) {
    return std::pair{StartOf(grant, *c.snapshot.now), grant.statement.id};
  };
  const auto mine = place(c.grant);
  const auto is_before = [&](const Grant* other) {
    if (other->statement.role != c.role->name ||
        !HasAutomaticApproval(*c.snapshot.policy, *other)) {
      return false;
    }
    const auto its = place(*other);
    return its < mine && its.first > mine.first - std::chrono::hours{24};
  };
  if (std::ranges::count_if(c.grants, is_before) < automatic.per_day) return std::nullopt;
  return Refuse(Reason::kUsedUp, "approved automatically " + std::to_string(automatic.per_day) +
                                     " times in 24 hours");
}

Refusal CheckRevoked(Case& c) {
  const Statement& statement = c.grant.statement;
  if (c.grant.latch.dropped) return Refuse(Reason::kDropped);
  if (c.snapshot.revoked->contains(statement.id)) return Refuse(Reason::kRevoked);
  const Person* person = FindAccountOwner(*c.snapshot.policy, statement.subject);
  if (person == nullptr) return std::nullopt;
  if (c.snapshot.suspended_people->contains(person->name)) {
    return Refuse(Reason::kSuspended, person->name);
  }
  if (person->valid_until && c.snapshot.now->hi >= *person->valid_until) {
    return Refuse(Reason::kSuspended, person->name);
  }
  auto revoked = c.snapshot.revoked_people->find(person->name);
  if (revoked == c.snapshot.revoked_people->end()) return std::nullopt;
  // `created` is the asker's word; what had started before the revocation existed before it.
  const bool covers = statement.created <= revoked->second ||
                      (c.grant.latch.started && *c.grant.latch.started <= revoked->second);
  if (covers) return Refuse(Reason::kRevoked, person->name);
  return std::nullopt;
}

Refusal CheckWindow(Case& c) {
  const Statement& statement = c.grant.statement;
  const Now& now = *c.snapshot.now;
  if (c.grant.latch.ended) return Refuse(Reason::kExpired);
  if (statement.created > now.hi + kMostSkew) {
    return Refuse(Reason::kNotStarted, "asked in the future");
  }
  std::optional<Window> window = WindowOf(c.grant);
  if (!window && now.hi >= statement.start_by) return Refuse(Reason::kStartOutOfRange);
  if (!window && statement.start == StartRule::kFirstUse && !c.query.parent) {
    window = Window{now.lo, now.lo + statement.duration};
    c.starts = now.lo;
  }
  if (!window) return Refuse(Reason::kNotStarted);
  if (window->not_before >= statement.start_by) return Refuse(Reason::kStartOutOfRange);
  if (!HasStarted(*window, now)) return Refuse(Reason::kNotStarted);
  c.until = window->not_after;
  if (HasEnded(*window, now)) return Refuse(Reason::kExpired);
  if (statement.uses > 0 && !c.query.parent && c.grant.latch.uses_spent >= statement.uses) {
    return Refuse(Reason::kUsedUp);
  }
  return std::nullopt;
}

/// Shut hours, or the end of what is open if that is nearer.
Refusal CheckHours(Case& c) {
  if (c.role->windows.empty()) return std::nullopt;
  return MatchHours(*c.role, c.snapshot.policy->zones, *c.snapshot.now, &*c.until);
}

/// Whether the hours of what runs already are over. They were open when it was allowed.
Refusal CheckClose(Case& c) {
  if (c.role->windows.empty()) return std::nullopt;
  const Instant hi = c.snapshot.now->hi;
  return MatchHours(*c.role, c.snapshot.policy->zones, {hi, hi});
}

Refusal CheckEnd(Case& c) {
  const std::optional<Window> window = WindowOf(c.grant);
  const bool is_over = c.grant.latch.ended || (window && HasEnded(*window, *c.snapshot.now));
  return is_over ? Refuse(Reason::kExpired) : std::nullopt;
}

Refusal CheckHost(Case& c) {
  const HostIdentity& host = *c.snapshot.host;
  const bool is_named =
      std::ranges::find(c.grant.statement.hosts, host.name) != c.grant.statement.hosts.end();
  if (!is_named || !Selects(c.role->hosts, host.name, host.labels)) {
    return Refuse(Reason::kWrongHost, host.name);
  }
  for (const HostLimit& limit : c.snapshot.policy->limits.hosts) {
    if (c.grant.statement.duration <= limit.max_duration) continue;
    if (!Selects(limit.hosts, host.name, host.labels)) continue;
    return Refuse(Reason::kStartOutOfRange,
                  "longer than the " + FormatDuration(limit.max_duration) + " of this host");
  }
  return std::nullopt;
}

Refusal CheckDoor(Case& c) {
  return MatchDoor(*c.role, c.query);
}

Refusal CheckRunAs(Case& c) {
  return MatchRunAs(*c.role, c.query);
}

Refusal CheckCommand(Case& c) {
  return MatchCommand(*c.role, c.query, c.snapshot.matches_pattern, c.rule);
}

// The order is the order in which reasons count: the grant that got furthest is the one to explain.
constexpr std::array<Refusal (*)(Case&), 12> kSteps = {
    CheckSubject, CheckTime,   CheckPolicy, CheckFreshness, CheckApprovals, CheckAutomatic,
    CheckRevoked, CheckWindow, CheckHours,  CheckHost,      CheckDoor,      CheckRunAs,
};

/// Runs one case through every step. Returns how many it passed and, unless all, why it stopped.
std::pair<size_t, Refusal> Run(Case& c) {
  for (size_t step = 0; step < kSteps.size(); ++step) {
    if (Refusal refusal = kSteps[step](c)) return {step, std::move(refusal)};
  }
  return {kSteps.size(), CheckCommand(c)};
}

void Describe(const Case& c, Decision& decision) {
  decision.grant = c.grant.statement.id;
  decision.role = c.grant.statement.role;
  decision.until = c.until;
}

/// A refused first use has started nothing, so there is no end to tell.
void DescribeRefused(const Case& c, Misfit refusal, Decision& decision) {
  Describe(c, decision);
  if (c.starts) decision.until.reset();
  decision.reason = refusal.reason;
  decision.detail = std::move(refusal.detail);
}

}  // namespace

std::optional<Window> WindowOf(const Grant& grant) {
  const Statement& statement = grant.statement;
  const std::optional<Instant> start =
      statement.start == StartRule::kScheduled ? statement.start_at : grant.latch.started;
  if (!start) return std::nullopt;
  const Instant last_end = statement.start_by + statement.duration;
  return Window{*start, std::min<Instant>(*start + statement.duration, last_end)};
}

std::optional<Reason> WhyOver(const Snapshot& snapshot, const Grant& grant) {
  if (!snapshot.now) return std::nullopt;  // whoever lost the time ends nothing by it
  constexpr std::array<Refusal (*)(Case&), 5> kLasting = {CheckPolicy, CheckApprovals, CheckRevoked,
                                                          CheckEnd, CheckClose};
  static const Query kNoQuery;
  Case c{snapshot, grant, kNoQuery};
  for (const auto step : kLasting) {
    if (Refusal refusal = step(c)) return refusal->reason;
  }
  return std::nullopt;
}

std::optional<Instant> MayGoOn(const Snapshot& snapshot, std::span<const Grant* const> grants,
                               const Grant& before, const Grant& next, uint32_t uid) {
  const Statement& old = before.statement;
  const Statement& later = next.statement;
  const bool extends = later.extends == old.id && later.subject == old.subject &&
                       later.role == old.role && later.role_digest == old.role_digest;
  // A first use is a new command's to make.
  if (!extends || later.uses > 0 || !WindowOf(next)) return std::nullopt;
  Query query;
  query.user = later.subject;
  query.uid = uid;
  Case c{snapshot, next, query, grants};
  constexpr size_t kAboutTheCommand = 2;  // door, run-as
  for (size_t step = 0; step + kAboutTheCommand < kSteps.size(); ++step) {
    if (kSteps[step](c)) return std::nullopt;
  }
  return c.until;
}

Decision Decide(const Snapshot& snapshot, std::span<const Grant* const> grants,
                const Query& query) {
  // First, so that what needs no grant costs no use of one.
  std::optional<Decision> standing = DecideByStanding(snapshot, query);
  if (standing && IsAllow(*standing)) return *std::move(standing);
  Decision decision = standing.value_or(Decision{});
  if (snapshot.policy == nullptr) decision.reason = Reason::kPolicyMissing;
  std::optional<size_t> furthest;
  for (const Grant* grant : grants) {
    if (grant->statement.subject != query.user) continue;
    Case c{snapshot, *grant, query, grants};
    auto [passed, refusal] = Run(c);
    if (!refusal) {
      Describe(c, decision);
      decision.detail.clear();
      decision.rule = std::move(c.rule);
      decision.starts = c.starts;
      decision.spends = grant->statement.uses > 0 && !query.parent;
      decision.reason = Reason::kGranted;
      decision.verdict = Verdict::kAllow;
      return decision;
    }
    if (furthest && passed < *furthest) continue;  // of equals the last one: the newest grant
    furthest = passed;
    DescribeRefused(c, std::move(*refusal), decision);
  }
  return decision;
}

}  // namespace daypass::core
