// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// One conversation with the decider on courier.sock, from the event loop: frames out, replies in.
// What is asked and what an answer means is AgentLink's.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/result.h"
#include "platform/event_loop.h"
#include "platform/fd.h"
#include "wire/ipc.h"

namespace daypass::agent {

class AgentConnection {
 public:
  using OnReply = std::function<void(wire::Reply)>;
  using OnEnd = std::function<void(core::Error)>;

  /// Connects to a socket that only `owner` can have made. Both handlers are called from the loop
  /// and may Close() the connection, not destroy it; `on_end` once, when the decider ends it.
  /// Fails: kAgentSilent, kAgentUntrusted.
  static core::Result<std::unique_ptr<AgentConnection>> Open(platform::EventLoop& loop,
                                                             const std::string& socket, uid_t owner,
                                                             OnReply on_reply, OnEnd on_end);
  AgentConnection(const AgentConnection&) = delete;
  AgentConnection& operator=(const AgentConnection&) = delete;
  AgentConnection(AgentConnection&&) = delete;
  AgentConnection& operator=(AgentConnection&&) = delete;
  ~AgentConnection() = default;

  /// `document`: rides on the frame's first byte.
  void Send(const std::string& frame, std::optional<platform::Fd> document);

  bool is_open() const { return static_cast<bool>(socket_); }
  /// No handler is called any more.
  void Close();

 private:
  AgentConnection(platform::Fd socket, OnReply on_reply, OnEnd on_end);
  void OnEvents(uint32_t events);
  void Flush();
  void Receive();
  void End(core::Reason code, const std::string& what);

  platform::Fd socket_;
  OnReply on_reply_;
  OnEnd on_end_;
  wire::FrameReader frames_;
  std::string unsent_;
  std::optional<platform::Fd> document_;  // goes with the first byte of unsent_
  platform::EventLoop::Source source_;
};

}  // namespace daypass::agent
