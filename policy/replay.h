// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What recorded queries would be answered under an old and under a new policy. Each account is
// taken to have asked for every role that it may ask for, and everybody who may approve to have
// approved: what is told apart is what the policies can let through, not who asked in time. Decided
// by the code of the hosts. The same input gives the same result on every machine, whatever the
// time.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/decision.h"
#include "core/policy.h"
#include "policy/recorded.h"

namespace daypass::policy {

/// Labels of hosts, by name: a record does not hold them.
using HostLabels = std::map<std::string, std::map<std::string, std::string>>;

struct ReplayAnswer {
  bool allowed = false;
  std::string role, rule;  ///< that allows, or got furthest; a standing rule too
  core::Reason reason = core::Reason::kNoGrant;
  std::string detail;
};

/// Equal queries of one account on one host.
struct ReplayRow {
  core::Query query;
  std::string host;
  size_t count = 0;
  size_t allowed_then = 0;  ///< of these, by the policy of then
  ReplayAnswer before, after;
  bool covered = false;  ///< some role or standing rule of the new policy, whosever, allows it
};

struct RuleUse {
  std::string role, rule;  ///< `rule` is empty for a `full` role
  size_t count = 0;        ///< recorded queries that the new policy lets through by it
};

struct Replay {
  std::vector<ReplayRow> rows;  ///< sorted by host, account and command
  std::vector<RuleUse> rules;   ///< all of the new policy, in its order
  std::vector<std::string> assumptions;
};

Replay ReplayQueries(std::span<const Recorded> recorded, const core::Policy& before,
                     const core::Policy& after, const HostLabels& labels);

/// The command as it was typed, fit for a terminal: "/usr/bin/systemctl restart nginx",
/// "sudoedit /etc/motd", "ssh".
std::string DescribeQuery(const core::Query& query);

}  // namespace daypass::policy
