// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What one rule gives away: root, although it looks like something smaller, or secrets. Judged by
// what its matchers let through to a program of the table (policy/escapes). Well-known ways, not a
// proof: a rule that is not found here may still be too much.
#pragma once

#include <optional>
#include <string>

#include "core/policy.h"

namespace daypass::policy {

/// Why this command equals root, as the beginning of a sentence; none if it is not known to.
std::optional<std::string> WhyEqualsRoot(const core::CommandRule& command);

/// Why this command can read what only root should, in the same form.
std::optional<std::string> WhyReadsSecrets(const core::CommandRule& command);

/// Why editing these files equals root, in the same form.
std::optional<std::string> WhyEqualsRoot(const core::EditRule& edit);

}  // namespace daypass::policy
