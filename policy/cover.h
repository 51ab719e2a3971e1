// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Whether one part of a role lets through everything that another does. Careful in one direction:
// a "yes" is a proof, a "no" may only mean that it could not be told (two patterns, for instance).
#pragma once

#include "core/policy.h"

namespace daypass::policy {

bool Covers(const core::Matcher& wide, const core::Matcher& narrow);
bool Covers(const core::Rule& wide, const core::Rule& narrow);
/// Every host that `narrow` selects, `wide` selects too.
bool Covers(const core::HostSelector& wide, const core::HostSelector& narrow);

}  // namespace daypass::policy
