// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "cli/unused_view.h"

#include <fmt/format.h>

namespace daypass::cli {

std::string RenderUnused(const policy::UnusedCounts& unused) {
  std::string text;
  for (const auto& [why, count] : unused) {
    text += fmt::format("  {:>6}  {}\n", count, policy::UnusedText(why));
  }
  return text.empty() ? "" : "Entries that were not used\n" + text + "\n";
}

wire::ObjectBuilder UnusedToJson(const policy::UnusedCounts& unused) {
  wire::ObjectBuilder json;
  for (const auto& [why, count] : unused) {
    json.Int(policy::UnusedName(why).data(), static_cast<int64_t>(count));
  }
  return json;
}

}  // namespace daypass::cli
