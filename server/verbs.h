// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The verbs of daypass-server, each a function from options to an outcome; main words it.
#pragma once

#include <string>

#include "core/result.h"
#include "server/config.h"

namespace daypass::server {

/// Makes folders, keys and server.toml, and prints what a policy and hosts need to know of them.
/// Fails: kConflict, when that was done before; kMalformed, naming the option.
core::Result<void> Init(const std::string& root, const std::string& names,
                        const std::string& listen);

/// Takes the first policy from a file. Fails: as TrustFirstPolicy.
core::Result<void> Trust(const std::string& root, const std::string& file);

/// Serves until SIGTERM or SIGINT.
core::Result<void> Run(const std::string& root);

}  // namespace daypass::server
