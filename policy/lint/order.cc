// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include <algorithm>

#include "policy/cover.h"
#include "policy/lint/lints.h"

namespace daypass::policy {
namespace {

void LintRole(const core::Role& role, const RolePlaces& places, Findings& findings) {
  if (role.full && !role.rules.empty()) {
    findings.push_back({Severity::kWarning, "unreachable-rule", places.rules.front(),
                        "role \"" + role.name + "\" is full: its rules say nothing",
                        "who reads them thinks that they limit something",
                        "leave out full = true, or the rules"});
    return;
  }
  for (auto rule = role.rules.begin(); rule != role.rules.end(); ++rule) {
    const auto earlier = std::find_if(role.rules.begin(), rule,
                                      [&](const core::Rule& wide) { return Covers(wide, *rule); });
    if (earlier == rule) continue;
    findings.push_back({Severity::kWarning, "unreachable-rule",
                        places.rules.at(static_cast<size_t>(rule - role.rules.begin())),
                        "rule \"" + rule->id + "\" is never reached: rule \"" + earlier->id +
                            "\" allows all that it does",
                        "who narrows this rule believes that it narrows the role",
                        "leave out one of the two"});
  }
}

}  // namespace

void LintOrder(const Linted& linted, Findings& findings) {
  for (const core::Role& role : linted.policy.roles) {
    LintRole(role, linted.places.roles.at(role.name), findings);
  }
}

}  // namespace daypass::policy
