// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The walk along a path, as a helper process does it: component by component from the asker's own
// root or folder, symlinks by hand, each component judged before the next is looked at. Blocks as
// long as the file system likes; reads nothing that somebody besides root could have put there.
//
//   1. MUST find each component unsafe that is not root's alone: also the folders that hold a
//      symlink, and the folders above the one that a relative path starts from.
//   2. MUST stop at the first unsafe one: what lies behind it may be a file system of the user's.
//   3. MUST NOT leave the asker's root, nor follow a link whose meaning depends on who looks.
#pragma once

#include <string_view>

#include "agent/resolver.h"
#include "core/query.h"

namespace daypass::agent {

/// O_PATH descriptors of the asker's "/" and of the folder that relative paths start from.
/// Borrowed.
struct AskerFolders {
  int root = -1;
  int cwd = -1;
};

/// A safe path has `canonical` and `safe`. Otherwise both are empty or false, and `unsafe` is a
/// clause that begins with the component: "/home/alice belongs to uid 1000, not to root".
///
/// A command must be an executable regular file, and so must its interpreter if it begins with #!.
/// Any other path may end in components that do not exist yet; they count as safe, as only root
/// could make them, and `..` behind one is refused.
core::PathFact ResolvePath(const AskerFolders& folders, const PathQuestion& question);

/// The interpreter that the kernel takes from the first bytes of a file: "/bin/sh" of "#! /bin/sh
/// -e"; empty if there is none. Pure.
std::string_view InterpreterOf(std::string_view head);

}  // namespace daypass::agent
