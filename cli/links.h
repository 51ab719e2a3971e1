// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// --link PATH=WHERE: symbolic links on hosts, for verbs that see no host.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "policy/simulator.h"

namespace daypass::cli {

/// Fails: kMalformed.
core::Result<policy::Files> ParseLinks(const std::vector<std::string>& texts);

}  // namespace daypass::cli
