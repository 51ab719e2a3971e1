// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "core/pattern.h"

#include <re2/re2.h>

#include <memory>

namespace daypass::core {
namespace {

constexpr int64_t kMaxPatternMemory = 1 << 20;
constexpr int kMaxRangeBytes = 64;
constexpr size_t kMaxPatternsKept = 1000;  // a policy's worth; more start over

re2::RE2::Options PatternOptions() {
  re2::RE2::Options options{re2::RE2::Latin1};
  options.set_log_errors(false);
  options.set_dot_nl(true);
  options.set_max_mem(kMaxPatternMemory);
  return options;
}

using Compiled = std::map<std::string, std::unique_ptr<re2::RE2>>;

}  // namespace

PatternMatcher MakePatternMatcher() {
  // Shared by the copies of one std::function, which must be copyable.
  auto compiled = std::make_shared<Compiled>();
  return [compiled](const std::string& re, const std::string& text) {
    if (compiled->size() > kMaxPatternsKept) compiled->clear();
    std::unique_ptr<re2::RE2>& pattern = (*compiled)[re];
    if (!pattern) pattern = std::make_unique<re2::RE2>(re, PatternOptions());
    return pattern->ok() && re2::RE2::FullMatch(text, *pattern);
  };
}

PatternRange RangeOfPattern(const std::string& re) {
  // RE2 says something of anchored patterns only; the brackets keep an alternative of `re` inside.
  const re2::RE2 pattern{"^(?:" + re + ")$", PatternOptions()};
  PatternRange range;
  range.has_end = pattern.PossibleMatchRange(&range.lo, &range.hi, kMaxRangeBytes);
  return range.has_end ? range : PatternRange{};
}

Result<void> CheckPattern(const std::string& re) {
  const re2::RE2 pattern{re, PatternOptions()};
  if (pattern.ok()) return {};
  return Error{Reason::kMalformed, "not a pattern that RE2 takes: " + pattern.error(), {}};
}

}  // namespace daypass::core
