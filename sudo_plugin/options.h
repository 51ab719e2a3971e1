// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Vectors in: sudo's "key=value" lists as something that can be asked, and the words that stand
// behind the plugin's name in sudo.conf.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace daypass::sudo_plugin {

/// A copy of one of sudo's vectors, which end with a null pointer and may be null themselves.
std::vector<std::string> Copy(char* const entries[]);

/// Reads "key=value" entries. Where a key stands twice the last one counts, as it does for sudo.
class KeyValues {
 public:
  /// `entries`: borrowed, outlives this.
  explicit KeyValues(const std::vector<std::string>& entries) : entries_(entries) {}

  std::optional<std::string_view> Get(std::string_view key) const;
  std::string GetOrEmpty(std::string_view key) const;
  bool IsTrue(std::string_view key) const { return Get(key) == "true"; }
  /// Fails kProtocol: not there, or not a number up to 4294967294.
  core::Result<uint32_t> GetId(std::string_view key) const;

 private:
  const std::vector<std::string>& entries_;
};

/// What sudo.conf says behind the plugin: "Plugin daypass_audit sudo_daypass.so root=/srv/trial".
struct Options {
  std::string root;  ///< prefix of every path; empty: none

  bool operator==(const Options&) const = default;
};

/// Fails kMalformed: a word that is not known, or a root that is not an absolute path.
core::Result<Options> ParseOptions(const std::vector<std::string>& words);

}  // namespace daypass::sudo_plugin
