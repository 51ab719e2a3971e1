// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What the courier is told: where the server is and how to reach it (agent.toml), and which policy
// root has pinned, since until the decider holds one nobody else can say which is the first
// (host.toml).
#pragma once

#include <cstdint>
#include <string>

#include "core/result.h"
#include "core/time.h"
#include "platform/paths.h"

namespace daypass::agent {

struct SyncConfig {
  std::string server;  ///< https://host[:port], without a slash at the end
  std::string proxy;   ///< URL; empty: none
  std::string ca_file;
  std::string certificate_file;
  std::string key_file;
  std::string courier_socket;
  uint64_t pinned_policy = 0;      ///< version of the first policy
  core::Seconds status_every{60};  ///< [agent] status_every
};

/// Reads /etc/daypass/agent.toml and host.toml. Unknown keys are refused.
/// Fails: kMalformed, kUnknownField (file:line:column), kInternal (not there).
core::Result<SyncConfig> LoadSyncConfig(const platform::Paths& paths);

}  // namespace daypass::agent
