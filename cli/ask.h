// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// From what somebody typed to the statement that approvers will read. Pure; the same judge as on
// hosts and server refuses early what none of them would honour.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/policy.h"
#include "core/result.h"
#include "core/statement.h"

namespace daypass::cli {

struct Ask {
  std::string role;
  std::vector<std::string> hosts;
  core::Seconds duration{0};
  std::string reason;
  std::string ticket;
  std::optional<core::StartRule> start;  ///< none: what the role prefers
  std::optional<core::Instant> at;
  std::optional<uint64_t> uses;
  std::string subject;    ///< account; empty: the asker's own
  std::string requester;  ///< person
  core::Digest extends;   ///< grant that this one follows, or empty
};

/// "approval", "first-use". Fails kMalformed.
core::Result<core::StartRule> ReadStartRule(const std::string& text);

/// The statement, without id and nonce. Fails: kRoleUnknown (names the roles there are),
/// kWrongSubject, kWrongHost, and as core::JudgeStatement; Error.field is the option to change.
core::Result<core::Statement> WordStatement(const core::Policy& policy, const Ask& ask,
                                            core::Instant now);

}  // namespace daypass::cli
