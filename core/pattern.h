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

/// What lies between these, as bytes, and nothing else can match the pattern. Not all of it does:
/// the range is wider than the pattern, never narrower. Without an upper end (`has_end` false) it
/// is open.
struct PatternRange {
  std::string lo, hi;
  bool has_end = false;
};
PatternRange RangeOfPattern(const std::string& re);

/// Whether a pattern compiles; the error says why not.
Result<void> CheckPattern(const std::string& re);

}  // namespace daypass::core
