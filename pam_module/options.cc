// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "pam_module/options.h"

#include <string_view>

namespace daypass::pam_module {

core::Result<Options> ParseOptions(int argc, const char** argv) {
  constexpr std::string_view kRoot = "root=";
  Options options;
  for (int i = 0; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (!word.starts_with(kRoot) || !word.substr(kRoot.size()).starts_with('/')) {
      return core::Error{core::Reason::kMalformed,
                         "pam_daypass.so: the option " + std::string(word) +
                             " is not known; allowed: root=/ABSOLUTE/PATH",
                         {}};
    }
    options.root = word.substr(kRoot.size());
  }
  return options;
}

}  // namespace daypass::pam_module
