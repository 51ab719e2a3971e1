// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What the matchers of a rule let through: whether some list of arguments that the rule allows
// holds this word, or a text of the user's choice. In doubt, yes: what is answered "no" cannot be
// written on any command line that the rule allows.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "core/policy.h"

namespace daypass::policy {

/// Whether an argument can be `word`.
bool CanReach(const core::CommandRule& rule, std::string_view word);

/// Whether every list of arguments has one of `words`: an option anywhere, a verb as the first.
bool AlwaysHasOneOf(const core::CommandRule& rule, std::string_view words);

/// Whether an argument is the user's choice: a pattern without a fixed beginning, or the rest.
bool HasFreeArgument(const core::CommandRule& rule);

/// Whether an argument can name a file that `is_precious`: the user's choice, a text with such a
/// path in it ("/etc/x", "of=/etc/x"), or a folder with such a path in it or around it.
bool CanNameFile(const core::CommandRule& rule,
                 const std::function<bool(std::string_view path, bool below)>& is_precious);

}  // namespace daypass::policy
