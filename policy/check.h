// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Everything that can be said about a tree before it is signed: what the builder refuses, and then
// the lints of policy/lint/, one file each.
#pragma once

#include <optional>
#include <string>

#include "policy/builder.h"
#include "policy/finding.h"
#include "policy/tree.h"

namespace daypass::policy {

struct CheckOptions {
  core::Instant now;
  /// Looks at the rules' paths on this host too, below this prefix ("" for "/"). Without it the
  /// same tree has the same findings on every machine.
  std::optional<std::string> host_root;
};

/// Sorted by file, line and column. The builder's faults come alone where they leave no document.
Findings CheckTree(const Tree& tree, const CheckOptions& options);

}  // namespace daypass::policy
