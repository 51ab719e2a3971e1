// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Fills in what people leave out, and explains what cannot be asked for.
#include "cli/ask.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/authority.h"
#include "core/duration.h"
#include "core/escape.h"
#include "policy/describe.h"

namespace daypass::cli {
namespace {

constexpr core::Seconds kDefaultPending{3600};

bool Contains(const auto& list, const auto& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

core::Error NoSuchRole(const core::Policy& policy, const Ask& ask) {
  std::vector<std::string> roles;
  roles.reserve(policy.roles.size());
  for (const core::Role& role : policy.roles) roles.push_back(role.name);
  return {core::Reason::kRoleUnknown,
          fmt::format("policy version {} has no role \"{}\"\nRoles: {}", policy.version,
                      core::ForTerminal(ask.role), policy::Join(roles)),
          "--role"};
}

/// The account that will use it: the one named, else the asker's only one.
core::Result<std::string> ChooseSubject(const core::Policy& policy, const Ask& ask) {
  if (!ask.subject.empty()) return ask.subject;
  const core::Person* self = core::FindPerson(policy, ask.requester);
  if (self != nullptr && self->accounts.size() == 1) return self->accounts.front();
  const std::string which = self == nullptr || self->accounts.empty()
                                ? "you have no account there"
                                : "you have the accounts " + policy::Join(self->accounts);
  return core::Error{core::Reason::kWrongSubject,
                     fmt::format("for which account? By the policy {}\nName one with --subject "
                                 "ACCOUNT.",
                                 which),
                     "--subject"};
}

core::StartRule ChooseStart(const core::Role& role, const Ask& ask) {
  if (ask.at) return core::StartRule::kScheduled;
  if (ask.start) return *ask.start;
  const auto can_wait_for = [&](core::StartRule rule) { return Contains(role.start, rule); };
  return can_wait_for(core::StartRule::kApproval) ? core::StartRule::kApproval
                                                  : core::StartRule::kFirstUse;
}

core::Result<void> CheckAgainstRole(const core::Policy& policy, const core::Role& role,
                                    const Ask& ask) {
  const core::Seconds longest = std::min(role.max_duration, policy.limits.max_duration);
  if (ask.duration > longest) {
    return core::Error{core::Reason::kMalformed,
                       fmt::format("--for: {} is too long; the role {} allows at most {}",
                                   core::FormatDuration(ask.duration), core::ForTerminal(role.name),
                                   core::FormatDuration(longest)),
                       "--for"};
  }
  for (const std::string& host : ask.hosts) {
    // Labels are the host's own; only it and the server's list know them.
    if (role.hosts.names.empty() || Contains(role.hosts.names, host)) continue;
    return core::Error{
        core::Reason::kWrongHost,
        fmt::format("--host: the role {} is not for {}; it is for {}", core::ForTerminal(role.name),
                    core::ForTerminal(host), policy::DescribeHosts(role.hosts)),
        "--host"};
  }
  return {};
}

}  // namespace

core::Result<core::StartRule> ReadStartRule(const std::string& text) {
  if (text == "approval") return core::StartRule::kApproval;
  if (text == "first-use") return core::StartRule::kFirstUse;
  return core::Error{core::Reason::kMalformed,
                     fmt::format("--start: \"{}\" is not known; write approval or first-use, or "
                                 "give --at TIME",
                                 core::ForTerminal(text)),
                     "--start"};
}

core::Result<core::Statement> WordStatement(const core::Policy& policy, const Ask& ask,
                                            core::Instant now) {
  const core::Role* role = core::FindRole(policy, ask.role);
  if (role == nullptr) return NoSuchRole(policy, ask);
  core::Result<std::string> subject = ChooseSubject(policy, ask);
  if (!subject) return std::move(subject).error();
  if (auto fits = CheckAgainstRole(policy, *role, ask); !fits) return std::move(fits).error();

  core::Statement statement;
  statement.realm = policy.realm;
  statement.subject = *std::move(subject);
  statement.requester = ask.requester;
  statement.role = role->name;
  statement.role_digest = role->digest;
  statement.policy_version = policy.version;
  statement.hosts = ask.hosts;
  statement.duration = ask.duration;
  statement.start = ChooseStart(*role, ask);
  statement.start_at = ask.at;
  statement.start_by =
      ask.at.value_or(now) + std::min(kDefaultPending, core::MaxPending(policy, *role));
  statement.uses = static_cast<uint32_t>(ask.uses.value_or(role->uses));
  statement.reason = ask.reason;
  statement.ticket = ask.ticket;
  statement.extends = ask.extends;
  statement.created = now;
  if (auto judged = core::JudgeStatement(policy, statement); !judged) {
    return std::move(judged).error();
  }
  return statement;
}

}  // namespace daypass::cli
