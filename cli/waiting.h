// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Waiting for people, with a line that shows it. Ctrl-C ends the waiting and keeps the request.
#pragma once

#include <optional>
#include <string>

#include "cli/agent_client.h"
#include "cli/output.h"
#include "cli/server_client.h"
#include "core/result.h"

namespace daypass::cli {

/// How a request stands when the waiting ends.
struct Outcome {
  std::string state;  ///< of the server or the agent, "interrupted", or "pending" after a timeout
  std::string text;
  std::optional<core::Instant> until;
};

/// While it lives, Ctrl-C sets a flag instead of ending the program.
class CatchInterrupt {
 public:
  CatchInterrupt();
  ~CatchInterrupt();
  CatchInterrupt(const CatchInterrupt&) = delete;
  CatchInterrupt& operator=(const CatchInterrupt&) = delete;
  CatchInterrupt(CatchInterrupt&&) = delete;
  CatchInterrupt& operator=(CatchInterrupt&&) = delete;
  static bool Happened();
};

/// `timeout`: none waits as long as the request lives.
core::Result<Outcome> WaitAtAgent(AgentClient& agent, const std::string& id, Output& out,
                                  std::optional<core::Seconds> timeout);
core::Result<Outcome> WaitAtServer(const ServerClient& server, const std::string& id, Output& out,
                                   std::optional<core::Seconds> timeout);

}  // namespace daypass::cli
