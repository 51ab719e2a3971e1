// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "policy/lint/lints.h"

namespace daypass::policy {

void LintTimes(const Linted& linted, Findings& findings) {
  const core::Policy& policy = linted.policy;
  for (const core::Person& person : policy.people) {
    if (!person.valid_until || *person.valid_until >= policy.expires) continue;
    const wire::Place& place = linted.places.people.at(person.name).person;
    if (*person.valid_until <= policy.created) {
      findings.push_back({Severity::kWarning, "membership-over", place,
                          "the membership of " + person.name + " is over",
                          "nothing that they ask, approve or sign counts any more",
                          "take them out, or set valid_until anew"});
    } else {
      findings.push_back({Severity::kHint, "membership-ends", place,
                          "the membership of " + person.name + " ends before the policy does",
                          "what they approved until then ends with it",
                          "set valid_until anew if they stay"});
    }
  }
  for (const core::Role& role : policy.roles) {
    if (!role.valid_until || *role.valid_until > policy.created) continue;
    findings.push_back({Severity::kWarning, "role-over", linted.places.roles.at(role.name).role,
                        "role \"" + role.name + "\" is over: its valid_until has passed",
                        "nobody can ask for it", "take it out, or set valid_until anew"});
  }
}

}  // namespace daypass::policy
