// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Policies: what is taken means what it says, and says the same in canonical form.
#include "wire/policy.h"

#include <algorithm>
#include <set>

#include "core/authority.h"
#include "tests/fuzz/json_view.h"
#include "tests/fuzz/sealed.h"
#include "tests/fuzz/target.h"
#include "wire/limits.h"

namespace daypass::fuzz {

const Reader kReader{.limit = wire::kMaxPolicyBytes,
                     .max_input = size_t{16} << 10,
                     .read = [](std::string_view input) { (void)wire::ParsePolicy(input); }};

namespace {

constexpr wire::JsonLimits kLimits{.max_bytes = wire::kMaxPolicyBytes};

/// Puts `value` into `set`, where it must not be yet.
void RequireNew(std::set<std::string>& set, const std::string& value, const char* promise) {
  Require(set.insert(value).second, promise);
}

void RequirePeopleApart(const core::Policy& policy) {
  std::set<std::string> names;
  std::set<std::string> accounts;
  std::set<std::string> keys;
  for (const core::Person& person : policy.people) {
    RequireNew(names, person.name, "a name is one person's");
    for (const std::string& account : person.accounts) {
      RequireNew(accounts, account, "an account is one person's");
    }
    for (const core::PersonKey& key : person.keys) {
      RequireNew(keys, key.fingerprint, "a key is one person's");
      Require(key.approve || key.administer || key.signin, "a key is for something");
    }
  }
  for (const core::PersonKey& key : policy.status_keys) {
    RequireNew(keys, key.fingerprint, "a server's key is nobody's");
  }
  for (const core::PersonKey& key : policy.automatic_keys) {
    RequireNew(keys, key.fingerprint, "a server's key is nobody's");
  }
  for (const core::Person& person : policy.people) {
    for (const std::string& account : person.accounts) {
      Require(account == person.name || !names.contains(account),
              "an account has no other person's name");
    }
  }
}

void RequireKnownZones(const core::Policy& policy, const std::vector<core::Hours>& windows) {
  for (const core::Hours& hours : windows) {
    Require(policy.zones.contains(hours.zone), "hours are of a zone that the policy spells out");
  }
  const core::Instant now = policy.created;
  const auto until = core::OpenUntil(windows, policy.zones, {now, now}, now);
  Require(!until || *until > now, "what is open closes later");
  const auto next = core::NextOpening(windows, policy.zones, now);
  Require(!next || next->at > now, "what opens next is still shut");
}

void RequireMachines(const core::Policy& policy) {
  for (const core::Person& person : policy.people) {
    const bool rules = std::ranges::any_of(
        person.keys, [](const core::PersonKey& key) { return key.approve || key.administer; });
    Require(!person.is_service || !rules, "a service neither approves nor administers");
  }
  for (const core::Standing& standing : policy.standing) {
    Require(!standing.full && !standing.rules.empty(), "a standing rule allows exact commands");
    RequireKnownZones(policy, standing.windows);
    for (const std::string& account : standing.accounts) {
      const core::Person* owner = core::FindAccountOwner(policy, account);
      Require(owner == nullptr || owner->is_service || standing.personal,
              "a standing rule is for machines, unless it says so");
    }
  }
}

void RequireAdministrators(const core::Policy& policy) {
  const core::Administrators& administrators = policy.administrators;
  Require(administrators.threshold >= 1 && administrators.threshold <= administrators.people.size(),
          "administrators can be as many as it takes");
  for (const std::string& name : administrators.people) {
    const core::Person* person = core::FindPerson(policy, name);
    Require(person != nullptr && std::ranges::any_of(person->keys, &core::PersonKey::administer),
            "an administrator has a key for it");
  }
  std::vector<core::Approval> nobody;
  Require(!core::JudgePolicyUpdate(nullptr, policy, nobody), "nobody signs for nobody");
}

void RequireRoles(const core::Policy& policy) {
  std::set<std::string> names;
  for (const core::Role& role : policy.roles) {
    RequireNew(names, role.name, "a role's name is its own");
    Require(!role.doors.empty() && !role.start.empty() && !role.approve.empty(),
            "a role can be used, and somebody approves it");
    Require(role.max_duration <= policy.limits.max_duration &&
                role.max_offline <= policy.limits.max_offline,
            "no role is longer than the policy allows");
    Require(!role.automatic || (!role.full || policy.server_is_root),
            "no person, no root, unless the policy says that the server is");
    RequireKnownZones(policy, role.windows);
    for (const core::ApprovalRule& rule : role.approve) {
      Require(rule.count >= 1 && rule.count <= policy.people.size(), "approvers are somebody");
    }
  }
}

}  // namespace

void Try(std::string_view input) {
  TrySealed<core::Policy>(input, "policy", wire::kMaxPolicyBytes, wire::ParsePolicy);
  const auto policy = wire::ParsePolicy(input);
  if (!policy) return RequireFit(policy.error());
  Require(policy->digest == wire::Sha256Hex(input), "the digest is of the exact bytes");
  Require(policy->created < policy->expires, "a policy ends after it begins");
  RequirePeopleApart(*policy);
  RequireAdministrators(*policy);
  RequireRoles(*policy);
  RequireMachines(*policy);
  const auto canonical = wire::ParsePolicy(Canonical(input, kLimits));
  Require(canonical && canonical->roles.size() == policy->roles.size(),
          "a policy's canonical form is that policy");
  for (size_t i = 0; i < policy->roles.size(); ++i) {
    Require(canonical->roles[i].digest == policy->roles[i].digest,
            "a role's digest does not hang on how it is written");
  }
}

}  // namespace daypass::fuzz
