// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What a person is told who was denied: what happened, why, until when, and what to type next.
#pragma once

#include <string>
#include <vector>

#include "core/decision.h"
#include "core/query.h"

namespace daypass::agent {

struct Wording {
  std::string text;                      ///< one or two lines
  std::string hint;                      ///< the command to type next, or empty
  std::vector<const core::Role*> roles;  ///< that would settle it: of the snapshot's policy
};

/// Words a denial. `snapshot.policy` may be null.
Wording Explain(const core::Snapshot& snapshot, const core::Query& query,
                const core::Decision& decision);

/// The roles that would allow this query if its subject held them: smallest power first.
std::vector<const core::Role*> FindRolesFor(const core::Snapshot& snapshot,
                                            const core::Query& query);

/// "14:03:20Z" of today, with the date on other days.
std::string FormatTime(core::Instant instant, core::Instant now);

}  // namespace daypass::agent
