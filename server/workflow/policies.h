// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Taking policies. The server is no judge here: administrators' signatures are, by the same
// function that each host uses.
#pragma once

#include <string_view>

#include "core/result.h"
#include "server/store/policies.h"
#include "server/workflow/context.h"

namespace daypass::server {

/// Takes the first policy, on the word of whoever runs the server's machine. It must meet its own
/// threshold and name this server's status key. The same one again is no fault.
/// Fails: as wire::OpenPolicy and core::JudgePolicyUpdate; kConflict, when another one is held.
core::Result<PolicyRow> TrustFirstPolicy(Tx& tx, Context& context, std::string_view envelope);

/// Takes a policy that meets the threshold of the one held and its own; every host is told. The one
/// that is held again is no fault. Fails: as above; kPolicyExpired; kPolicyMissing.
core::Result<PolicyRow> TakePolicy(Tx& tx, Context& context, std::string_view envelope);

}  // namespace daypass::server
