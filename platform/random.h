// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Unpredictable bytes from the kernel.
#pragma once

#include <string>

#include "core/result.h"

namespace daypass::platform {

/// Fails: kInternal, when the kernel refuses; never returns fewer or weaker bytes.
core::Result<std::string> RandomBytes(size_t count);

}  // namespace daypass::platform
