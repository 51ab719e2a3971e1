// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Each "yes" that a role wants is a slot; a person fills at most one, and never for themselves.
#include <algorithm>
#include <map>
#include <set>

#include "policy/lint/lints.h"

namespace daypass::policy {
namespace {

using core::ApprovalRule;
using core::Person;
using core::Role;
using Group = std::vector<const Person*>;

bool Shares(const std::vector<std::string>& left, const std::vector<std::string>& right) {
  return std::ranges::any_of(
      left, [&](const std::string& item) { return std::ranges::find(right, item) != right.end(); });
}

/// A FIDO2 key can prove presence and PIN; the others can prove neither.
bool IsStrongEnough(const core::PersonKey& key, core::KeyUse wanted) {
  return key.approve && (wanted == core::KeyUse::kAny || key.line.starts_with("sk-"));
}

bool CanFill(const Person& person, const ApprovalRule& rule) {
  return Shares(person.groups, rule.groups) &&
         std::ranges::any_of(person.keys, [&](const core::PersonKey& key) {
           return IsStrongEnough(key, rule.keys);
         });
}

/// Who fills which slot, by augmenting paths: slots are few, sixteen at most.
class Slots {
 public:
  Slots(const Role& role, const Group& people) {
    for (const ApprovalRule& rule : role.approve) {
      Group able;
      std::ranges::copy_if(people, std::back_inserter(able),
                           [&](const Person* person) { return CanFill(*person, rule); });
      for (uint32_t i = 0; i < rule.count; ++i) able_.push_back(able);
    }
  }

  /// How many slots can be filled without this person.
  size_t FillWithout(const Person* away) {
    filled_.clear();
    away_ = away;
    size_t count = 0;
    for (size_t slot = 0; slot < able_.size(); ++slot) {
      std::set<const Person*> tried;
      if (Place(slot, tried)) ++count;
    }
    return count;
  }

  size_t size() const { return able_.size(); }
  Group Chosen() const {
    Group chosen;
    for (const auto& [person, slot] : filled_) chosen.push_back(person);
    return chosen;
  }

 private:
  bool Place(size_t slot, std::set<const Person*>& tried) {
    for (const Person* person : able_[slot]) {
      if (person == away_ || !tried.insert(person).second) continue;
      const auto taken = filled_.find(person);
      if (taken != filled_.end() && !Place(taken->second, tried)) continue;
      filled_[person] = slot;
      return true;
    }
    return false;
  }

  std::vector<Group> able_;
  std::map<const Person*, size_t> filled_;
  const Person* away_ = nullptr;
};

bool MayBeSubject(const Role& role, const Person& person) {
  if (person.accounts.empty()) return false;
  return role.subjects.any || Shares(person.groups, role.subjects.groups) ||
         std::ranges::find(role.subjects.people, person.name) != role.subjects.people.end();
}

void LintRole(const Role& role, const Group& members, const wire::Place& place,
              Findings& findings) {
  Slots slots(role, members);
  const std::string wanted = std::to_string(slots.size());
  const size_t most = slots.FillWithout(nullptr);
  if (most < slots.size()) {
    findings.push_back({Severity::kError, "nobody-approves", place,
                        "role \"" + role.name + "\" cannot be approved: it wants " + wanted +
                            " approvals by different people, and " + std::to_string(most) +
                            " can be had",
                        "every request for it waits until it ends",
                        "give more people of these groups a key to approve that is strong enough, "
                        "or lower count"});
    return;
  }
  // Only who was chosen can be indispensable: without anybody else, this choice still stands.
  std::set<std::string> needed;
  bool for_themselves = false;
  for (const Person* person : slots.Chosen()) {
    if (slots.FillWithout(person) == slots.size()) continue;
    needed.insert(person->name);
    for_themselves = for_themselves || MayBeSubject(role, *person);
  }
  if (needed.empty()) return;
  std::string names;
  for (const std::string& name : needed) names += (names.empty() ? "" : ", ") + name;
  findings.push_back({Severity::kWarning, "no-spare-approver", place,
                      "role \"" + role.name + "\" wants " + wanted +
                          (slots.size() == 1 ? " approval" : " approvals") +
                          ", and cannot do without " + names,
                      for_themselves ? "nobody approves what is for themselves, so they cannot use "
                                       "the role; and one illness closes it to all"
                                     : "one illness closes the role to all",
                      "have one approver more than count says"});
}

}  // namespace

void LintApprovals(const Linted& linted, Findings& findings) {
  Group members;
  for (const Person& person : linted.policy.people) {
    if (person.valid_until && *person.valid_until <= linted.policy.created) continue;
    members.push_back(&person);
  }
  for (const Role& role : linted.policy.roles) {
    LintRole(role, members, linted.places.roles.at(role.name).role, findings);
  }
}

}  // namespace daypass::policy
