// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "sudo_plugin/options.h"

#include <charconv>
#include <utility>

namespace daypass::sudo_plugin {
namespace {

using core::Error;
using core::Reason;
using core::Result;

constexpr std::string_view kRoot = "root=";

}  // namespace

std::vector<std::string> Copy(char* const entries[]) {
  std::vector<std::string> copy;
  for (; entries != nullptr && *entries != nullptr; ++entries) copy.emplace_back(*entries);
  return copy;
}

std::optional<std::string_view> KeyValues::Get(std::string_view key) const {
  for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
    const std::string_view text = *entry;
    if (text.size() > key.size() && text.starts_with(key) && text[key.size()] == '=') {
      return text.substr(key.size() + 1);
    }
  }
  return std::nullopt;
}

std::string KeyValues::GetOrEmpty(std::string_view key) const {
  return std::string(Get(key).value_or(""));
}

Result<uint32_t> KeyValues::GetId(std::string_view key) const {
  const std::string_view text = Get(key).value_or("");
  uint32_t id = UINT32_MAX;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size() || id == UINT32_MAX) {
    return Error{Reason::kProtocol, "sudo did not tell a usable " + std::string(key), {}};
  }
  return id;
}

Result<Options> ParseOptions(const std::vector<std::string>& words) {
  Options options;
  for (const std::string& word : words) {
    if (!word.starts_with(kRoot) || word.size() == kRoot.size() || word[kRoot.size()] != '/') {
      return Error{Reason::kMalformed,
                   "sudo.conf: the option " + word + " is not known; allowed: root=/ABSOLUTE/PATH",
                   {}};
    }
    options.root = word.substr(kRoot.size());
  }
  return options;
}

}  // namespace daypass::sudo_plugin
