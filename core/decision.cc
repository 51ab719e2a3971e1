// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "core/decision.h"

#include <algorithm>
#include <array>

#include "core/authority.h"
#include "core/hosts.h"
#include "core/match.h"

namespace daypass::core {
namespace {

/// One grant on its way through the steps.
struct Case {
  const Snapshot& snapshot;
  const Grant& grant;
  const Query& query;
  const Role* role = nullptr;
  std::string rule;
  std::optional<Instant> until;
  bool starts = false;
};

using Refusal = std::optional<Misfit>;

// How far ahead the clock of an asker's laptop may be. More, and `created` would be a way around
// the revocation of a person, which covers what was asked for until then.
constexpr Millis kMostSkew{600'000};

Refusal Refuse(Reason reason, std::string detail = {}) {
  return Misfit{reason, std::move(detail)};
}

Refusal CheckSubject(Case& c) {
  const bool is_subject = c.grant.statement.subject == c.query.user && c.grant.bound_uid &&
                          *c.grant.bound_uid == c.query.uid;
  return is_subject ? std::nullopt : Refuse(Reason::kWrongSubject);
}

Refusal CheckTime(Case& c) {
  const std::optional<Now>& now = c.snapshot.now;
  return now && now->lo <= now->hi ? std::nullopt : Refuse(Reason::kTimeUnknown);
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
  return judgement.enough ? std::nullopt : Refuse(judgement.reason, judgement.detail);
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
  return covers ? Refuse(Reason::kRevoked, person->name) : std::nullopt;
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
  if (!window && statement.start == StartRule::kFirstUse) {
    window = Window{now.lo, now.lo + statement.duration};
    c.starts = true;
  }
  if (!window) return Refuse(Reason::kNotStarted);
  if (window->not_before >= statement.start_by) return Refuse(Reason::kStartOutOfRange);
  if (!HasStarted(*window, now)) return Refuse(Reason::kNotStarted);
  c.until = window->not_after;
  if (HasEnded(*window, now)) return Refuse(Reason::kExpired);
  if (statement.uses > 0 && c.grant.latch.uses_spent >= statement.uses) {
    return Refuse(Reason::kUsedUp);
  }
  return std::nullopt;
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
  if (is_named && Selects(c.role->hosts, host.name, host.labels)) return std::nullopt;
  return Refuse(Reason::kWrongHost, host.name);
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
constexpr std::array<Refusal (*)(Case&), 10> kSteps = {
    CheckSubject, CheckTime,   CheckPolicy, CheckFreshness, CheckApprovals,
    CheckRevoked, CheckWindow, CheckHost,   CheckDoor,      CheckRunAs,
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
  constexpr std::array<Refusal (*)(Case&), 4> kLasting = {CheckPolicy, CheckApprovals, CheckRevoked,
                                                          CheckEnd};
  static const Query kNoQuery;
  Case c{snapshot, grant, kNoQuery, nullptr, {}, std::nullopt, false};
  for (const auto step : kLasting) {
    if (Refusal refusal = step(c)) return refusal->reason;
  }
  return std::nullopt;
}

Decision Decide(const Snapshot& snapshot, std::span<const Grant* const> grants,
                const Query& query) {
  Decision decision;
  if (snapshot.policy == nullptr) decision.reason = Reason::kPolicyMissing;
  std::optional<size_t> furthest;
  for (const Grant* grant : grants) {
    if (grant->statement.subject != query.user) continue;
    Case c{snapshot, *grant, query, nullptr, {}, std::nullopt, false};
    auto [passed, refusal] = Run(c);
    if (!refusal) {
      Describe(c, decision);
      decision.detail.clear();
      decision.rule = std::move(c.rule);
      decision.starts = c.starts;
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
