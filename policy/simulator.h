// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// A host in the mind: a policy, grants, a clock that is moved by hand, and the same Decide that a
// real host calls. Nothing is signed here, and nothing is read from the machine that this runs on.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/authority.h"
#include "core/decision.h"
#include "core/policy.h"
#include "core/result.h"

namespace daypass::policy {

/// Where files are. What is named nowhere here is itself, and safe.
struct Files {
  std::map<std::string, std::string> links;    ///< path -> where it leads
  std::set<std::string> unsafe;                ///< paths that somebody else could replace
  std::map<std::string, std::string> digests;  ///< canonical path -> SHA-256 of its content
};

class Simulator {
 public:
  /// `policy` outlives it. The realm of `host` is the policy's.
  Simulator(const core::Policy& policy, core::HostIdentity host, core::Instant now);

  core::Instant now() const { return now_; }
  void MoveTo(core::Instant now);
  /// Without the server its word grows old; with it, it is of this moment.
  void SetOnline(bool online);
  /// Asks go on from here, under another name and with other labels.
  void SetHost(core::HostIdentity host);

  /// Fails as core::JudgeStatement. What the statement leaves open (realm, id, role_digest,
  /// policy_version, created, start_by) is filled in as `daypass request` does.
  core::Result<core::Grant*> Ask(core::Statement statement);
  /// Adds a person's approval, by their first key for approving; enough of them start the grant,
  /// where it starts with its approval. Fails: kKeyUnknown (no such person or key).
  core::Result<core::ApprovalJudgement> Approve(core::Grant& grant, const std::string& person,
                                                core::KeyUse use);
  void Revoke(const core::Grant& grant) { revoked_.insert(grant.statement.id); }
  void RevokePerson(const std::string& person) { revoked_people_[person] = now_; }
  void Suspend(const std::string& person) { suspended_people_.insert(person); }

  /// Decides, and latches what a host would: the first use, a use, an end that was seen.
  core::Decision Run(core::Query query);
  /// Why what the grant let through is ended now; none while it may go on.
  std::optional<core::Reason> WhyOver(const core::Grant& grant) const;

  /// Path, arguments and files as `files` says they are. Relative ones lie in query.cwd.
  static void Resolve(const Files& files, core::Query& query);
  /// The uid of an account: any, but always the same.
  uint32_t UidOf(const std::string& account);

  core::Snapshot MakeSnapshot() const;
  std::vector<const core::Grant*> GrantsOf(const std::string& account) const;

 private:
  void LatchEnds();

  const core::Policy& policy_;
  core::HostIdentity host_;
  core::Instant now_;
  core::Instant status_time_;
  bool is_online_ = true;
  std::deque<core::Grant> grants_;  ///< their addresses stay
  std::map<std::string, uint32_t> uids_;
  std::set<core::Digest> revoked_;
  std::map<std::string, core::Instant> revoked_people_;
  std::set<std::string> suspended_people_, suspended_keys_;
  core::PatternMatcher matches_pattern_;
};

}  // namespace daypass::policy
