// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Whether a policy that is well formed could mean what it says.
#pragma once

#include "core/policy.h"
#include "core/result.h"

namespace daypass::wire {

/// Checks a policy in itself; see ParsePolicy for what is refused. Fails: kMalformed, with the JSON
/// pointer of the place.
core::Result<void> CheckPolicy(const core::Policy& policy);

}  // namespace daypass::wire
