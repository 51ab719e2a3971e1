// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// host.toml: who this host is, as root has set it. The server never gives, maps or changes it.
#pragma once

#include <string>

#include "agent/importer.h"
#include "core/decision.h"
#include "core/result.h"

namespace daypass::agent {

struct HostConfig {
  core::HostIdentity identity;
  PinnedPolicy policy;
};

/// Reads the file only if nobody but root can have written it. Unknown keys are refused.
/// Fails: kPathUnsafe, kMalformed, kUnknownField (with line and column), kInternal (not there).
core::Result<HostConfig> LoadHostConfig(const std::string& path);

}  // namespace daypass::agent
