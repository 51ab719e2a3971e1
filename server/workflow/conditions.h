// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What a role lets the server ask for besides the approvals that every host checks (role.server in
// daypass-policy(5)), and when the automatic approver says yes.
//
//   1. MUST only add: nothing here makes a host take what it would not take without.
//   2. MUST read what it does not know as a no.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "core/policy.h"
#include "core/result.h"
#include "core/statement.h"
#include "server/store/requests.h"
#include "server/workflow/context.h"

namespace daypass::server {

/// When somebody asks: ticket, and how many a day. Fails: kMalformed (field "ticket"), kTooMany.
core::Result<void> CheckAsking(Tx& tx, const core::Role& role, const core::Statement& statement,
                               const std::string& requested_by);

/// When a person approves: hours and stages. `held`: approvals that came before, verified.
/// Fails: kOutsideHours, kApprovalsMissing (another stage comes first).
core::Result<void> CheckApproving(const core::Policy& policy, const core::Role& role,
                                  const core::Statement& statement,
                                  std::span<const core::Approval> held,
                                  const core::Approval& approval, core::Instant now);

/// Whether a request of this risk wants one person more than its role does.
bool WantsOneMore(const core::Role& role, const RequestRow& row);

/// Why the automatic approver does not say yes to this request; none: it does. The role has one.
std::optional<std::string> WhyNotAutomatic(Tx& tx, const Context& context,
                                           const core::Policy& policy, const core::Role& role,
                                           const core::Statement& statement, const RequestRow& row);

}  // namespace daypass::server
