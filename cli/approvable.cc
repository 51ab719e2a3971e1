// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "cli/approvable.h"

#include <fmt/format.h>

#include <vector>

#include "cli/when.h"
#include "core/authority.h"
#include "core/escape.h"
#include "policy/describe.h"

namespace daypass::cli {
namespace {

core::Error CannotApprove(core::Reason reason, const RemoteRequest& request,
                          const std::string& why) {
  return {reason, fmt::format("{} cannot be approved: {}", request.ShortId(), why), "ID"};
}

/// Whether the person is the subject, the requester, or has the account of either.
bool IsOwn(const core::Policy& policy, const core::Person& self, const core::Statement& statement) {
  for (const std::string& name : {statement.subject, statement.requester}) {
    const core::Person* owner = core::FindAccountOwner(policy, name);
    if (name == self.name || (owner != nullptr && owner->name == self.name)) return true;
  }
  return false;
}

/// The same judge as on hosts; a changed role gets the words that it needs.
core::Result<void> CheckStatement(const core::Policy& policy, const RemoteRequest& request) {
  const core::Statement& statement = request.statement;
  const core::Result<void> judged = core::JudgeStatement(policy, statement);
  if (judged) return {};
  if (judged.error().code == core::Reason::kRoleChanged ||
      judged.error().code == core::Reason::kPolicyBehind) {
    return CannotApprove(
        core::Reason::kRoleChanged, request,
        fmt::format("its role {} is not the one of your policy, version {} (it was asked under "
                    "version {})\nYour policy is the server's newest. Whoever asked must ask anew.",
                    core::ForTerminal(statement.role), policy.version, statement.policy_version));
  }
  return CannotApprove(judged.error().code, request, judged.error().what);
}

}  // namespace

core::Result<const core::Role*> CheckApprovable(const core::Policy& policy,
                                                const core::Person& self,
                                                const RemoteRequest& request, core::Instant now) {
  const core::Statement& statement = request.statement;
  if (request.state != "pending") {
    return CannotApprove(core::Reason::kConflict, request,
                         "it is " + core::ForTerminal(request.state) + " already");
  }
  if (policy.expires <= now) {
    return CannotApprove(core::Reason::kPolicyExpired, request,
                         fmt::format("policy version {} ended {}\nAn administrator must push a "
                                     "newer one.",
                                     policy.version, TimeAndDistance(policy.expires, now)));
  }
  if (statement.start_by <= now) {
    return CannotApprove(core::Reason::kExpired, request,
                         fmt::format("it had to start by {}\nWhoever asked must ask anew.",
                                     TimeAndDistance(statement.start_by, now)));
  }
  if (auto judged = CheckStatement(policy, request); !judged) return std::move(judged).error();
  const core::Role* role = core::FindRole(policy, statement.role);
  if (IsOwn(policy, self, statement)) {
    return CannotApprove(core::Reason::kSelfApproval, request,
                         "nobody approves what they asked for themselves\nAsk somebody else: " +
                             policy::DescribeApprovers(role->approve) + ".");
  }
  if (!core::MayApprove(*role, statement, self, now)) {
    return CannotApprove(core::Reason::kApproverNotAllowed, request,
                         "you are not among its approvers\nThey are: " +
                             policy::DescribeApprovers(role->approve) + ".");
  }
  return role;
}

core::Result<void> CheckSignature(const core::Policy& policy, const core::Role& role,
                                  const core::Person& self, const core::Statement& statement,
                                  const wire::VerifiedSignature& signature, core::Instant now) {
  const std::string& fingerprint = signature.key.fingerprint;
  const core::KeyHolder holder = core::FindKeyHolder(policy, fingerprint);
  if (holder.person == nullptr) {
    return core::Error{core::Reason::kKeyUnknown,
                       fmt::format("policy version {} knows no key {}\nSign with one that it names "
                                   "(--key FILE).",
                                   policy.version, fingerprint),
                       "--key"};
  }
  if (holder.person->name != self.name) {
    return core::Error{core::Reason::kNotYours,
                       fmt::format("{} is the key of {}, not yours", fingerprint,
                                   core::ForTerminal(holder.person->name)),
                       "--key"};
  }
  const std::vector<core::Approval> approvals = wire::ToApprovals({signature});
  const core::ApprovalJudgement judged =
      core::JudgeApprovals(policy, role, statement, approvals, {}, {now, now});
  if (!judged.counted.empty() && judged.reason != core::Reason::kTouchMissing) return {};
  return core::Error{
      judged.reason,
      fmt::format("a signature of {} does not count here: {}\nThe role wants: {}.", fingerprint,
                  core::ReasonText(judged.reason), policy::DescribeApprovers(role.approve)),
      "--key"};
}

}  // namespace daypass::cli
