// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What may be done and where, as roles and standing rules write it, from JSON to core's values.
#pragma once

#include <vector>

#include "core/policy.h"
#include "wire/json_reader.h"

namespace daypass::wire {

/// Reads hosts, doors, run_as, rules, env, windows and intercept; faults go to the reader.
void ReadPowers(ObjectReader& in, core::Powers& powers);

core::HostSelector ReadHosts(ObjectReader& in);
/// An array of windows.
std::vector<core::Hours> ReadWindows(ObjectReader& in, const char* key);

std::vector<core::Door> ReadDoors(ObjectReader& in, const char* key, Count count);

}  // namespace daypass::wire
