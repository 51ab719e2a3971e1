// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The matcher of a rule for an argument that was seen with these values.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "core/policy.h"

namespace daypass::policy {

/// A number as a rule can hold it, written as everybody writes it: not "007".
bool IsInteger(const std::string& text);

/// Few values are listed; of more, numbers become a range and paths their folder, both of which let
/// through what is not among them. None: too many that have nothing in common. `values`: not empty.
std::optional<core::Matcher> Narrowest(const std::set<std::string>& values);

}  // namespace daypass::policy
