// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Which variables a command of a scoped role may get. Cleaning is sudo's (env_reset, secure_path,
// NOSETENV); this is the second look, since `sudo LD_PRELOAD=x cmd` gets past an ALL rule of sudoers.
#pragma once

#include <optional>
#include <span>
#include <string>

namespace daypass::core {

/// The name of the first variable that is neither sudo's own, harmless, nor in `allowed`; or whose
/// value is not a plain one. `env`: NAME=value each.
std::optional<std::string> FirstRefusedVariable(std::span<const std::string> env,
                                                std::span<const std::string> allowed);

}  // namespace daypass::core
