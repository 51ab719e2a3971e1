// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What in a journal or log was not used, and why: `policy replay` and `policy suggest` hide none.
#pragma once

#include <string>

#include "policy/journal.h"
#include "wire/json_builder.h"

namespace daypass::cli {

/// A heading and a line for each reason; nothing if all was used.
std::string RenderUnused(const policy::UnusedCounts& unused);
wire::ObjectBuilder UnusedToJson(const policy::UnusedCounts& unused);

}  // namespace daypass::cli
