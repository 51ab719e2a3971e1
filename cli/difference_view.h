// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What another policy changes, as people read it before they sign, push or replay.
#pragma once

#include <string>

#include "cli/output.h"
#include "policy/diff.h"

namespace daypass::cli {

std::string RenderDifference(const policy::Difference& difference, const Style& style);

/// "opens 2, closes 1", "no difference".
std::string CountDifference(const policy::Difference& difference);

}  // namespace daypass::cli
