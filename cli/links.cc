// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "cli/links.h"

#include "core/escape.h"

namespace daypass::cli {

core::Result<policy::Files> ParseLinks(const std::vector<std::string>& texts) {
  policy::Files files;
  for (const std::string& text : texts) {
    const size_t equals = text.find('=');
    const bool is_good = text.starts_with('/') && equals != std::string::npos &&
                         text.substr(equals + 1).starts_with('/');
    if (!is_good) {
      return core::Error{
          core::Reason::kMalformed,
          "--link: \"" + core::ForTerminal(text) + "\" is not PATH=WHERE, such as /bin=/usr/bin",
          "--link"};
    }
    files.links[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return files;
}

}  // namespace daypass::cli
