// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What somebody reads before they sign: pure text from the statement's own values and the role in
// the reader's own verified policy. The server adds nothing but the line that says so.
#pragma once

#include <string>

#include "cli/output.h"
#include "cli/remote.h"
#include "core/policy.h"
#include "core/statement.h"

namespace daypass::cli {

/// Who asks for whom, role, hosts, how long, when, why; more may be added.
Fields StatementFields(const core::Policy& policy, const core::Statement& statement,
                       core::Instant now);

/// Commands, run-as, doors, hours, variables.
void AddPowers(const core::Powers& powers, Fields& fields);

/// What the role lets its holder do: powers, end, offline, what guards it, warnings.
std::string RenderPowers(const core::Policy& policy, const core::Role& role, const Style& style);

/// The whole approval view: the statement, its powers, what the server says about the asker, and
/// who has said yes so far.
std::string RenderForApproval(const core::Policy& policy, const core::Role& role,
                              const RemoteRequest& request, core::Instant now, const Style& style);

/// Who approved, as far as the reader's own policy knows them: "bob, SHA256:..." lines.
std::string DescribeApprovals(const core::Policy& policy, const RemoteRequest& request,
                              core::Instant now);

/// The same in one line, names only: "bob, carol".
std::string ApproverNames(const core::Policy& policy, const RemoteRequest& request);

/// How unusual the server finds it, and why: "45 of 100" and a line for each finding.
std::string DescribeRisk(const RemoteRequest& request);

}  // namespace daypass::cli
