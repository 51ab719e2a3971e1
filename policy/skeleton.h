// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The first files of a new policy, with comments that say what to put where.
#pragma once

#include <string>
#include <vector>

#include "policy/tree.h"

namespace daypass::policy {

/// The files of a skeleton, named below its folder: "policy.toml", "people/people.toml"... It
/// builds once the keys in it are real ones. `realm`: freshly drawn, 32 hexadecimal digits.
std::vector<SourceFile> MakeSkeleton(const std::string& realm);

}  // namespace daypass::policy
