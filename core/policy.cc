// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Look-ups in a policy. Names, accounts and keys are unique in a policy that wire/policy accepted.
#include "core/policy.h"

#include <algorithm>

namespace daypass::core {
namespace {

/// What stands where the index says, if it is what is looked for.
template <typename T>
const T* LookWhereItPoints(const PolicyIndex::Places& places, std::string_view name,
                           const std::vector<T>& all, auto&& is_it) {
  const auto place = places.find(name);
  if (place == places.end() || place->second >= all.size()) return nullptr;
  const T& there = all[place->second];
  return is_it(there) ? &there : nullptr;
}

bool Owns(const Person& person, std::string_view account) {
  return std::ranges::find(person.accounts, account) != person.accounts.end();
}

const PersonKey* FindKey(const Person& person, std::string_view fingerprint) {
  const auto it = std::ranges::find(person.keys, fingerprint, &PersonKey::fingerprint);
  return it == person.keys.end() ? nullptr : &*it;
}

}  // namespace

PolicyIndex IndexPolicy(const Policy& policy) {
  PolicyIndex index;
  for (size_t i = 0; i < policy.roles.size(); ++i) index.roles.emplace(policy.roles[i].name, i);
  for (size_t i = 0; i < policy.people.size(); ++i) {
    for (const std::string& account : policy.people[i].accounts) index.accounts.emplace(account, i);
    for (const PersonKey& key : policy.people[i].keys) index.keys.emplace(key.fingerprint, i);
  }
  return index;
}

const Role* FindRole(const Policy& policy, std::string_view name) {
  const Role* role = LookWhereItPoints(policy.index.roles, name, policy.roles,
                                       [&](const Role& one) { return one.name == name; });
  if (role != nullptr) return role;
  auto it = std::ranges::find(policy.roles, name, &Role::name);
  return it == policy.roles.end() ? nullptr : &*it;
}

const Person* FindPerson(const Policy& policy, std::string_view name) {
  auto it = std::ranges::find(policy.people, name, &Person::name);
  return it == policy.people.end() ? nullptr : &*it;
}

const Person* FindAccountOwner(const Policy& policy, std::string_view account) {
  const auto owns = [&](const Person& person) { return Owns(person, account); };
  const Person* owner = LookWhereItPoints(policy.index.accounts, account, policy.people, owns);
  if (owner != nullptr) return owner;
  const auto it = std::ranges::find_if(policy.people, owns);
  return it == policy.people.end() ? nullptr : &*it;
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
  const auto holds = [&](const Person& person) { return FindKey(person, fingerprint) != nullptr; };
  const Person* holder = LookWhereItPoints(policy.index.keys, fingerprint, policy.people, holds);
  if (holder == nullptr) {
    const auto it = std::ranges::find_if(policy.people, holds);
    if (it == policy.people.end()) return {};
    holder = &*it;
  }
  return {holder, FindKey(*holder, fingerprint)};
}

}  // namespace daypass::core
