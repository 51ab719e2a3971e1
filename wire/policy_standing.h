// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Standing rules and break-glass of a policy, from JSON to core's values.
#pragma once

#include "core/policy.h"
#include "wire/json_reader.h"

namespace daypass::wire {

core::Standing ReadStanding(ObjectReader& in);
core::Breakglass ReadBreakglass(ObjectReader& in);

}  // namespace daypass::wire
