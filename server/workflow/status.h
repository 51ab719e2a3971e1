// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The signed status: the server's only word that a host acts on, and one that can only subtract.
#pragma once

#include <string>

#include "core/result.h"
#include "server/store/hosts.h"
#include "server/workflow/context.h"

namespace daypass::server {

/// The envelope of a status for this host. `number`: the one that the host's decider drew.
/// Fails: kPolicyMissing.
core::Result<std::string> SignStatus(Tx& tx, Context& context, const HostRow& host,
                                     const std::string& number);

}  // namespace daypass::server
