// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Look-ups in a policy. Names, accounts and keys are unique in a policy that wire/policy accepted.
#include "core/policy.h"

#include <algorithm>

namespace daypass::core {

const Role* FindRole(const Policy& policy, std::string_view name) {
  auto it = std::ranges::find(policy.roles, name, &Role::name);
  return it == policy.roles.end() ? nullptr : &*it;
}

const Person* FindPerson(const Policy& policy, std::string_view name) {
  auto it = std::ranges::find(policy.people, name, &Person::name);
  return it == policy.people.end() ? nullptr : &*it;
}

const Person* FindAccountOwner(const Policy& policy, std::string_view account) {
  for (const Person& person : policy.people) {
    if (std::ranges::find(person.accounts, account) != person.accounts.end()) return &person;
  }
  return nullptr;
}

bool IsInAny(const Person& person, const std::vector<std::string>& groups, Instant at) {
  const auto is_named = [&](const std::string& group) {
    return std::ranges::find(groups, group) != groups.end();
  };
  return std::ranges::any_of(person.groups, is_named) ||
         std::ranges::any_of(person.memberships, [&](const Membership& membership) {
           return at < membership.until && is_named(membership.group);
         });
}

KeyHolder FindKeyHolder(const Policy& policy, std::string_view fingerprint) {
  for (const Person& person : policy.people) {
    auto it = std::ranges::find(person.keys, fingerprint, &PersonKey::fingerprint);
    if (it != person.keys.end()) return {&person, &*it};
  }
  return {};
}

}  // namespace daypass::core
