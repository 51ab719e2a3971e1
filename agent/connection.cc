// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Reading, writing and closing of connections, and the dispatch of their messages.
#include "agent/connection.h"

#include <sys/epoll.h>

#include <algorithm>

#include "wire/json_builder.h"

namespace daypass::agent {
namespace {

constexpr size_t kReadBytes = 64 * 1024;
constexpr size_t kMaxUnsent = 256 * 1024;
constexpr size_t kMaxFds = 3;
constexpr core::Millis kFirstMessageWithin{500};

}  // namespace

Connection::Connection(Listener& listener, platform::Fd socket, platform::Credentials credentials,
                       platform::ProcessHandle process)
    : listener_(listener),
      socket_(std::move(socket)),
      credentials_(credentials),
      process_(std::move(process)),
      frames_(listener.options_.max_message) {}

void Connection::Reply(const json_t* parameters, bool continues) {
  Send(wire::EncodeReply(parameters, continues));
}

void Connection::Fail(const core::Error& error) {
  Send(wire::EncodeError(error.code, error.what));
}

void Connection::Send(std::string bytes) {
  if (!is_open()) return;
  unsent_ += bytes;
  Flush();
}

void Connection::Flush() {
  while (is_open() && !unsent_.empty()) {
    const platform::Sent sent =
        platform::SendMessage(socket_.get(), unsent_, {}, platform::Deadline::Immediate());
    unsent_.erase(0, sent.bytes);
    if (sent.status == platform::Transfer::kClosed || unsent_.size() > kMaxUnsent) return Close();
    if (sent.status == platform::Transfer::kNotReady) break;
  }
  if (is_open()) source_.SetEvents(unsent_.empty() ? EPOLLIN : EPOLLIN | EPOLLOUT);
}

void Connection::Close() {
  if (!is_open()) return;
  const auto keep = shared_from_this();  // Forget() drops the listener's reference
  source_ = {};
  silence_ = {};
  socket_.Close();
  fds_.clear();
  listener_.Forget(this);
  if (auto callback = std::exchange(on_close, nullptr)) callback();
}

void Connection::OnEvents(uint32_t events) {
  const auto keep = shared_from_this();
  if ((events & EPOLLOUT) != 0) Flush();
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0 || !is_open()) return;
  platform::Chunk chunk =
      platform::ReceiveChunk(socket_.get(), kReadBytes, kMaxFds, platform::Deadline::Immediate());
  if (chunk.status == platform::Transfer::kNotReady) return;
  if (chunk.status == platform::Transfer::kInterrupted) return;
  if (chunk.status == platform::Transfer::kClosed || chunk.fds_lost) return Close();
  std::ranges::move(chunk.fds, std::back_inserter(fds_));
  if (fds_.size() > kMaxFds) return Close();
  if (!frames_.Feed(chunk.bytes)) return Close();
  while (is_open()) {
    const std::optional<std::string> message = frames_.Next();
    if (!message) break;
    has_spoken_ = true;
    silence_ = {};
    listener_.Dispatch(keep, *message);
    fds_.clear();
  }
}

core::Result<std::unique_ptr<Listener>> Listener::Make(platform::EventLoop& loop,
                                                       platform::Fd socket, ListenerOptions options,
                                                       std::vector<Method> methods) {
  std::unique_ptr<Listener> listener(
      new Listener(loop, std::move(socket), std::move(options), std::move(methods)));
  auto source = loop.WatchFd(
      listener->socket_.get(), EPOLLIN, [raw = listener.get()](uint32_t) { raw->Accept(); },
      listener->options_.priority);
  if (!source) return std::move(source).error();
  listener->source_ = std::move(*source);
  return listener;
}

Listener::Listener(platform::EventLoop& loop, platform::Fd socket, ListenerOptions options,
                   std::vector<Method> methods)
    : loop_(loop),
      socket_(std::move(socket)),
      options_(std::move(options)),
      methods_(std::move(methods)) {}

void Listener::Accept() {
  while (true) {
    core::Result<platform::Fd> socket = platform::AcceptUnix(socket_.get());
    if (!socket || !*socket) return;
    Admit(std::move(*socket));
  }
}

void Listener::Admit(platform::Fd socket) {
  core::Result<platform::Credentials> credentials = platform::PeerCredentials(socket.get());
  if (!credentials) return;
  core::Result<platform::ProcessHandle> process = platform::TakePeerProcess(socket.get());
  if (!process) return;
  size_t& of_uid = per_uid_[credentials->uid];
  const bool too_many =
      connections_.size() >= options_.max_connections || of_uid >= options_.max_per_uid;
  auto connection =
      std::make_shared<Connection>(*this, std::move(socket), *credentials, std::move(*process));
  auto* raw = connection.get();
  auto source = loop_.WatchFd(
      raw->socket_.get(), EPOLLIN, [raw](uint32_t events) { raw->OnEvents(events); },
      options_.priority);
  auto silence = loop_.AfterMonotonic(kFirstMessageWithin, [raw] { raw->Close(); });
  if (!source || !silence) return;
  raw->source_ = std::move(*source);
  raw->silence_ = std::move(*silence);
  connections_.emplace(raw, std::move(connection));
  ++of_uid;
  core::Result<void> admitted =
      too_many
          ? core::Error{core::Reason::kPeerRefused, "too many connections; try again later", {}}
          : options_.admit(raw->credentials_, raw->process_);
  if (admitted) return;
  raw->Fail(admitted.error());
  raw->Close();
}

void Listener::Forget(Connection* connection) {
  auto of_uid = per_uid_.find(connection->credentials_.uid);
  if (of_uid != per_uid_.end() && --of_uid->second == 0) per_uid_.erase(of_uid);
  connections_.erase(connection);
}

void Listener::Dispatch(const std::shared_ptr<Connection>& connection, std::string_view message) {
  core::Result<wire::Call> call = wire::ParseCall(message);
  if (!call) {
    connection->Fail(call.error());
    return connection->Close();
  }
  auto method = std::ranges::find(methods_, std::string_view(call->method), &Method::name);
  if (method == methods_.end()) {
    connection->Fail({core::Reason::kProtocol, "no such method: " + call->method, "method"});
    return connection->Close();
  }
  if (!method->is_last_word &&
      !platform::IsAlive(connection->process())) {  // frozen credentials are worth nothing now
    connection->Fail({core::Reason::kPeerRefused, "the asking process is gone", {}});
    return connection->Close();
  }
  method->handler(connection, std::move(*call));
}

}  // namespace daypass::agent
