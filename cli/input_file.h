// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Files that somebody names on the command line.
#pragma once

#include <string>

#include "core/result.h"

namespace daypass::cli {

/// Fails: kNotFound (there is none), kTooLarge, kInternal (cannot be read).
core::Result<std::string> ReadInputFile(const std::string& path, size_t max_bytes);

}  // namespace daypass::cli
