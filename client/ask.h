// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The shims' questions: one question, one answer, two seconds. Any fault is a core::Error, and the
// caller turns it into a denial, or asks client/without_agent.h what root's own gate.conf says.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>

#include "client/connection.h"
#include "client/places.h"
#include "core/result.h"
#include "wire/ipc_check.h"

namespace daypass::client {

// What the shims send and get; they include nothing of wire/ themselves.
using wire::AccountCall;
using wire::AccountPhase;
using wire::AskCall;
using wire::AskState;
using wire::CommandCall;
using wire::EndedCall;
using wire::Offer;
using wire::VerdictReply;

/// May this command run? `root`: prefix of every path, or empty. `places`: for the agent to resolve
/// the command's paths with. A signal ends the wait, but for a sub-command. Fails also
/// kArgumentsTooLong: more than the agent reads. A large call travels as a sealed memfd.
core::Result<VerdictReply> AskCommand(std::string_view root, const CommandCall& call,
                                      const Places& places);

/// May this account pass here? Signals end the wait at sudo only.
core::Result<VerdictReply> AskAccount(std::string_view root, const AccountCall& call);

/// Asks for a role after a denial, and tells each answer until it is settled: the last one is
/// returned. Waits as long as the agent gives a sign of life; a signal ends the wait, not the
/// request.
core::Result<AskState> AskForRole(std::string_view root, const AskCall& call,
                                  const std::function<void(const AskState&)>& on_state);

/// The agent knows of this sudo as long as this object lives, and hears of its end when it goes.
class Watch {
 public:
  /// Returns when the agent has said that it watches process `pid`.
  static core::Result<Watch> Open(std::string_view root, uint32_t pid);

  /// The command of that record starts now.
  core::Result<void> SendStarted(uint64_t query);
  /// It has ended. A fault changes nothing any more: the agent sees the end of the connection.
  void SendEnded(const EndedCall& call);

 private:
  explicit Watch(Connection connection) : connection_(std::move(connection)) {}

  Connection connection_;
};

}  // namespace daypass::client
