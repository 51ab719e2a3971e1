// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include <algorithm>

#include "policy/lint.h"
#include "policy/lint/lints.h"

namespace daypass::policy {
namespace {

void LintCommand(const core::CommandRule& command, const wire::Place& place, Findings& findings) {
  if (command.equals_root) {
    if (WhyEqualsRoot(command)) return;
    findings.push_back({Severity::kHint, "equals-root-without-reason", place,
                        command.path + " is said to equal root; no way from it to root is known",
                        "approvers who are warned where nothing is stop reading warnings",
                        "leave out equals_root, unless you know of a way"});
    return;
  }
  if (WhyEqualsRoot(command)) return;  // the builder has said worse
  if (const std::optional<std::string> why = WhyReadsSecrets(command)) {
    findings.push_back({Severity::kWarning, "reads-secrets", place, *why,
                        "password hashes and private keys are among them",
                        "name the files, or a folder with nothing secret in it"});
  }
}

void LintEdit(const core::EditRule& edit, const core::Role& role, const wire::Place& place,
              Findings& findings) {
  const std::optional<std::string> why = WhyEqualsRoot(edit);
  const bool touched = std::ranges::all_of(
      role.approve, [](const core::ApprovalRule& rule) { return rule.keys != core::KeyUse::kAny; });
  if (!why || touched) return;
  findings.push_back(
      {Severity::kWarning, "edit-equals-root", place, *why,
       "whoever may edit it may become root, with approvals of any key",
       "write keys = \"touch\" in each [[role.approve]], or keep what the role edits "
       "outside of /etc, /usr and /root"});
}

}  // namespace

void LintPowers(const Linted& linted, Findings& findings) {
  for (const core::Role& role : linted.policy.roles) {
    const RolePlaces& places = linted.places.roles.at(role.name);
    for (size_t i = 0; i < role.rules.size(); ++i) {
      if (const auto* edit = std::get_if<core::EditRule>(&role.rules[i].kind)) {
        LintEdit(*edit, role, places.rules.at(i), findings);
      } else {
        LintCommand(std::get<core::CommandRule>(role.rules[i].kind), places.rules.at(i), findings);
      }
    }
  }
}

}  // namespace daypass::policy
