// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The approval view. Nothing here does I/O, so that tests can hold its every line.
#include "cli/statement_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/when.h"
#include "core/duration.h"
#include "core/escape.h"
#include "core/guard.h"
#include "policy/describe.h"

namespace daypass::cli {
namespace {

/// "alice (person alice)": the account, and who the policy says it is.
std::string DescribeAccount(const core::Policy& policy, const std::string& account) {
  const core::Person* owner = core::FindAccountOwner(policy, account);
  if (owner == nullptr) return core::ForTerminal(account) + " (nobody's account in the policy)";
  if (owner->name == account) return core::ForTerminal(account);
  return fmt::format("{} (an account of {})", core::ForTerminal(account),
                     core::ForTerminal(owner->name));
}

/// "20m, from the moment it is approved, at the latest at 14:40:00, in 58m".
std::string DescribeWindow(const core::Statement& statement, core::Instant now) {
  std::string text = core::FormatDuration(statement.duration);
  if (statement.start == core::StartRule::kScheduled && statement.start_at) {
    text += ", from " + TimeAndDistance(*statement.start_at, now);
  } else {
    text += ", " + policy::DescribeStart(statement.start);
  }
  return text;
}

std::string PolicyAge(const core::Policy& policy, core::Instant now) {
  return fmt::format("version {}, {} {}", policy.version,
                     policy.expires <= now ? "EXPIRED" : "ends",
                     TimeAndDistance(policy.expires, now));
}

}  // namespace

Fields StatementFields(const core::Policy& policy, const core::Statement& statement,
                       core::Instant now) {
  const core::Role* role = core::FindRole(policy, statement.role);
  const std::string role_text = role == nullptr
                                    ? core::ForTerminal(statement.role)
                                    : fmt::format("{}: {}", core::ForTerminal(role->name),
                                                  core::ForTerminal(role->description));
  Fields fields("  ");
  fields.Add("who", DescribeAccount(policy, statement.subject));
  if (statement.requester != statement.subject) {
    fields.Add("asked by", DescribeAccount(policy, statement.requester));
  }
  fields.Add("role", role_text);
  fields.Add(statement.hosts.size() == 1 ? "host" : fmt::format("{} hosts", statement.hosts.size()),
             policy::Join(statement.hosts));
  fields.Add("how long", DescribeWindow(statement, now));
  fields.Add("latest start", TimeAndDistance(statement.start_by, now));
  if (statement.uses > 0) fields.Add("uses", policy::DescribeUses(statement.uses));
  fields.Add("why", core::ForTerminal(statement.reason));
  fields.Add("ticket", core::ForTerminal(statement.ticket));
  if (!statement.extends.empty()) fields.Add("extends", core::ShortId(statement.extends));
  fields.Add("asked", TimeAndDistance(statement.created, now));
  return fields;
}

void AddPowers(const core::Powers& powers, Fields& fields) {
  std::string commands = powers.full ? "any command" : "";
  for (const core::Rule& rule : powers.rules) {
    for (const std::string& line : policy::DescribeRule(rule)) {
      commands += (commands.empty() ? "" : "\n") + line;
    }
  }
  fields.Add("commands", commands);
  fields.Add("run as", policy::DescribeRunAs(powers.run_as));
  fields.Add("doors", policy::DescribeDoors(powers.doors));
  std::string open;
  for (const core::Hours& hours : powers.windows) {
    open += (open.empty() ? "" : "\n") + policy::DescribeHours(hours);
  }
  if (!open.empty()) fields.Add("open", open);
  if (powers.intercept) fields.Add("intercept", "what a command starts is judged too");
  if (!powers.env.empty()) fields.Add("variables", policy::Join(powers.env));
}

std::string RenderPowers(const core::Policy& policy, const core::Role& role, const Style& style) {
  Fields fields("  ");
  AddPowers(role, fields);
  fields.Add("at the end", policy::DescribeEnd(role));
  fields.Add("offline", role.max_offline.count() == 0
                            ? "works only while the host hears from the server"
                            : fmt::format("works up to {} without the server",
                                          core::FormatDuration(role.max_offline)));
  fields.Add("guarded by", core::ForTerminal(core::GuardLine(policy, role)));
  std::string text = fields.Text(style);
  for (const std::string& warning : policy::Warnings(policy, role)) {
    text += fmt::format("\n  {} {}\n", style.Warning("!"), style.Warning(warning));
  }
  return text;
}

namespace {

/// Who signed it, as far as the reader's policy knows him, and whether that counts.
struct Signer {
  std::string name;
  bool counts = false;
};

Signer SignerOf(const core::Policy& policy, const core::Statement& statement,
                const core::Approval& approval, core::Instant now) {
  const core::KeyHolder holder = core::FindKeyHolder(policy, approval.fingerprint);
  const core::Role* role = core::FindRole(policy, statement.role);
  core::ApprovalJudgement judged;
  if (role != nullptr) {
    judged =
        core::JudgeApprovals(policy, *role, statement, std::span(&approval, 1), {}, {now, now});
  }
  const bool counts = judged.automatic || !judged.counted.empty();
  if (holder.person != nullptr) return {holder.person->name, counts};
  const auto& keys = policy.automatic_keys;
  const bool is_automatic =
      std::ranges::find(keys, approval.fingerprint, &core::PersonKey::fingerprint) != keys.end();
  return {is_automatic ? "the automatic approver" : "an unknown key", counts};
}

}  // namespace

std::string ApproverNames(const core::Policy& policy, const RemoteRequest& request) {
  std::string text;
  for (const core::Approval& approval : VerifiedApprovals(request)) {
    const Signer signer = SignerOf(policy, request.statement, approval, request.statement.created);
    text += (text.empty() ? "" : ", ") + core::ForTerminal(signer.name);
  }
  return text;
}

std::string DescribeApprovals(const core::Policy& policy, const RemoteRequest& request,
                              core::Instant now) {
  std::string text;
  for (const core::Approval& approval : VerifiedApprovals(request)) {
    const Signer signer = SignerOf(policy, request.statement, approval, now);
    text += fmt::format("{}{}, {}{}", text.empty() ? "" : "\n", core::ForTerminal(signer.name),
                        core::ForTerminal(approval.fingerprint),
                        signer.counts ? "" : " (does not count)");
  }
  return text;
}

std::string DescribeRisk(const RemoteRequest& request) {
  std::string text = fmt::format("{} of 100", request.risk);
  for (const std::string& why : request.risk_why) text += "\n" + core::ForTerminal(why);
  if (!request.not_automatic.empty()) {
    text += "\nnot approved automatically: " + core::ForTerminal(request.not_automatic);
  }
  return text;
}

std::string RenderForApproval(const core::Policy& policy, const core::Role& role,
                              const RemoteRequest& request, core::Instant now, const Style& style) {
  const core::Statement& statement = request.statement;
  std::string text = style.Bold(fmt::format("Request {}", request.ShortId())) + "\n\n";
  text += StatementFields(policy, statement, now).Text(style);
  text += "\n" + style.Bold("What this allows") + "\n\n";
  text += RenderPowers(policy, role, style);
  text += "\n" + style.Bold("Who says yes") + "\n\n";
  Fields fields("  ");
  fields.Add("wanted", policy::DescribeApprovers(role.approve));
  if (role.automatic) fields.Add("or the server", policy::DescribeAutomatic(*role.automatic));
  if (role.server) fields.Add("server asks", policy::DescribeServerConditions(*role.server));
  const std::string approvals = DescribeApprovals(policy, request, now);
  fields.Add("so far", approvals.empty() ? "nobody" : approvals);
  fields.Add("asker", "known to the server as: " + core::ForTerminal(request.origin) +
                          " (the server's word)");
  fields.Add("risk", DescribeRisk(request));
  fields.Add("policy", PolicyAge(policy, now));
  text += fields.Text(style);
  return text;
}

}  // namespace daypass::cli
