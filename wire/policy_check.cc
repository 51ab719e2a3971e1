// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/policy_check.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <tuple>

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
      for (const std::string& account : person.accounts) owners_.emplace(account, &person);
      if (!HasKeyFor(person, &core::PersonKey::approve)) continue;
      for (const std::string& group : person.groups) approvers_[group].insert(&person);
      for (const core::Membership& held : person.memberships)
        approvers_[held.group].insert(&person);
    }
  }

  const Person* Find(const std::string& name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : found->second;
  }

  const Person* OwnerOf(const std::string& account) const {
    const auto found = owners_.find(account);
    return found == owners_.end() ? nullptr : found->second;
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
  std::map<std::string_view, const Person*> owners_;
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

core::Result<void> CheckMemberships(const Policy& policy) {
  for (size_t i = 0; i < policy.people.size(); ++i) {
    const Person& person = policy.people[i];
    std::set<std::string_view> groups(person.groups.begin(), person.groups.end());
    for (size_t j = 0; j < person.memberships.size(); ++j) {
      const std::string& group = person.memberships[j].group;
      if (groups.insert(group).second) continue;
      return Bad(At("people", i) + At("memberships", j),
                 "\"" + person.name + "\" is in the group \"" + group + "\" already");
    }
  }
  return {};
}

core::Result<void> CheckServices(const Policy& policy) {
  for (size_t i = 0; i < policy.people.size(); ++i) {
    const Person& person = policy.people[i];
    for (size_t j = 0; person.is_service && j < person.keys.size(); ++j) {
      if (!person.keys[j].approve && !person.keys[j].administer) continue;
      return Bad(At("people", i) + At("keys", j) + "/uses",
                 "a service may sign in, and never approve or administer");
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

core::Result<void> CheckApprovals(const People& people,
                                  const std::vector<core::ApprovalRule>& approve,
                                  const std::string& place) {
  uint32_t total = 0;
  for (size_t i = 0; i < approve.size(); ++i) {
    const core::ApprovalRule& rule = approve[i];
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

core::Result<void> CheckZones(const Policy& policy, const std::vector<core::Hours>& windows,
                              const std::string& place) {
  for (size_t i = 0; i < windows.size(); ++i) {
    if (policy.zones.contains(windows[i].zone)) continue;
    return Bad(place + "/" + std::to_string(i) + "/zone",
               "\"" + windows[i].zone + "\" is not among the zones");
  }
  return {};
}

core::Result<void> CheckPowers(const Policy& policy, const core::Powers& powers,
                               const std::string& place) {
  Claims rules;
  for (size_t i = 0; i < powers.rules.size(); ++i) {
    const core::Rule& rule = powers.rules[i];
    if (auto claim = rules.Claim(rule.id, place + "/rules", "the rule"); !claim) return claim;
    const auto* command = std::get_if<core::CommandRule>(&rule.kind);
    if (command == nullptr || command->may_run.empty() || powers.intercept) continue;
    return Bad(place + At("rules", i) + "/may_run", "means nothing without \"intercept\"");
  }
  return CheckZones(policy, powers.windows, place + "/windows");
}

core::Result<void> CheckSubjects(const People& people, const core::Subjects& subjects,
                                 const std::string& place) {
  for (const std::string& name : subjects.people) {
    if (people.Find(name) != nullptr) continue;
    return Bad(place + "/people", "\"" + name + "\" is not among the people");
  }
  return {};
}

bool HandsOutRoot(const core::Powers& powers) {
  return powers.full || std::any_of(powers.rules.begin(), powers.rules.end(), [](const auto& rule) {
           const auto* command = std::get_if<core::CommandRule>(&rule.kind);
           return command != nullptr && command->equals_root;
         });
}

/// What nobody looks at before it happens is small, and not root.
core::Result<void> CheckAutomatic(const Policy& policy, const People& people, const Role& role,
                                  const std::string& place) {
  if (policy.automatic_keys.empty()) return Bad(place, "the server has no automatic_keys");
  if (HandsOutRoot(role) && !policy.server_is_root) {
    return Bad(place, "the role hands out root; without a person only if server_is_root is true");
  }
  if (auto fits = CheckSubjects(people, role.automatic->subjects, place + "/subjects"); !fits) {
    return fits;
  }
  if (role.automatic->max_duration <= role.max_duration) return {};
  return Bad(place + "/max_duration_s", "is longer than the role allows");
}

core::Result<void> CheckRole(const Policy& policy, const People& people, const Role& role,
                             const std::string& place) {
  if (auto fits = CheckPowers(policy, role, place); !fits) return fits;
  if (auto fits = CheckSubjects(people, role.subjects, place + "/subjects"); !fits) return fits;
  const core::Limits& limits = policy.limits;
  const std::tuple<core::Seconds, core::Seconds, const char*> lengths[] = {
      {role.max_duration, limits.max_duration, "/max_duration_s"},
      {role.max_offline, limits.max_offline, "/max_offline_s"},
      {role.max_pending.value_or(limits.max_pending), limits.max_pending, "/max_pending_s"}};
  for (const auto& [value, limit, key] : lengths) {
    if (auto fits = CheckDuration(value, limit, place + key); !fits) return fits;
  }
  if (role.automatic) {
    if (auto fits = CheckAutomatic(policy, people, role, place + "/automatic"); !fits) return fits;
  }
  if (role.server) {
    if (auto fits = CheckZones(policy, role.server->hours, place + "/server/hours"); !fits) {
      return fits;
    }
  }
  return CheckApprovals(people, role.approve, place);
}

core::Result<void> CheckRoles(const Policy& policy, const People& people) {
  Claims names;  // a record's "role" may be either
  for (size_t i = 0; i < policy.roles.size(); ++i) {
    const Role& role = policy.roles[i];
    const std::string place = At("roles", i);
    if (auto claim = names.Claim(role.name, place, "the role"); !claim) return claim;
    if (auto done = CheckRole(policy, people, role, place); !done) return done;
  }
  for (size_t i = 0; i < policy.standing.size(); ++i) {
    const core::Standing& standing = policy.standing[i];
    const std::string place = At("standing", i);
    if (auto claim = names.Claim(standing.name, place, "the name"); !claim) return claim;
    if (auto done = CheckPowers(policy, standing, place); !done) return done;
    for (const std::string& account : standing.accounts) {
      const Person* owner = people.OwnerOf(account);
      if (owner == nullptr || owner->is_service || standing.personal) continue;
      return Bad(place + "/accounts", "\"" + account + "\" is the account of " + owner->name +
                                          ", a person; meant only with \"personal\"");
    }
  }
  return {};
}

core::Result<void> CheckBreakglass(const Policy& policy, const People& people) {
  if (!policy.breakglass) return {};
  const std::string place = "/breakglass";
  Claims once;
  for (const std::string& name : policy.breakglass->roles) {
    if (auto claim = once.Claim(name, place + "/roles", "the role"); !claim) return claim;
    if (core::FindRole(policy, name) != nullptr) continue;
    return Bad(place + "/roles", "there is no role \"" + name + "\"");
  }
  return CheckApprovals(people, policy.breakglass->approve, place);
}

core::Result<void> CheckLimits(const Policy& policy) {
  for (size_t i = 0; i < policy.limits.hosts.size(); ++i) {
    auto fits = CheckDuration(policy.limits.hosts[i].max_duration, policy.limits.max_duration,
                              "/limits" + At("hosts", i) + "/max_duration_s");
    if (!fits) return fits;
  }
  return {};
}

}  // namespace

core::Result<void> CheckPolicy(const Policy& policy) {
  if (policy.expires <= policy.created) return Bad("/expires_ms", "is not after created_ms");
  for (const auto check : {CheckNames, CheckKeys, CheckMemberships, CheckServices, CheckLimits}) {
    if (auto done = check(policy); !done) return done;
  }
  const People people(policy);
  if (auto done = CheckAdministrators(policy, people); !done) return done;
  if (auto done = CheckRoles(policy, people); !done) return done;
  return CheckBreakglass(policy, people);
}

}  // namespace daypass::wire
