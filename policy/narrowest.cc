// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "policy/narrowest.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <vector>

#include "wire/json.h"
#include "wire/string_rule.h"

namespace daypass::policy {
namespace {

constexpr size_t kFewChoices = 8;    // so many are easier read one by one than as a range
constexpr size_t kMostChoices = 64;  // more are nobody's to read

/// A number as a rule can hold it, written as everybody writes it.
std::optional<int64_t> ReadInteger(const std::string& text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_plain = error == std::errc{} && end == text.data() + text.size() &&
                        std::to_string(value) == text && value >= -wire::kMaxJsonInt &&
                        value <= wire::kMaxJsonInt;
  return is_plain ? std::optional(value) : std::nullopt;
}

/// The folder of all of them, two levels deep at least; "" if there is none.
std::string CommonFolder(const std::set<std::string>& values) {
  if (!std::ranges::all_of(values, wire::IsCanonicalPath)) return "";
  std::filesystem::path common = std::filesystem::path(*values.begin()).parent_path();
  for (const std::string& value : values) {
    while (!value.starts_with(common.string() + "/") && common.has_relative_path()) {
      common = common.parent_path();
    }
  }
  return std::distance(common.begin(), common.end()) > 2 ? common.string() : "";
}

}  // namespace

bool IsInteger(const std::string& text) {
  return ReadInteger(text).has_value();
}

std::optional<core::Matcher> Narrowest(const std::set<std::string>& values) {
  const std::vector<std::string> list(values.begin(), values.end());
  if (list.size() == 1) return core::MatchIs{list.front()};
  if (list.size() <= kFewChoices) return core::MatchOneOf{list};
  if (std::ranges::all_of(values, IsInteger)) {
    std::set<int64_t> numbers;
    for (const std::string& value : values) numbers.insert(*ReadInteger(value));
    return core::MatchInt{*numbers.begin(), *numbers.rbegin()};
  }
  if (const std::string folder = CommonFolder(values); !folder.empty()) {
    return core::MatchUnder{folder};
  }
  if (list.size() <= kMostChoices) return core::MatchOneOf{list};
  return std::nullopt;
}

}  // namespace daypass::policy
