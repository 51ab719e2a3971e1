// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The agent's side of its three sockets: connections that speak varlink's wire format, answered in
// the loop's one thread. A peer is known by the kernel alone: its credentials, pidfd and start time
// are taken when it connects and checked again when it speaks.
//
//   1. MUST close a connection at the first message that is not in its service's table, and of one
//      that asks again before it was answered.
//   2. MUST NOT hold more of a peer's bytes or descriptors than its limits say, nor wait longer for
//      the rest of a message that has begun.
//   3. MUST answer nobody whose process is gone.
//   4. MUST leave the loop to others after a few accepts, and not spin when descriptors run out.
#pragma once

#include <climits>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/rates.h"
#include "core/result.h"
#include "platform/event_loop.h"
#include "platform/fd.h"
#include "platform/process.h"
#include "platform/socket.h"
#include "wire/ipc.h"

namespace daypass::agent {

class Listener;

/// One peer. Shared by the listener's list and by answers that are still under way; whoever
/// answers later finds it closed or alive.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Listener& listener, platform::Fd socket, platform::Credentials credentials,
             platform::ProcessHandle process);

  const platform::Credentials& credentials() const { return credentials_; }
  const platform::ProcessHandle& process() const { return process_; }
  bool is_open() const { return static_cast<bool>(socket_); }

  /// The descriptors that came with the message being handled; later they are closed.
  std::vector<platform::Fd> TakeFds() { return std::move(fds_); }

  /// Sends; a peer that does not read is closed rather than waited for.
  void Reply(const json_t* parameters, bool continues = false);
  void Fail(const core::Error& error);
  void Close();

  /// Called once when the peer or the agent closes the connection.
  std::function<void()> on_close;

 private:
  friend class Listener;
  void OnEvents(uint32_t events);
  void TakeMessages();
  bool WaitForRest();
  void Send(std::string bytes);
  void Flush();

  Listener& listener_;
  platform::Fd socket_;
  platform::Credentials credentials_;
  platform::ProcessHandle process_;
  std::optional<uid_t> behind_;  // who is counted for it
  wire::FrameReader frames_;
  std::vector<platform::Fd> fds_;
  std::string unsent_;
  bool is_asking_ = false;  // a call has no reply yet
  platform::EventLoop::Source source_;
  platform::EventLoop::Source silence_;  // while a message has to come
};

/// A message that a service takes: one row of the boundary's table.
struct Method {
  std::string_view name;  ///< "org.daypass.Check.Command"
  std::function<void(const std::shared_ptr<Connection>&, wire::Call)> handler;
  /// A last word about itself: taken even if the process has ended right behind it. Everything else
  /// is answered only to the living.
  bool is_last_word = false;
};

struct ListenerOptions {
  size_t max_message = wire::kMaxMessageBytes;
  size_t max_connections = 1000;
  size_t max_per_uid = 1000;
  /// From so many open connections on, each further one counts for who is behind it, and nobody may
  /// have more of those than `max_behind`: at check.sock every peer is root, in others' names.
  size_t crowd = SIZE_MAX;
  size_t max_behind = 100;
  std::function<std::optional<uid_t>(const platform::ProcessHandle&)> behind = {};  ///< none: root
  size_t max_fds = 1;  ///< with one message
  /// Descriptors from this number on are not for this socket's peers, but kept for others.
  int fd_limit = INT_MAX;
  /// How long a message may take: the first from the connect on, a later one from its first byte.
  core::Millis message_within{2000};
  std::optional<Rate> rate = {};  ///< of one uid's connects and calls; none: as often as it likes
  platform::Priority priority = platform::Priority::kNormal;
  /// Whether this peer may speak at all.
  std::function<core::Result<void>(const platform::Credentials&, const platform::ProcessHandle&)>
      admit = {};
};

/// Whose sudo or login a process of root's is; none if it is root's own. Those that cannot be told
/// count together for a number that nobody has.
std::optional<uid_t> WhoIsServedBy(const platform::ProcessHandle& process);

/// One listening socket and its table of methods.
class Listener {
 public:
  static core::Result<std::unique_ptr<Listener>> Make(platform::EventLoop& loop,
                                                      platform::Fd socket, ListenerOptions options,
                                                      std::vector<Method> methods);

 private:
  friend class Connection;
  Listener(platform::EventLoop& loop, platform::Fd socket, ListenerOptions options,
           std::vector<Method> methods);
  void Accept();
  void Pause(const core::Error& why);
  void Admit(platform::Fd socket);
  core::Result<void> MayConnect(int socket, uid_t uid);
  core::Result<std::optional<uid_t>> WhoIsBehind(const platform::ProcessHandle& process);
  bool IsTooOften(uid_t uid);
  void Dispatch(const std::shared_ptr<Connection>& connection, std::string_view message);
  void Forget(Connection* connection);

  platform::EventLoop& loop_;
  platform::Fd socket_;
  ListenerOptions options_;
  std::vector<Method> methods_;
  std::map<Connection*, std::shared_ptr<Connection>> connections_;
  std::map<uid_t, size_t> per_uid_;
  std::map<uid_t, size_t> per_behind_;
  std::optional<Rates> rates_;
  bool is_short_ = false;  // of descriptors, and has said so
  platform::EventLoop::Source source_;
  platform::EventLoop::Source pause_;
};

}  // namespace daypass::agent
