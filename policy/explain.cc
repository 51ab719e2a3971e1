// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "policy/explain.h"

#include <algorithm>
#include <array>

#include "core/match.h"
#include "core/reason.h"
#include "policy/describe.h"

namespace daypass::policy {
namespace {

using core::Reason;

struct Stop {
  Reason reason;
  std::string_view step;
};
constexpr std::array kStops = {
    Stop{Reason::kOutsideHours, "hours"},          Stop{Reason::kWrongHost, "host"},
    Stop{Reason::kStartOutOfRange, "host"},        Stop{Reason::kWrongDoor, "door"},
    Stop{Reason::kWrongRunas, "run-as"},           Stop{Reason::kApprovalsMissing, "approval"},
    Stop{Reason::kApproverNotAllowed, "approval"}, Stop{Reason::kTouchMissing, "approval"},
    Stop{Reason::kSelfApproval, "approval"},
};

std::string StepOf(Reason reason) {
  const auto stop = std::ranges::find(kStops, reason, &Stop::reason);
  return std::string(stop == kStops.end() ? "command" : stop->step);
}

std::string CommandsOf(const core::Role& role) {
  if (role.full) return "every command";
  std::vector<std::string> lines;
  for (const core::Rule& rule : role.rules) {
    for (std::string& line : DescribeRule(rule)) lines.push_back(std::move(line));
  }
  return lines.empty() ? "no command" : Join(lines, "\n");
}

/// What the role has where the query has something else.
std::string Change(const core::Role& role, const Explanation& stopped) {
  if (stopped.stops_at == "host") return "hosts: " + DescribeHosts(role.hosts);
  if (stopped.stops_at == "door") return "doors: " + DescribeDoors(role.doors);
  if (stopped.stops_at == "run-as") return "runs as: " + DescribeRunAs(role.run_as);
  if (stopped.stops_at == "approval") return "approved by: " + DescribeApprovers(role.approve);
  if (stopped.stops_at == "hours") return stopped.decision.detail;
  return "it allows: " + CommandsOf(role);
}

/// As long as anybody is left who has not approved.
void ApproveByAll(Simulator& simulator, const core::Policy& policy, core::Grant& grant) {
  for (const core::Person& person : policy.people) {
    const bool can = std::ranges::any_of(person.keys, &core::PersonKey::approve);
    if (can) (void)simulator.Approve(grant, person.name, core::KeyUse::kVerify);
  }
}

Explanation ExplainRole(const core::Policy& policy, const core::HostIdentity& host,
                        core::Instant now, const core::Query& query, const core::Role& role) {
  Simulator simulator(policy, host, now);
  Explanation result{role.name, {}, {}, {}};
  core::Statement statement;
  statement.subject = statement.requester = query.user;
  statement.role = role.name;
  statement.hosts = {host.name};
  statement.duration = core::Seconds{1};
  statement.uses = role.uses > 0 ? 1 : 0;
  statement.start = role.start.front();
  if (statement.start == core::StartRule::kScheduled) statement.start_at = now;
  core::Result<core::Grant*> asked = simulator.Ask(std::move(statement));
  if (!asked) {
    result.decision.reason = asked.error().code;
    result.decision.detail = asked.error().what;
    result.stops_at = "asking";
    result.change = "for: " + DescribeSubjects(role.subjects);
    return result;
  }
  ApproveByAll(simulator, policy, **asked);
  result.decision = simulator.Run(query);
  if (core::IsAllow(result.decision)) return result;
  result.stops_at = StepOf(result.decision.reason);
  result.change = Change(role, result);
  return result;
}

}  // namespace

const std::vector<std::string>& ExplainedSteps() {
  static const std::vector<std::string> kSteps = {"asking", "approval", "hours",  "host",
                                                  "door",   "run-as",   "command"};
  return kSteps;
}

std::string CommandNamed(const core::Policy& policy, const std::string& name) {
  if (name.find('/') != std::string::npos || name == "sudoedit") return name;
  const auto path_in = [&](const core::Powers& powers) -> std::string {
    for (const core::Rule& rule : powers.rules) {
      const auto* command = std::get_if<core::CommandRule>(&rule.kind);
      if (command != nullptr && command->path.ends_with("/" + name)) return command->path;
    }
    return "";
  };
  std::string path;
  for (const core::Role& role : policy.roles) {
    if (path.empty()) path = path_in(role);
  }
  for (const core::Standing& standing : policy.standing) {
    if (path.empty()) path = path_in(standing);
  }
  return path.empty() ? "/usr/bin/" + name : path;
}

std::vector<Explanation> Explain(const core::Policy& policy, const core::HostIdentity& host,
                                 core::Instant now, const core::Query& query) {
  std::vector<Explanation> all;
  Simulator simulator(policy, host, now);
  all.push_back({"", simulator.Run(query), "", ""});
  for (const core::Role& role : policy.roles) {
    all.push_back(ExplainRole(policy, host, now, query, role));
  }
  return all;
}

}  // namespace daypass::policy
