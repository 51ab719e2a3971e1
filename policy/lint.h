// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Commands that hand out root although they look like something smaller: shells, editors, pagers,
// whatever runs other commands or writes anywhere. A list of well-known names, not a proof: a rule
// that is not found here may still be too much.
#pragma once

#include <optional>
#include <string>

#include "core/policy.h"

namespace daypass::policy {

/// Why this command equals root, as the beginning of a sentence; none if it is not known to.
/// Source: the manuals of these tools.
std::optional<std::string> WhyEqualsRoot(const core::CommandRule& command);

}  // namespace daypass::policy
