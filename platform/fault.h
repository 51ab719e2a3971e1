// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// How platform/ words what the kernel refused: "open /etc/daypass/host.toml: Permission denied".
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace daypass::platform {

/// A fault of a system call. `doing`: verb and object, "open /run/x". `error`: an errno value.
/// The text is the C locale's, whatever the environment says: this runs in set-uid programs.
core::Error SystemFault(std::string_view doing, int error,
                        core::Reason code = core::Reason::kInternal);

/// The words for an errno value, as above.
std::string ErrnoText(int error);

}  // namespace daypass::platform
