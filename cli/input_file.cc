// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "cli/input_file.h"

#include "core/escape.h"
#include "platform/file.h"

namespace daypass::cli {

core::Result<std::string> ReadInputFile(const std::string& path, size_t max_bytes) {
  if (!platform::FileExists(path)) {
    return core::Error{core::Reason::kNotFound, core::ForTerminal(path) + ": there is no such file",
                       path};
  }
  return platform::ReadFile(path, max_bytes);
}

}  // namespace daypass::cli
