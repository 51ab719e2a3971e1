// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Labels to host names, before anybody signs: approvers read names, and hosts compare names.
#pragma once

#include <string>
#include <vector>

#include "cli/server_client.h"
#include "core/result.h"

namespace daypass::cli {

/// `labels`: "LABEL=VALUE" each. The names of enrolled hosts that have all of them, by the server's
/// list. Fails: kMalformed, kNotFound (none has).
core::Result<std::vector<std::string>> SelectHosts(const ServerClient& server,
                                                   const std::vector<std::string>& labels);

/// Splits "LABEL=VALUE"; `option` names it in the fault. Fails kMalformed.
core::Result<std::pair<std::string, std::string>> ReadLabel(const std::string& text,
                                                            const std::string& option);

}  // namespace daypass::cli
