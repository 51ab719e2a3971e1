// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// How a host stands, as its agent tells and as people read it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/agent_client.h"
#include "cli/output.h"
#include "core/result.h"
#include "core/time.h"
#include "wire/json.h"

namespace daypass::cli {

struct HeldGrant {
  std::string id, digest, role, state, reason;
  std::optional<core::Instant> until, start_by;
};

struct AskedRequest {
  std::string id, state, text;
  std::optional<core::Instant> start_by;
};

/// A role that the reader may ask for on this host.
struct OfferedRole {
  std::string name, description;
  core::Seconds max_duration{0};
  std::string guarded_by;  ///< empty: an agent of the version before
};

struct HostStatus {
  std::string host, mode, clock, freshness;
  int64_t policy_version = 0;
  std::optional<core::Instant> server_ok;
  std::vector<HeldGrant> grants;
  std::vector<AskedRequest> requests;
  std::vector<OfferedRole> roles;
  size_t running = 0;
};

/// `status`, `roles`: answers of org.daypass.User.Status and Roles. Unknown keys are passed over.
core::Result<HostStatus> ReadHostStatus(const wire::Json& status, const wire::Json& roles);

/// Asks the agent for it.
core::Result<HostStatus> FetchHostStatus(AgentClient& agent);

std::string RenderHostStatus(const HostStatus& status, core::Instant now, const Style& style);

}  // namespace daypass::cli
