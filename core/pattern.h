// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// RE2 behind core's PatternMatcher: linear time, whatever the user types.
#pragma once

#include "core/decision.h"
#include "core/result.h"

namespace daypass::core {

/// A matcher that keeps its compiled patterns. Text is bytes (Latin-1), anchored at both ends; a
/// pattern that does not compile matches nothing.
PatternMatcher MakePatternMatcher();

/// Whether a pattern compiles; the error says why not.
Result<void> CheckPattern(const std::string& re);

}  // namespace daypass::core
