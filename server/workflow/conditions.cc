// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/workflow/conditions.h"

#include <algorithm>
#include <array>

#include "core/authority.h"
#include "core/duration.h"
#include "core/hosts.h"
#include "core/hours.h"
#include "core/pattern.h"
#include "server/store/approvals.h"
#include "server/store/hosts.h"

namespace daypass::server {
namespace {

using core::Approval;
using core::Error;
using core::Policy;
using core::Reason;
using core::Result;
using core::Role;
using core::Statement;

using Why = std::optional<std::string>;

constexpr std::chrono::hours kDay{24};

/// What is said of hours that are shut; none: they are open, or there are none.
Why WhyShut(const Policy& policy, const Role& role, core::Instant now) {
  if (!role.server || role.server->hours.empty()) return {};
  const auto& hours = role.server->hours;
  if (core::OpenUntil(hours, policy.zones, {now, now}, now + kDay)) return {};
  const auto opening = core::NextOpening(hours, policy.zones, now);
  if (!opening) return "outside the hours for approvals";
  return "outside the hours for approvals, which open " +
         core::DescribeOpening(*opening, policy.zones);
}

/// The role as it would be with these stages alone, and without an automatic approver.
Role WithStages(const Role& role, size_t first, size_t count) {
  Role staged = role;
  staged.automatic.reset();
  const auto begin = role.approve.begin() + static_cast<std::ptrdiff_t>(first);
  staged.approve.assign(begin, begin + static_cast<std::ptrdiff_t>(count));
  return staged;
}

Result<void> CheckStage(const Policy& policy, const Role& role, const Statement& statement,
                        std::span<const Approval> held, const Approval& approval,
                        core::Instant now) {
  const core::Now at{now, now};
  size_t stage = 0;
  while (stage < role.approve.size() &&
         core::JudgeApprovals(policy, WithStages(role, 0, stage + 1), statement, held, {}, at)
             .enough) {
    ++stage;
  }
  if (stage == role.approve.size()) return {};
  const Role due = WithStages(role, stage, 1);
  const auto judged = core::JudgeApprovals(policy, due, statement, std::span(&approval, 1), {}, at);
  if (!judged.counted.empty()) return {};
  return Error{Reason::kApprovalsMissing,
               "signature: stage " + std::to_string(stage + 1) + " of " +
                   std::to_string(role.approve.size()) +
                   " comes first: " + std::to_string(due.approve.front().count) + " of " +
                   due.approve.front().groups.front(),
               "/signature"};
}

// Why the automatic approver does not say yes.

struct Asked {
  Tx& tx;
  const Context& context;
  const Policy& policy;
  const Role& role;
  const Statement& statement;
  const RequestRow& row;
};

Why CheckKey(const Asked& asked) {
  const auto& fingerprint = asked.context.automatic_key.public_key().fingerprint;
  const auto& keys = asked.policy.automatic_keys;
  if (std::ranges::find(keys, fingerprint, &core::PersonKey::fingerprint) != keys.end()) return {};
  return "the policy names no automatic key of this server";
}

Why CheckLength(const Asked& asked) {
  const core::Seconds longest = asked.role.automatic->max_duration;
  if (asked.statement.duration <= longest) return {};
  return "longer than " + core::FormatDuration(longest);
}

Why CheckSubject(const Asked& asked) {
  const Approval ours{asked.context.automatic_key.public_key().fingerprint, false, false};
  const core::Now now{asked.tx.now, asked.tx.now};
  const auto judged =
      core::JudgeApprovals(asked.policy, asked.role, asked.statement, std::span(&ours, 1), {}, now);
  if (judged.automatic) return {};
  return "not for " + asked.statement.subject;
}

Why CheckHosts(const Asked& asked) {
  for (const std::string& name : asked.statement.hosts) {
    const auto host = Hosts(asked.tx).Find(name);
    if (!host || !core::Selects(asked.role.automatic->hosts, name, host->labels)) {
      return "not on " + name;
    }
  }
  return {};
}

Why CheckCount(const Asked& asked) {
  const uint32_t most = asked.role.automatic->per_day;
  for (const std::string& name : asked.statement.hosts) {
    const uint64_t count = Approvals(asked.tx).CountAutomatic(
        asked.role.name, asked.statement.subject, name, asked.tx.now - kDay);
    if (count >= most) {
      return "already " + std::to_string(count) + " in 24 hours on " + name;
    }
  }
  return {};
}

Why CheckHours(const Asked& asked) {
  return WhyShut(asked.policy, asked.role, asked.tx.now);
}

Why CheckOnCall(const Asked& asked) {
  if (!asked.role.server || asked.role.server->on_call.empty()) return {};
  return "who is on call for " + asked.role.server->on_call + " is not known";
}

Why CheckRisk(const Asked& asked) {
  if (!WantsOneMore(asked.role, asked.row)) return {};
  return "risk " + std::to_string(asked.row.risk) + " is above " +
         std::to_string(*asked.role.server->max_risk);
}

constexpr std::array kAutomaticChecks = {&CheckKey,   &CheckLength, &CheckSubject, &CheckHosts,
                                         &CheckCount, &CheckHours,  &CheckOnCall,  &CheckRisk};

}  // namespace

Result<void> CheckAsking(Tx& tx, const Role& role, const Statement& statement,
                         const std::string& requested_by) {
  if (!role.server) return {};
  const core::ServerConditions& wanted = *role.server;
  if (!wanted.ticket.empty() && !core::MakePatternMatcher()(wanted.ticket, statement.ticket)) {
    return Error{Reason::kMalformed,
                 "ticket: \"" + statement.ticket + "\" does not match " + wanted.ticket +
                     ", which the role \"" + role.name + "\" asks for",
                 "ticket"};
  }
  if (wanted.per_day > 0 && Requests(tx).CountAsked(requested_by, statement.subject, role.name,
                                                    tx.now - kDay) >= wanted.per_day) {
    return Error{Reason::kTooMany,
                 "the role \"" + role.name + "\" may be asked for " +
                     std::to_string(wanted.per_day) + " times in 24 hours",
                 {}};
  }
  return {};
}

Result<void> CheckApproving(const Policy& policy, const Role& role, const Statement& statement,
                            std::span<const Approval> held, const Approval& approval,
                            core::Instant now) {
  if (const Why shut = WhyShut(policy, role, now)) {
    return Error{Reason::kOutsideHours, "signature: " + *shut, "/signature"};
  }
  if (!role.server || !role.server->stages) return {};
  return CheckStage(policy, role, statement, held, approval, now);
}

bool WantsOneMore(const Role& role, const RequestRow& row) {
  return role.server && role.server->max_risk && row.risk > *role.server->max_risk;
}

std::optional<std::string> WhyNotAutomatic(Tx& tx, const Context& context, const Policy& policy,
                                           const Role& role, const Statement& statement,
                                           const RequestRow& row) {
  const Asked asked{tx, context, policy, role, statement, row};
  for (const auto& check : kAutomaticChecks) {
    if (Why why = check(asked)) return why;
  }
  return {};
}

}  // namespace daypass::server
