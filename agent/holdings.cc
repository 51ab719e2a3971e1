// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/holdings.h"

#include <algorithm>

#include "core/pattern.h"

namespace daypass::agent {
namespace {

/// The digits of the digest that a short id says; empty if it is none.
std::string DigestPrefix(std::string_view short_id) {
  constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";
  constexpr std::string_view kDigits = "0123456789abcdef";
  constexpr size_t kPrefix = 20;  // of four bits
  if (!short_id.starts_with("g-")) return {};
  std::string prefix;
  uint64_t bits = 0;
  int held = 0;
  for (const char c : short_id.substr(2)) {
    const size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) return {};
    bits = (bits << 5) | value;
    for (held += 5; held >= 4; held -= 4) prefix += kDigits[(bits >> (held - 4)) & 15];
  }
  return prefix.size() == kPrefix ? prefix : std::string();
}

core::Instant LastEndOf(const core::Grant& grant) {
  return grant.statement.start_by + grant.statement.duration;
}

core::Instant EndOf(const core::Grant& grant) {
  const std::optional<core::Window> window = core::WindowOf(grant);
  return window ? window->not_after : LastEndOf(grant);
}

}  // namespace

Holdings::Holdings(core::HostIdentity host)
    : host_(std::move(host)), matches_pattern_(core::MakePatternMatcher()) {}

void Holdings::PutGrant(core::Grant grant) {
  RemoveGrant(grant.statement.id);
  auto held = std::make_unique<core::Grant>(std::move(grant));
  by_subject_.emplace(held->statement.subject, held.get());
  if (!held->latch.ended) ends_.emplace(EndOf(*held), held.get());  // it has no earlier entry
  grants_.insert(std::move(held));
}

void Holdings::RemoveGrant(const core::Digest& id) {
  const auto it = grants_.find(id);
  if (it == grants_.end()) return;
  core::Grant& grant = **it;
  ForgetEnd(grant);
  auto [first, last] = by_subject_.equal_range(grant.statement.subject);
  by_subject_.erase(std::find_if(first, last, [&](auto& of) { return of.second == &grant; }));
  grants_.erase(it);
}

core::Grant* Holdings::FindGrant(const core::Digest& id) {
  const auto it = grants_.find(id);
  return it == grants_.end() ? nullptr : it->get();
}

const core::Grant* Holdings::FindGrant(const core::Digest& id) const {
  const auto it = grants_.find(id);
  return it == grants_.end() ? nullptr : it->get();
}

core::Grant* Holdings::FindGrantByAnyId(const std::string& id) {
  if (core::Grant* grant = FindGrant(id)) return grant;
  const std::string prefix = DigestPrefix(id);
  const auto it = grants_.lower_bound(prefix);
  const bool is_it =
      !prefix.empty() && it != grants_.end() && (*it)->statement.id.starts_with(prefix);
  return is_it ? it->get() : nullptr;
}

void Holdings::OnLatched(core::Grant& grant) {
  ForgetEnd(grant);
  if (!grant.latch.ended) ends_.emplace(EndOf(grant), &grant);
}

/// It stands under the end that it had before its start was latched, or under the one after.
void Holdings::ForgetEnd(core::Grant& grant) {
  if (ends_.erase({EndOf(grant), &grant}) != 0) return;
  if (ends_.erase({LastEndOf(grant), &grant}) != 0) return;
  // Nothing may be left here of a grant that goes.
  std::erase_if(ends_, [&](const auto& entry) { return entry.second == &grant; });
}

std::vector<const core::Grant*> Holdings::GrantsOf(std::string_view subject) const {
  std::vector<const core::Grant*> grants;
  auto [first, last] = by_subject_.equal_range(subject);
  for (; first != last; ++first) grants.push_back(first->second);
  return grants;
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
