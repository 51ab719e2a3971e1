// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What docs/formats/policy.md and daypass-policy(5) say of rules, written down a second time: slow,
// obvious, and sharing no line with core/match.cc. Only command and files; the rest of a role is
// not its business.
#pragma once

#include <string>
#include <vector>

#include "core/policy.h"
#include "core/query.h"

namespace daypass::core {

/// Whether one argument is what a matcher lets through. `fact` is null where nothing is known.
bool NaiveMatches(const Matcher& matcher, const std::string& argument, const PathFact* fact);

/// Whether the rule alone lets the query through.
bool NaiveMatches(const Rule& rule, const Query& query);

}  // namespace daypass::core
