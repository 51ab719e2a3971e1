// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "client/places.h"

#include <fcntl.h>

#include <cerrno>
#include <utility>

#include "platform/fault.h"

namespace daypass::client {
namespace {

using core::Result;
using platform::Fd;

// The magic link needs no search permission on the directory itself, unlike ".": root has none on a
// user's FUSE mount, and sudo runs there all the same.
constexpr const char* kHere = "/proc/self/cwd";

Result<Fd> OpenDirectory(const char* path) {
  Fd directory(open(path, O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!directory) return platform::SystemFault(std::string("open ") + path, errno);
  return directory;
}

}  // namespace

Result<Places> OpenPlaces(const std::string& run_directory, bool may_stay) {
  Result<Fd> root = OpenDirectory("/");
  if (!root) return std::move(root).error();
  Result<Fd> start = OpenDirectory(run_directory.empty() ? kHere : run_directory.c_str());
  if (!start && may_stay) start = OpenDirectory(kHere);
  if (!start) return std::move(start).error();
  return Places{*std::move(root), *std::move(start)};
}

}  // namespace daypass::client
