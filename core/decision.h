// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The decision: a pure function of (verified documents, query with its facts, now). No clock, no
// I/O, no globals. Everything else in Daypass fetches, carries, shows or enforces what this says.
//
//   1. MUST deny unless one grant or one standing rule, by itself, passes every step; they add up,
//      and none takes away.
//   2. MUST judge a start on now.lo and an end on now.hi, without grace.
//   3. MUST take the commands from the role of the held policy, and only if its digest is the one
//      that the approvers signed.
//   4. MUST NOT let a sub-command do more than its parent's rule says, wait for people, or cost a
//   use.
//   5. MUST NOT count an approval of the subject, the requester, or an account of theirs.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "core/policy.h"
#include "core/query.h"
#include "core/reason.h"
#include "core/statement.h"
#include "core/time.h"

namespace daypass::core {

/// Hardened: values far apart, and everything that is not exactly kAllow is a denial.
enum class Verdict : uint32_t { kDeny = 0x35CA39A6, kAllow = 0xC93516D8 };

struct [[nodiscard]] Decision {
  Verdict verdict = Verdict::kDeny;
  Reason reason = Reason::kNoGrant;
  std::string detail;  ///< names the argument, variable, path... in question; may be empty
  Digest grant;        ///< the grant that allows, or that got furthest; may be empty
  std::string role;    ///< or the standing rule
  std::string rule;    ///< id of the rule that allows
  std::optional<Instant> until;   ///< end of the window, or of the role's hours if that is nearer
  bool spends = false;            ///< this allow costs one of the grant's counted uses
  std::optional<Instant> starts;  ///< this allow is the first use: the window starts here
};

constexpr bool IsAllow(const Decision& decision) {
  return decision.verdict == Verdict::kAllow;
}

/// Who and where this host is: set by root on the host, never by the server.
struct HostIdentity {
  std::string realm;
  std::string name;
  std::map<std::string, std::string> labels;
};

/// RE2 by way of the caller, so that whoever needs no patterns links none. Must match the whole
/// text.
using PatternMatcher = std::function<bool(const std::string& re, const std::string& text)>;

/// Everything verified that a decision may rest on. Borrowed: outlives the call.
struct Snapshot {
  const HostIdentity* host = nullptr;
  const Policy* policy = nullptr;      ///< null: none held
  std::optional<Now> now;              ///< none: the time is unknown
  std::optional<Instant> status_time;  ///< signed time of the last status taken, if any
  const std::set<Digest>* revoked = nullptr;
  const std::map<std::string, Instant>* revoked_people = nullptr;  ///< person -> at
  const std::set<std::string>* suspended_people = nullptr;
  const std::set<std::string>* suspended_keys = nullptr;
  PatternMatcher matches_pattern;
};

/// Decides one query. `grants`: those whose subject is the query's user (others are passed over).
Decision Decide(const Snapshot& snapshot, std::span<const Grant* const> grants, const Query& query);

/// Why a grant holds no longer for what it let through before, or none if it still does: its window
/// is over, its role's hours are, it was revoked or dropped, its role changed, an approval stopped
/// counting. A stale status alone ends nothing that runs.
std::optional<Reason> WhyOver(const Snapshot& snapshot, const Grant& grant);

/// Until when what `before` let through may go on in the name of `next`, a grant that extends it;
/// none: it may not. `next` must be of the same account and role, and pass every step of a decision
/// but those about the command, which the role has allowed. A counted grant carries nothing on.
/// `grants`: all of that account. `uid`: of what runs.
std::optional<Instant> MayGoOn(const Snapshot& snapshot, std::span<const Grant* const> grants,
                               const Grant& before, const Grant& next, uint32_t uid);

/// The window of a grant: from its latched start, or its scheduled instant; none before that.
std::optional<Window> WindowOf(const Grant& grant);

}  // namespace daypass::core
