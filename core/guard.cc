// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "core/guard.h"

#include "core/duration.h"

namespace daypass::core {
namespace {

std::string Join(const std::vector<std::string>& words, std::string_view between) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += between;
    text += word;
  }
  return text;
}

std::string_view KeysInWords(KeyUse keys) {
  switch (keys) {
    case KeyUse::kAny:
      return "";
    case KeyUse::kTouch:
      return " with touched keys";
    case KeyUse::kVerify:
      return " with touched keys and PINs";
  }
  return "";
}

/// "2 of web-leads or sre with touched keys and 1 of security".
std::string People(const std::vector<ApprovalRule>& approve) {
  std::vector<std::string> slots;
  for (const ApprovalRule& rule : approve) {
    slots.push_back(std::to_string(rule.count) + " of " + Join(rule.groups, " or ") +
                    std::string(KeysInWords(rule.keys)));
  }
  return Join(slots, " and ");
}

std::string Automatic(const AutomaticApproval& automatic) {
  return "no person: the server alone may approve, up to " +
         FormatDuration(automatic.max_duration) + " and " + std::to_string(automatic.per_day) +
         " times a day for an account on a host";
}

}  // namespace

std::vector<std::string> ServerOnly(const Role& role) {
  if (!role.server) return {};
  const ServerConditions& server = *role.server;
  std::vector<std::string> names;
  if (server.stages) names.emplace_back("stages");
  if (!server.hours.empty()) names.emplace_back("approvers' hours");
  if (!server.on_call.empty()) names.emplace_back("on call");
  if (!server.ticket.empty()) names.emplace_back("ticket");
  if (server.max_risk) names.emplace_back("risk");
  if (server.per_day > 0) names.emplace_back("requests a day");
  return names;
}

std::string GuardLine(const Policy& policy, const Role& role) {
  std::string line = "needs " + People(role.approve);
  if (role.automatic)
    line = "needs " + Automatic(*role.automatic) + "; else " + People(role.approve);
  if (policy.server_is_root) line += "; this policy trusts the server like root";
  const std::vector<std::string> skipped = ServerOnly(role);
  if (!skipped.empty()) line += "; a broken server can skip: " + Join(skipped, ", ");
  return line;
}

}  // namespace daypass::core
