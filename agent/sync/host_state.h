// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What the decider says about itself: the courier compares it with what the server has, and carries
// the difference.
#pragma once

#include <cstdint>
#include <string>

#include "core/result.h"

struct json_t;

namespace daypass::agent {

struct HostState {
  std::string realm;
  std::string host;
  uint64_t policy_version = 0;  ///< 0: none held yet
  uint64_t policy_wanted = 0;   ///< the newest that a status has named
  uint64_t records_seq = 0;     ///< of the last record
  uint64_t records_acked = 0;   ///< by the server, in the last status
  uint64_t requests_pending = 0;
  bool status_wanted = false;
};

/// Reads the parameters of a State reply. Fails: kProtocol.
core::Result<HostState> ParseHostState(const json_t* parameters);

}  // namespace daypass::agent
