// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// One thing that `daypass policy check` says about a tree.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wire/toml_table.h"

namespace daypass::policy {

enum class Severity : uint8_t {
  kError,    ///< the policy is wrong: it is not built, or does not mean what it says
  kWarning,  ///< it works, and somebody will be surprised
  kHint,     ///< it works; it could say less, or more clearly
};

constexpr std::string_view SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "error";
    case Severity::kWarning:
      return "warning";
    case Severity::kHint:
      return "hint";
  }
  return "";
}

struct Finding {
  Severity severity = Severity::kError;
  std::string_view lint;  ///< its name, for machines: "unreachable-rule"
  wire::Place place;
  std::string what;  ///< what is wrong
  std::string why;   ///< why that matters; empty where `what` says it
  std::string todo;  ///< what to do; empty where `what` says it
};
using Findings = std::vector<Finding>;

}  // namespace daypass::policy
