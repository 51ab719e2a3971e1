// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Files on which root depends: who may write one becomes root, who may read one may become it.
#pragma once

#include <string_view>

namespace daypass::policy {

/// Programs, libraries, configuration, units, cron, sudoers, PAM, keys, devices. `below`: any file
/// in the folder `path` is meant, so that "/" and "/var" are as precious as what is in them.
bool IsPreciousToWrite(std::string_view path, bool below);

/// Password hashes, private keys, root's home, memory, disks.
bool IsPreciousToRead(std::string_view path, bool below);

}  // namespace daypass::policy
