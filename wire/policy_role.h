// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// One role of a policy, from JSON to core's values.
#pragma once

#include "core/policy.h"
#include "wire/json_reader.h"

namespace daypass::wire {

/// Reads a role; faults go to the reader. What it means beside the rest of the policy is
/// wire/policy_check's to judge.
core::Role ReadRole(ObjectReader& in);

core::Subjects ReadSubjects(ObjectReader& in);
core::ApprovalRule ReadApproval(ObjectReader& in);

/// How strongly a key must have been used: any, touch or verify.
core::KeyUse ReadKeyUse(ObjectReader& in, const char* key);

}  // namespace daypass::wire
