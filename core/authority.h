// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Who may decide what: approvals of a statement, signatures under a policy, and whether a statement
// is one that its role allows at all. Pure; host, server and CLI judge by the same functions.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/policy.h"
#include "core/reason.h"
#include "core/result.h"
#include "core/statement.h"
#include "core/time.h"

namespace daypass::core {

/// People and keys that count for nothing at present.
struct Suspension {
  const std::set<std::string>* people = nullptr;
  const std::set<std::string>* keys = nullptr;  ///< fingerprints
};

/// What the approvals amount to.
struct ApprovalJudgement {
  bool enough = false;
  Reason reason = Reason::kApprovalsMissing;  ///< why not, of the approval that came nearest
  std::string detail;
  std::vector<std::string> counted;  ///< names of the persons whose approvals count
  bool automatic = false;            ///< the server's key alone: its count per day must hold too
};

/// Judges approvals by `policy`: as many distinct persons as the role wants, each in a group that
/// it names, with a key strong enough; never the subject, the requester or an account of theirs.
/// Where the role says so, the server's automatic key is enough instead; it never counts as one of
/// the persons. `now`: membership is judged on now.hi. Signatures have been verified before.
ApprovalJudgement JudgeApprovals(const Policy& policy, const Role& role, const Statement& statement,
                                 std::span<const Approval> approvals, const Suspension& suspension,
                                 const Now& now);

/// Whether one person could approve this statement at `at`, leaving key strength aside.
bool MayApprove(const Role& role, const Statement& statement, const Person& person, Instant at);

/// Whether the statement is one that `policy` allows to be asked for. The error names the field of
/// the statement: realm, role, role_digest, subject, duration_s, start, start_by_ms, uses, hosts.
/// Memberships count as they were when it was asked; whether they still do, Decide asks.
Result<void> JudgeStatement(const Policy& policy, const Statement& statement);

/// Whether this account may use the role at `at`.
bool IsSubjectOf(const Policy& policy, const Role& role, const std::string& account, Instant at);

/// The longest wait between asking, or the scheduled instant, and the latest start.
Seconds MaxPending(const Policy& policy, const Role& role);

/// The longest grant of a role on this host: of the role, the policy, and its limits for the host.
Seconds MaxDurationOn(const Policy& policy, const Role& role, const std::string& host,
                      const std::map<std::string, std::string>& labels);

/// Whether enough administrators of `judge` are among the signers of a policy: what can be known of
/// one before it is read. Fails: kBelowThreshold.
Result<void> CheckThreshold(const Policy& judge, std::span<const Approval> signers);

/// Whether `offered` may take the place of `held` (null: the first; its digest is the caller's to
/// compare with the pinned one). `signers`: verified signatures; one weaker than its key requires
/// counts for nothing.
/// Fails: kWrongRealm, kRollback, kEquivocation, kBelowThreshold. The same document is no fault.
Result<void> JudgePolicyUpdate(const Policy* held, const Policy& offered,
                               std::span<const Approval> signers);

}  // namespace daypass::core
