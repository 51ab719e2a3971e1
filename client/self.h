// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What a shim may say about the process that it is a guest of.
#pragma once

#include <cstdint>
#include <optional>

#include "core/time.h"

namespace daypass::client {

/// The login uid that the kernel keeps, if one was ever set. Only told: the agent reads it again
/// for itself, and that is what it records.
std::optional<uint32_t> LoginUid();

/// CLOCK_BOOTTIME: goes on while the process is stopped or the machine sleeps; nobody sets it.
core::Millis BootTime();

}  // namespace daypass::client
