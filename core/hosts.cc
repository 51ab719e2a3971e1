// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "core/hosts.h"

#include <algorithm>

namespace daypass::core {
namespace {

using Labels = std::map<std::string, std::string>;

enum class Found : uint8_t { kMissing, kOther, kSame };

Found Look(const Labels& labels, const std::string& key, const std::string& value) {
  auto it = labels.find(key);
  if (it == labels.end()) return Found::kMissing;
  return it->second == value ? Found::kSame : Found::kOther;
}

}  // namespace

bool Selects(const HostSelector& selector, const std::string& name, const Labels& labels) {
  if (!selector.names.empty())
    return std::ranges::find(selector.names, name) != selector.names.end();
  if (selector.all.empty() && selector.any.empty() && selector.none_of.empty()) return false;
  auto is = [&](Found wanted) {
    return [&labels, wanted](const auto& pair) {
      return Look(labels, pair.first, pair.second) == wanted;
    };
  };
  return std::ranges::all_of(selector.all, is(Found::kSame)) &&
         (selector.any.empty() || std::ranges::any_of(selector.any, is(Found::kSame))) &&
         std::ranges::all_of(selector.none_of, is(Found::kOther));
}

}  // namespace daypass::core
