// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What still guards a role once the server belongs to somebody else, in one line.
#pragma once

#include <string>
#include <vector>

#include "core/policy.h"

namespace daypass::core {

/// "1 of approvers with a touched key; a broken server can skip: ticket, approvers' hours". Only
/// what every host checks by itself counts as a guard. Names are a policy's, so plain text.
std::string GuardLine(const Policy& policy, const Role& role);

/// What of a role the server alone asks for: "ticket", "on call"... in a fixed order.
std::vector<std::string> ServerOnly(const Role& role);

}  // namespace daypass::core
