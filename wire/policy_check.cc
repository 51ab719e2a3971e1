// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/policy_check.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "wire/limits.h"

namespace daypass::wire {
namespace {

using core::Person;
using core::Policy;
using core::Role;

core::Error Bad(const std::string& place, const std::string& what) {
  return {core::Reason::kMalformed, place + ": " + what, place};
}

std::string At(std::string_view list, size_t index) {
  return "/" + std::string(list) + "/" + std::to_string(index);
}

bool HasKeyFor(const Person& person, bool core::PersonKey::* use) {
  return std::any_of(person.keys.begin(), person.keys.end(),
                     [&](const core::PersonKey& key) { return key.*use; });
}

// Things that may appear once in a policy. A second claim names the place of the first.
class Claims {
 public:
  core::Result<void> Claim(const std::string& thing, const std::string& place,
                           const std::string& kind) {
    const auto [first, is_new] = places_.emplace(thing, place);
    if (is_new) return {};
    return Bad(place, kind + " \"" + thing + "\" stands already at " + first->second);
  }

 private:
  std::map<std::string, std::string> places_;
};

// Who is named and who approves, indexed: a policy may refer to tens of thousands of people a
// hundred thousand times, and is looked at before it is known whether its signers count.
class People {
 public:
  explicit People(const Policy& policy) {
    for (const Person& person : policy.people) {
      by_name_.emplace(person.name, &person);
      if (!HasKeyFor(person, &core::PersonKey::approve)) continue;
      for (const std::string& group : person.groups) approvers_[group].insert(&person);
    }
  }

  const Person* Find(const std::string& name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : found->second;
  }

  /// Persons of the rule's groups with a key to approve; those beyond its count are not counted.
  size_t CountApprovers(const core::ApprovalRule& rule) const {
    std::set<const Person*> distinct;
    for (const std::string& group : rule.groups) {
      const auto members = approvers_.find(group);
      if (members == approvers_.end()) continue;
      for (const Person* person : members->second) {
        distinct.insert(person);
        if (distinct.size() == rule.count) return distinct.size();
      }
    }
    return distinct.size();
  }

 private:
  std::map<std::string_view, const Person*> by_name_;
  std::map<std::string_view, std::set<const Person*>> approvers_;
};

// A person's name and accounts both say who somebody is: none may mean two people.
core::Result<void> CheckNames(const Policy& policy) {
  std::map<std::string, size_t> owner;  // of a name or an account: index in people
  Claims names;
  for (size_t i = 0; i < policy.people.size(); ++i) {
    const std::string& name = policy.people[i].name;
    if (auto claim = names.Claim(name, At("people", i), "the person"); !claim) return claim;
    owner.emplace(name, i);
  }
  Claims accounts;
  for (size_t i = 0; i < policy.people.size(); ++i) {
    for (const std::string& account : policy.people[i].accounts) {
      const std::string place = At("people", i) + "/accounts";
      if (auto claim = accounts.Claim(account, place, "the account"); !claim) return claim;
      if (owner.emplace(account, i).first->second != i) {
        return Bad(place, "the account \"" + account + "\" has the name of another person");
      }
    }
  }
  return {};
}

core::Result<void> CheckKeys(const Policy& policy) {
  Claims keys;
  for (size_t i = 0; i < policy.people.size(); ++i) {
    for (size_t j = 0; j < policy.people[i].keys.size(); ++j) {
      const std::string place = At("people", i) + At("keys", j);
      const std::string& key = policy.people[i].keys[j].fingerprint;
      if (auto claim = keys.Claim(key, place, "the key"); !claim) return claim;
    }
  }
  for (const auto& [place, list] : {std::pair{"/server/status_keys", &policy.status_keys},
                                    std::pair{"/server/automatic_keys", &policy.automatic_keys}}) {
    for (const core::PersonKey& key : *list) {
      if (auto claim = keys.Claim(key.fingerprint, place, "the key"); !claim) return claim;
    }
  }
  return {};
}

core::Result<void> CheckAdministrators(const Policy& policy, const People& people) {
  const std::string place = "/administrators";
  const core::Administrators& administrators = policy.administrators;
  Claims once;
  for (const std::string& name : administrators.people) {
    if (auto claim = once.Claim(name, place + "/people", "the person"); !claim) return claim;
    const Person* person = people.Find(name);
    if (person == nullptr)
      return Bad(place + "/people", "\"" + name + "\" is not among the people");
    if (!HasKeyFor(*person, &core::PersonKey::administer)) {
      return Bad(place + "/people", "\"" + name + "\" has no key with the use \"administer\"");
    }
  }
  if (administrators.threshold > administrators.people.size()) {
    return Bad(place + "/threshold", std::to_string(administrators.threshold) +
                                         " is too large; there are " +
                                         std::to_string(administrators.people.size()));
  }
  return {};
}

core::Result<void> CheckApprovals(const People& people, const Role& role,
                                  const std::string& place) {
  uint32_t total = 0;
  for (size_t i = 0; i < role.approve.size(); ++i) {
    const core::ApprovalRule& rule = role.approve[i];
    const size_t approvers = people.CountApprovers(rule);
    if (approvers < rule.count) {
      return Bad(place + At("approve", i),
                 "wants " + std::to_string(rule.count) + " persons; its groups have " +
                     std::to_string(approvers) + " with a key to approve");
    }
    total += rule.count;
  }
  if (total > kMaxApprovers) {
    return Bad(place + "/approve",
               std::to_string(total) + " persons in all; at most " + std::to_string(kMaxApprovers));
  }
  return {};
}

core::Result<void> CheckDuration(core::Seconds value, core::Seconds limit,
                                 const std::string& place) {
  if (value <= limit) return {};
  return Bad(place, std::to_string(value.count()) + " is too large; at most " +
                        std::to_string(limit.count()) + ", the policy's limit");
}

core::Result<void> CheckRole(const Policy& policy, const People& people, const Role& role,
                             const std::string& place) {
  Claims rules;
  for (const core::Rule& rule : role.rules) {
    if (auto claim = rules.Claim(rule.id, place + "/rules", "the rule"); !claim) return claim;
  }
  for (const std::string& name : role.subjects.people) {
    if (people.Find(name) == nullptr) {
      return Bad(place + "/subjects/people", "\"" + name + "\" is not among the people");
    }
  }
  if (auto fits =
          CheckDuration(role.max_duration, policy.limits.max_duration, place + "/max_duration_s");
      !fits) {
    return fits;
  }
  if (auto fits =
          CheckDuration(role.max_offline, policy.limits.max_offline, place + "/max_offline_s");
      !fits) {
    return fits;
  }
  return CheckApprovals(people, role, place);
}

}  // namespace

core::Result<void> CheckPolicy(const Policy& policy) {
  if (policy.expires <= policy.created) return Bad("/expires_ms", "is not after created_ms");
  for (const auto check : {CheckNames, CheckKeys}) {
    if (auto done = check(policy); !done) return done;
  }
  const People people(policy);
  if (auto done = CheckAdministrators(policy, people); !done) return done;
  Claims roles;
  for (size_t i = 0; i < policy.roles.size(); ++i) {
    const Role& role = policy.roles[i];
    const std::string place = At("roles", i);
    if (auto claim = roles.Claim(role.name, place, "the role"); !claim) return claim;
    if (auto done = CheckRole(policy, people, role, place); !done) return done;
  }
  return {};
}

}  // namespace daypass::wire
