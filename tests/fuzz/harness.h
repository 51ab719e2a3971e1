// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// One input through the target, measured.
#pragma once

#include <string_view>

namespace daypass::fuzz {

/// Ends the program if the target does, or if the input costs more than target.h promises.
void TryMeasured(std::string_view input);

}  // namespace daypass::fuzz
