// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Standing rules: what accounts of machines may do without a grant. There is nobody to ask, so
// nothing here waits for a start, an approval or a fresh status.
//
//   1. MUST be the policy's own word: of this realm, and of a version that this host holds.
//   2. MUST NOT be a person's, unless the rule says so.
#pragma once

#include <optional>

#include "core/decision.h"

namespace daypass::core {

/// What the standing rules for the query's account make of it: the first that allows, else why the
/// nearest does not; none if no rule names the account.
std::optional<Decision> DecideByStanding(const Snapshot& snapshot, const Query& query);

}  // namespace daypass::core
