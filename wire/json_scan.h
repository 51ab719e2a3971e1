// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The look at raw JSON before anything is built of it. One pass, no memory: what it lets through
// can be handed to jansson without fear for stack or heap. Grammar is jansson's to judge.
#pragma once

#include <string_view>

#include "core/result.h"
#include "wire/json.h"

namespace daypass::wire {

/// Fails: kTooLarge (bytes, depth, a string, or what the tree would take), kMalformed (NUL, null,
/// reals, integers that not every reader can hold).
core::Result<void> ScanJson(std::string_view bytes, const JsonLimits& limits);

}  // namespace daypass::wire
