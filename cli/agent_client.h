// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Questions to the agent of this host, on user.sock. Who asks is known from the socket; nothing
// that is sent says it.
#pragma once

#include <string>
#include <string_view>

#include "client/connection.h"
#include "core/result.h"
#include "wire/ipc_check.h"
#include "wire/json_builder.h"

namespace daypass::cli {

class AgentClient {
 public:
  /// `socket`: path of user.sock. Fails: kAgentSilent (says what to look at), kAgentUntrusted.
  static core::Result<AgentClient> Connect(const std::string& socket);

  /// `method`: "Status" of org.daypass.User. The answer's parameters.
  /// Fails as the agent says, or kAgentSilent.
  core::Result<wire::Json> Ask(std::string_view method, wire::ObjectBuilder parameters);

  /// Hands over an envelope: a policy or a grant.
  core::Result<wire::Json> Import(std::string_view envelope);

  /// What the command would be told now. `root`, `cwd`: O_PATH descriptors, as of a sudo.
  core::Result<wire::Json> Explain(const wire::CommandCall& call, int root, int cwd);

  /// Begins a question with several answers; each is then fetched with Next. The agent gives a sign
  /// of life each second.
  core::Result<void> Begin(std::string_view method, wire::ObjectBuilder parameters);
  struct Answer {
    wire::Json parameters;
    bool more = false;
  };
  core::Result<Answer> Next();

 private:
  explicit AgentClient(client::Connection connection) : connection_(std::move(connection)) {}
  core::Result<void> Send(std::string_view method, wire::Json parameters, wire::Wants wants,
                          std::span<const int> fds = {});
  core::Result<wire::Json> One(core::Result<void> sent);

  client::Connection connection_;
};

/// Whether an agent seems to be on this host at all: its socket is there.
bool HasAgent(const std::string& socket);

}  // namespace daypass::cli
