// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include <algorithm>
#include <set>

#include "policy/lint/lints.h"

namespace daypass::policy {
namespace {

using Names = std::set<std::string, std::less<>>;

/// What roles and administrators refer to.
struct Used {
  Names people, administrators, asking_groups, approving_groups;
  bool any_subject = false;
};

Used FindUsed(const core::Policy& policy) {
  Used used;
  used.administrators.insert(policy.administrators.people.begin(),
                             policy.administrators.people.end());
  for (const core::Role& role : policy.roles) {
    used.any_subject = used.any_subject || role.subjects.any;
    used.people.insert(role.subjects.people.begin(), role.subjects.people.end());
    used.asking_groups.insert(role.subjects.groups.begin(), role.subjects.groups.end());
    for (const core::ApprovalRule& rule : role.approve) {
      used.approving_groups.insert(rule.groups.begin(), rule.groups.end());
    }
  }
  return used;
}

bool IsInAny(const core::Person& person, const Names& groups) {
  return std::ranges::any_of(person.groups,
                             [&](const std::string& group) { return groups.contains(group); });
}

void LintKeys(const core::Person& person, const Used& used, const PersonPlaces& places,
              Findings& findings) {
  const bool approves = IsInAny(person, used.approving_groups);
  const bool administers = used.administrators.contains(person.name);
  for (size_t i = 0; i < person.keys.size(); ++i) {
    const core::PersonKey& key = person.keys[i];
    std::string what;
    if (!key.approve && !key.administer && !key.signin) {
      what = "a key of " + person.name + " is for nothing: its uses are empty";
    } else if (key.approve && !approves) {
      what = "a key of " + person.name + " is to approve, and no role lets them";
    } else if (key.administer && !administers) {
      what = "a key of " + person.name + " is to administer, and they are no administrator";
    }
    if (what.empty()) continue;
    findings.push_back({Severity::kHint, "unused-key", places.keys.at(i), std::move(what),
                        "a power that nobody uses is one that nobody misses when it is stolen",
                        "take it out of uses, or put the person where it counts"});
  }
}

void LintGroups(const core::Person& person, const Used& used, const wire::Place& place, Names& seen,
                Findings& findings) {
  for (const std::string& group : person.groups) {
    if (used.asking_groups.contains(group) || used.approving_groups.contains(group)) continue;
    if (!seen.insert(group).second) continue;
    findings.push_back(
        {Severity::kHint, "unused-group", place, "no role names the group \"" + group + "\"",
         "it looks as if being in it meant something", "take it out, or name it in a role"});
  }
}

bool IsUsed(const core::Person& person, const Used& used) {
  return (used.any_subject && !person.accounts.empty()) || used.people.contains(person.name) ||
         used.administrators.contains(person.name) || IsInAny(person, used.asking_groups) ||
         IsInAny(person, used.approving_groups);
}

}  // namespace

void LintUnused(const Linted& linted, Findings& findings) {
  const Used used = FindUsed(linted.policy);
  Names seen;
  for (const core::Person& person : linted.policy.people) {
    const PersonPlaces& places = linted.places.people.at(person.name);
    LintGroups(person, used, places.person, seen, findings);
    if (IsUsed(person, used)) {
      LintKeys(person, used, places, findings);
    } else {
      findings.push_back({Severity::kHint, "unused-person", places.person,
                          person.name + " can ask for nothing, approve nothing and sign nothing",
                          "who has left is forgotten here most easily",
                          "take them out, or into a group that a role names"});
    }
  }
}

}  // namespace daypass::policy
