// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Which hosts a selector means.
#pragma once

#include <map>
#include <string>

#include "core/policy.h"

namespace daypass::core {

/// Whether the selector means the host of this name and these labels. A selector without a single
/// condition means no host; a label that the host lacks matches nothing, under `none_of` too.
bool Selects(const HostSelector& selector, const std::string& name,
             const std::map<std::string, std::string>& labels);

}  // namespace daypass::core
