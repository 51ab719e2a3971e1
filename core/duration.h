// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Lengths of time as people write and read them: "90s", "20m", "8h", "3d". Pure.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "core/time.h"

namespace daypass::core {

/// Reads a whole number and one unit: s, m, h or d. Fails kMalformed for anything else, for zero
/// and for more than ten years; the text shows examples.
Result<Seconds> ParseDuration(std::string_view text);

/// The same for readers, exactly: "8h", "1m 30s", "1d 5m". Zero is "0s".
std::string FormatDuration(Seconds duration);

}  // namespace daypass::core
