// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// One connection to the agent. It is opened only to a socket that root made, in a folder where only
// root can make one, with root at the other end; every step has a deadline, and a signal ends it.
// What is asked on it is client/ask.h's for the shims, and the commands' own for user.sock.
//
//   1. MUST NOT keep sudo, sshd or su longer than the deadline, whatever the other end does.
//   2. MUST NOT hand out anything but one whole, well-formed reply.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/time.h"
#include "platform/deadline.h"
#include "platform/fd.h"
#include "wire/ipc.h"

namespace daypass::client {

inline constexpr core::Millis kMaxSilence{2000};

/// What a signal does to a wait. In sudo the handlers only set a flag, so a wait that goes on would
/// swallow Ctrl-C; in sshd and su a signal that was not meant for us must not turn into a denial.
enum class OnSignal : uint8_t { kGiveUp, kGoOn };

class Connection {
 public:
  /// Fails: kAgentSilent (nobody there, or the deadline passed), kAgentUntrusted (not root's).
  static core::Result<Connection> Open(const std::string& socket_path, platform::Deadline deadline,
                                       OnSignal on_signal);

  /// Sends one frame, with descriptors riding on its first byte. Fails: kAgentSilent.
  core::Result<void> Send(std::string_view frame, std::span<const int> fds,
                          platform::Deadline deadline);

  /// The next reply. Fails: kAgentSilent (deadline, end of the stream, or a signal), kProtocol (not
  /// a reply), or what the agent itself says in an error reply.
  core::Result<wire::Reply> Receive(platform::Deadline deadline);

 private:
  Connection(platform::Fd socket, OnSignal on_signal)
      : socket_(std::move(socket)), on_signal_(on_signal) {}

  platform::Fd socket_;
  OnSignal on_signal_;
  wire::FrameReader frames_{wire::kMaxMessageBytes};
};

}  // namespace daypass::client
