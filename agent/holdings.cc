// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/holdings.h"

#include <algorithm>

#include "core/pattern.h"

namespace daypass::agent {

Holdings::Holdings(core::HostIdentity host)
    : host_(std::move(host)), matches_pattern_(core::MakePatternMatcher()) {}

void Holdings::PutGrant(core::Grant grant) {
  RemoveGrant(grant.statement.id);
  auto held = std::make_unique<core::Grant>(std::move(grant));
  by_subject_[held->statement.subject].push_back(held.get());
  grants_.emplace(held->statement.id, std::move(held));
}

void Holdings::RemoveGrant(const core::Digest& id) {
  auto it = grants_.find(id);
  if (it == grants_.end()) return;
  auto of_subject = by_subject_.find(it->second->statement.subject);
  std::erase(of_subject->second, it->second.get());
  if (of_subject->second.empty()) by_subject_.erase(of_subject);
  grants_.erase(it);
}

core::Grant* Holdings::FindGrant(const core::Digest& id) {
  auto it = grants_.find(id);
  return it == grants_.end() ? nullptr : it->second.get();
}

core::Grant* Holdings::FindGrantByAnyId(const std::string& id) {
  if (core::Grant* grant = FindGrant(id)) return grant;
  auto it = std::ranges::find_if(
      grants_, [&](const auto& entry) { return core::ShortId(entry.first) == id; });
  return it == grants_.end() ? nullptr : it->second.get();
}

std::span<const core::Grant* const> Holdings::GrantsOf(const std::string& subject) const {
  auto it = by_subject_.find(subject);
  if (it == by_subject_.end()) return {};
  return it->second;
}

void Holdings::Revoke(const core::Revocation& revocation) {
  if (!revocation.id.empty()) revoked_.insert(revocation.id);
  if (revocation.person.empty()) return;
  core::Instant& at = revoked_people_[revocation.person];
  at = std::max(at, revocation.at);
}

void Holdings::SetSuspended(const core::Suspended& suspended) {
  suspended_people_ = {suspended.people.begin(), suspended.people.end()};
  suspended_keys_ = {suspended.keys.begin(), suspended.keys.end()};
}

std::string Holdings::DescribeApprovers(const core::Grant& grant) const {
  std::string text;
  for (const core::Approval& approval : grant.approvals) {
    const core::KeyHolder holder =
        policy_ ? core::FindKeyHolder(*policy_, approval.fingerprint) : core::KeyHolder{};
    if (!text.empty()) text += ',';
    text += (holder.person != nullptr ? holder.person->name : "?") + ":" + approval.fingerprint;
  }
  return text;
}

core::Snapshot Holdings::MakeSnapshot(const std::optional<core::Now>& now,
                                      const std::optional<core::Instant>& status_time) const {
  return {&host_,
          policy(),
          now,
          status_time,
          &revoked_,
          &revoked_people_,
          &suspended_people_,
          &suspended_keys_,
          matches_pattern_};
}

}  // namespace daypass::agent
