// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Which variables a command of a scoped role may get. Cleaning is sudo's (env_reset, secure_path,
// NOSETENV); this is the second look, since `sudo LD_PRELOAD=x cmd` gets past an ALL rule of
// sudoers.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace daypass::core {

/// The name of the first variable that is neither sudo's own, harmless, nor in `allowed`; or whose
/// value is not a plain one. `env`: NAME=value each. `home`: of whom the command runs as, else HOME
/// would be a folder of rc files and modules of the user's choice; empty if nobody knows it.
std::optional<std::string> FirstRefusedVariable(std::span<const std::string> env,
                                                std::span<const std::string> allowed,
                                                std::string_view home);

}  // namespace daypass::core
