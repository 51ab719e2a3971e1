// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Everything verified that this host holds, in memory, ready to be decided on: identity, policy,
// grants by subject, revocations and suspensions. Who writes here has written the store first.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/authority.h"
#include "core/decision.h"
#include "core/status.h"

namespace daypass::agent {

class Holdings {
 public:
  explicit Holdings(core::HostIdentity host);

  const core::HostIdentity& host() const { return host_; }
  const core::Policy* policy() const { return policy_ ? &*policy_ : nullptr; }
  void SetPolicy(core::Policy policy) { policy_ = std::move(policy); }

  /// Adds a grant, or takes the place of the one with its id.
  void PutGrant(core::Grant grant);
  core::Grant* FindGrant(const core::Digest& id);
  const core::Grant* FindGrant(const core::Digest& id) const;
  /// By "g-..." or the whole digest.
  core::Grant* FindGrantByAnyId(const std::string& id);
  /// In the order in which they were put here.
  std::vector<const core::Grant*> GrantsOf(std::string_view subject) const;
  void RemoveGrant(const core::Digest& id);

  /// Ordered by id. There may be a hundred thousand, so each id and name is held once.
  struct ById {
    using is_transparent = void;
    static std::string_view Id(const std::unique_ptr<core::Grant>& grant) {
      return grant->statement.id;
    }
    static std::string_view Id(std::string_view id) { return id; }
    bool operator()(const auto& a, const auto& b) const { return Id(a) < Id(b); }
  };
  using Grants = std::set<std::unique_ptr<core::Grant>, ById>;
  const Grants& grants() const { return grants_; }

  /// The grants whose end has not been latched, by that end; by the last one that is possible while
  /// a grant has not started. So whoever waits for ends need not walk all grants.
  using Ends = std::set<std::pair<core::Instant, core::Grant*>>;
  const Ends& ends() const { return ends_; }
  /// Whoever latches the start or the end of a grant says so here.
  void OnLatched(core::Grant& grant);

  /// A revocation once held stays.
  void Revoke(const core::Revocation& revocation);
  void SetSuspended(const core::Suspended& suspended);
  bool IsRevoked(const core::Digest& id) const { return revoked_.contains(id); }

  /// Whose signatures a grant carries, by the policy held: "bob:SHA256:...,carol:SHA256:...".
  std::string DescribeApprovers(const core::Grant& grant) const;

  /// For Decide. Valid until something here changes.
  core::Snapshot MakeSnapshot(const std::optional<core::Now>& now,
                              const std::optional<core::Instant>& status_time) const;
  core::Suspension MakeSuspension() const { return {&suspended_people_, &suspended_keys_}; }

 private:
  core::HostIdentity host_;
  std::optional<core::Policy> policy_;
  void ForgetEnd(core::Grant& grant);

  Grants grants_;
  Ends ends_;
  std::multimap<std::string_view, const core::Grant*> by_subject_;  ///< the grant's own string
  std::set<core::Digest> revoked_;
  std::map<std::string, core::Instant> revoked_people_;
  std::set<std::string> suspended_people_;
  std::set<std::string> suspended_keys_;
  core::PatternMatcher matches_pattern_;
};

}  // namespace daypass::agent
