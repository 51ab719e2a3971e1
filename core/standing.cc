// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "core/standing.h"

#include <algorithm>
#include <array>

#include "core/hosts.h"
#include "core/match.h"

namespace daypass::core {
namespace {

struct Case {
  const Snapshot& snapshot;
  const Standing& standing;
  const Query& query;
  std::string rule = {};
};

using Refusal = std::optional<Misfit>;

Refusal Refuse(Reason reason, std::string detail = {}) {
  return Misfit{reason, std::move(detail)};
}

bool IsOver(const Case& c, const std::optional<Instant>& end) {
  return end && c.snapshot.now->hi >= *end;
}

Refusal CheckRealm(Case& c) {
  const bool is_ours = c.snapshot.policy->realm == c.snapshot.host->realm;
  return is_ours ? std::nullopt : Refuse(Reason::kWrongRealm);
}

/// The account's owner, if it has one: suspended, revoked, gone, or a person where the rule is for
/// machines. A policy that is newer than a revocation has taken it into account.
Refusal CheckOwner(Case& c) {
  const Policy& policy = *c.snapshot.policy;
  const Person* owner = FindAccountOwner(policy, c.query.user);
  if (owner == nullptr) return std::nullopt;
  if (!owner->is_service && !c.standing.personal) {
    return Refuse(Reason::kWrongSubject, "the account of a person");
  }
  if (c.snapshot.suspended_people->contains(owner->name)) {
    return Refuse(Reason::kSuspended, owner->name);
  }
  const auto revoked = c.snapshot.revoked_people->find(owner->name);
  if (revoked != c.snapshot.revoked_people->end() && policy.created <= revoked->second) {
    return Refuse(Reason::kRevoked, owner->name);
  }
  if (!owner->valid_until) return std::nullopt;
  if (!c.snapshot.now) return Refuse(Reason::kTimeUnknown);
  if (IsOver(c, owner->valid_until)) return Refuse(Reason::kSuspended, owner->name);
  return std::nullopt;
}

/// A rule without an end and without hours works while the time is not known, too.
Refusal CheckTime(Case& c) {
  const Standing& standing = c.standing;
  if (!standing.valid_until && standing.windows.empty()) return std::nullopt;
  const std::optional<Now>& now = c.snapshot.now;
  if (!now || now->lo > now->hi) return Refuse(Reason::kTimeUnknown);
  if (IsOver(c, standing.valid_until)) return Refuse(Reason::kExpired);
  if (standing.windows.empty()) return std::nullopt;
  return MatchHours(standing, c.snapshot.policy->zones, *now);
}

Refusal CheckHost(Case& c) {
  const HostIdentity& host = *c.snapshot.host;
  if (!Selects(c.standing.hosts, host.name, host.labels)) {
    return Refuse(Reason::kWrongHost, host.name);
  }
  return std::nullopt;
}

Refusal CheckDoor(Case& c) {
  return MatchDoor(c.standing, c.query);
}

Refusal CheckRunAs(Case& c) {
  return MatchRunAs(c.standing, c.query);
}

Refusal CheckCommand(Case& c) {
  return MatchCommand(c.standing, c.query, c.snapshot.matches_pattern, c.rule);
}

// From far to near, as with grants.
constexpr std::array<Refusal (*)(Case&), 7> kSteps = {
    CheckRealm, CheckOwner, CheckTime, CheckHost, CheckDoor, CheckRunAs, CheckCommand,
};

std::pair<size_t, Refusal> Run(Case& c) {
  for (size_t step = 0; step < kSteps.size(); ++step) {
    if (Refusal refusal = kSteps[step](c)) return {step, std::move(refusal)};
  }
  return {kSteps.size(), std::nullopt};
}

bool IsAbout(const Standing& standing, const Query& query) {
  if (query.parent && query.parent->standing != standing.name) return false;
  return std::ranges::find(standing.accounts, query.user) != standing.accounts.end();
}

}  // namespace

std::optional<Decision> DecideByStanding(const Snapshot& snapshot, const Query& query) {
  if (snapshot.policy == nullptr) return std::nullopt;
  std::optional<Decision> decision;
  size_t furthest = 0;
  for (const Standing& standing : snapshot.policy->standing) {
    if (!IsAbout(standing, query)) continue;
    Case c{snapshot, standing, query};
    auto [passed, refusal] = Run(c);
    if (decision && refusal && passed < furthest) continue;
    furthest = passed;
    decision = Decision{};
    decision->role = standing.name;
    if (refusal) {
      decision->reason = refusal->reason;
      decision->detail = std::move(refusal->detail);
      continue;
    }
    decision->rule = std::move(c.rule);
    decision->reason = Reason::kStanding;
    decision->verdict = Verdict::kAllow;
    return decision;
  }
  return decision;
}

}  // namespace daypass::core
