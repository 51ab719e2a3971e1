// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What would have to be the case for a command to be allowed: every role in turn, as if it had been
// asked for and approved by everybody who may, and then the same Decide that a host calls.
#pragma once

#include <string>
#include <vector>

#include "core/decision.h"
#include "core/policy.h"
#include "core/query.h"
#include "policy/simulator.h"

namespace daypass::policy {

struct Explanation {
  std::string role;  ///< empty: without any role, by a standing rule or not at all
  core::Decision decision;
  std::string stops_at;  ///< "asking", "approval", "hours", "host", "door", "run-as", "command"
  std::string change;    ///< what would have to be another way; empty where it is allowed
};

/// The steps between asking and running, in their order.
const std::vector<std::string>& ExplainedSteps();

/// The path that a rule of the policy has for a name without one; /usr/bin/NAME if none has.
std::string CommandNamed(const core::Policy& policy, const std::string& name);

/// First without a role, then role by role in the order of the policy. `query`: with its facts,
/// without a uid.
std::vector<Explanation> Explain(const core::Policy& policy, const core::HostIdentity& host,
                                 core::Instant now, const core::Query& query);

}  // namespace daypass::policy
