// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "policy/simulator.h"

#include <algorithm>
#include <filesystem>

#include "core/pattern.h"
#include "wire/digest.h"
#include "wire/statement.h"

namespace daypass::policy {
namespace {

constexpr core::Seconds kStartWithin = std::chrono::hours{1};  // as `daypass request` asks
constexpr uint32_t kFirstUid = 1000;

/// Follows `links` from the first component on, as often as Linux would.
std::string Follow(const Files& files, const std::string& path) {
  constexpr int kMostLinks = 40;
  std::string at = std::filesystem::path(path).lexically_normal();
  for (int followed = 0; followed < kMostLinks; ++followed) {
    const auto link = std::ranges::find_if(files.links, [&](const auto& entry) {
      return at == entry.first || at.starts_with(entry.first + "/");
    });
    if (link == files.links.end()) return at;
    at = std::filesystem::path(link->second + at.substr(link->first.size())).lexically_normal();
  }
  return "";
}

core::PathFact Look(const Files& files, const std::string& cwd, const std::string& path) {
  core::PathFact fact;
  fact.canonical = Follow(files, path.starts_with('/') ? path : cwd + "/" + path);
  for (const std::string& unsafe : files.unsafe) {
    const bool is_above = fact.canonical == unsafe || fact.canonical.starts_with(unsafe + "/");
    if (is_above) fact.unsafe = unsafe;
  }
  fact.safe = !fact.canonical.empty() && fact.unsafe.empty();
  const auto digest = files.digests.find(fact.canonical);
  if (digest != files.digests.end()) fact.sha256 = digest->second;
  return fact;
}

const core::PersonKey* KeyToApprove(const core::Policy& policy, const std::string& name) {
  const core::Person* person = core::FindPerson(policy, name);
  if (person == nullptr) return nullptr;
  const auto key = std::ranges::find(person->keys, true, &core::PersonKey::approve);
  return key == person->keys.end() ? nullptr : &*key;
}

}  // namespace

Simulator::Simulator(const core::Policy& policy, core::HostIdentity host, core::Instant now)
    : policy_(policy), now_(now), status_time_(now), matches_pattern_(core::MakePatternMatcher()) {
  SetHost(std::move(host));
}

void Simulator::SetHost(core::HostIdentity host) {
  host_ = std::move(host);
  host_.realm = policy_.realm;
}

void Simulator::MoveTo(core::Instant now) {
  now_ = now;
  if (is_online_) status_time_ = now_;
  LatchEnds();
}

void Simulator::SetOnline(bool online) {
  is_online_ = online;
  if (is_online_) status_time_ = now_;
}

/// A host that sees an end latches it, for all its clocks.
void Simulator::LatchEnds() {
  for (core::Grant& grant : grants_) {
    const std::optional<core::Window> window = core::WindowOf(grant);
    if (window && core::HasEnded(*window, {now_, now_})) grant.latch.ended = true;
  }
}

uint32_t Simulator::UidOf(const std::string& account) {
  if (account == "root") return 0;
  return uids_.try_emplace(account, kFirstUid + uids_.size()).first->second;
}

core::Result<core::Grant*> Simulator::Ask(core::Statement statement) {
  statement.realm = policy_.realm;
  statement.policy_version = policy_.version;
  statement.created = now_;
  const core::Instant first = statement.start_at.value_or(now_);
  statement.start_by = first + kStartWithin;
  if (const core::Role* role = core::FindRole(policy_, statement.role)) {
    statement.role_digest = role->digest;
  }
  // Two equal ones are two grants.
  statement.id = wire::Sha256Hex(wire::EncodeStatement(statement, std::to_string(grants_.size())));
  if (auto fits = core::JudgeStatement(policy_, statement); !fits) return std::move(fits).error();
  core::Grant grant;
  grant.bound_uid = UidOf(statement.subject);
  grant.statement = std::move(statement);
  return &grants_.emplace_back(std::move(grant));
}

core::Result<core::ApprovalJudgement> Simulator::Approve(core::Grant& grant,
                                                         const std::string& person,
                                                         core::KeyUse use) {
  const core::PersonKey* key = KeyToApprove(policy_, person);
  if (key == nullptr) {
    return core::Error{core::Reason::kKeyUnknown,
                       "\"" + person + "\" is nobody of this policy who has a key to approve",
                       {}};
  }
  grant.approvals.push_back(
      {key->fingerprint, use >= core::KeyUse::kTouch, use >= core::KeyUse::kVerify});
  const core::Role* role = core::FindRole(policy_, grant.statement.role);
  core::ApprovalJudgement judgement =
      core::JudgeApprovals(policy_, *role, grant.statement, grant.approvals,
                           {&suspended_people_, &suspended_keys_}, {now_, now_});
  const bool starts = grant.statement.start == core::StartRule::kApproval && !grant.latch.started &&
                      now_ < grant.statement.start_by;
  if (judgement.enough && starts) grant.latch.started = now_;
  return judgement;
}

core::Decision Simulator::Run(core::Query query) {
  query.uid = UidOf(query.user);
  const core::Decision decision = core::Decide(MakeSnapshot(), GrantsOf(query.user), query);
  if (!core::IsAllow(decision)) return decision;
  const auto used = std::ranges::find_if(
      grants_, [&](const core::Grant& grant) { return grant.statement.id == decision.grant; });
  if (used == grants_.end()) return decision;
  if (decision.starts) used->latch.started = now_;
  if (decision.spends) ++used->latch.uses_spent;
  return decision;
}

std::optional<core::Reason> Simulator::WhyOver(const core::Grant& grant) const {
  return core::WhyOver(MakeSnapshot(), grant);
}

void Simulator::Resolve(const Files& files, core::Query& query) {
  query.command_path = Look(files, query.cwd, query.command);
  query.arg_paths.clear();
  query.file_paths.clear();
  for (const std::string& argument : query.args) {
    query.arg_paths.push_back(Look(files, query.cwd, argument));
  }
  for (const std::string& file : query.files) {
    query.file_paths.push_back(Look(files, query.cwd, file));
  }
}

core::Snapshot Simulator::MakeSnapshot() const {
  return {&host_,           &policy_,           core::Now{now_, now_}, status_time_,    &revoked_,
          &revoked_people_, &suspended_people_, &suspended_keys_,      matches_pattern_};
}

std::vector<const core::Grant*> Simulator::GrantsOf(const std::string& account) const {
  std::vector<const core::Grant*> grants;
  for (const core::Grant& grant : grants_) {
    if (grant.statement.subject == account) grants.push_back(&grant);
  }
  return grants;
}

}  // namespace daypass::policy
