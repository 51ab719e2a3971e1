// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Folder and last component of a path, for calls that take a folder's descriptor. Private to
// platform/.
#pragma once

#include <string>

namespace daypass::platform {

struct SplitPath {
  std::string folder;  ///< never empty: "." or "/" where the path names no other
  std::string name;
};

inline SplitPath Split(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return {".", path};
  return {slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1)};
}

}  // namespace daypass::platform
