// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Reading, writing and closing of connections, and the dispatch of their messages.
#include "agent/connection.h"

#include <sys/epoll.h>

#include <algorithm>
#include <cstdio>

#include "platform/clock.h"
#include "wire/json_builder.h"

namespace daypass::agent {
namespace {

constexpr size_t kReadBytes = 8 * 1024;  // most messages are smaller; the rest come in pieces
constexpr size_t kMaxUnsent = 256 * 1024;
constexpr int kAcceptsATurn = 16;
constexpr core::Millis kPause{100};

core::Error TooMany(const char* what) {
  return {core::Reason::kTooMany, std::string(what) + "; try again later", {}};
}

/// Why somebody is not let in, for whom no Connection is worth its while.
void TurnAway(const platform::Fd& socket, const core::Error& why) {
  const auto sent = platform::SendMessage(socket.get(), wire::EncodeError(why.code, why.what), {},
                                          platform::Deadline::Immediate());
  static_cast<void>(sent);  // hung up on either way
}

}  // namespace

Connection::Connection(Listener& listener, platform::Fd socket, platform::Credentials credentials,
                       platform::ProcessHandle process)
    : listener_(listener),
      socket_(std::move(socket)),
      credentials_(credentials),
      process_(std::move(process)),
      frames_(listener.options_.max_message) {}

void Connection::Reply(const json_t* parameters, bool continues) {
  is_asking_ = false;
  Send(wire::EncodeReply(parameters, continues));
}

void Connection::Fail(const core::Error& error) {
  is_asking_ = false;
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
  const ListenerOptions& limits = listener_.options_;
  platform::Chunk chunk = platform::ReceiveChunk(socket_.get(), kReadBytes, limits.max_fds,
                                                 platform::Deadline::Immediate());
  if (chunk.status == platform::Transfer::kNotReady) return;
  if (chunk.status == platform::Transfer::kInterrupted) return;
  if (chunk.status == platform::Transfer::kClosed || chunk.fds_lost) return Close();
  for (platform::Fd& fd : chunk.fds) {
    if (fd.get() >= limits.fd_limit) return Close();
    fds_.push_back(std::move(fd));
  }
  if (fds_.size() > limits.max_fds) return Close();
  if (!frames_.Feed(chunk.bytes)) return Close();
  TakeMessages();
  if (is_open() && !WaitForRest()) Close();
}

void Connection::TakeMessages() {
  const auto self = shared_from_this();
  while (is_open()) {
    const std::optional<std::string> message = frames_.Next();
    if (!message) return;
    if (is_asking_) return Close();
    silence_ = {};
    listener_.Dispatch(self, *message);
    fds_.clear();
  }
}

/// A message that has begun must end in time. False: nobody would notice if it did not.
bool Connection::WaitForRest() {
  if (silence_ || !frames_.HasPartial()) return true;
  auto silence =
      listener_.loop_.AfterMonotonic(listener_.options_.message_within, [this] { Close(); });
  if (!silence) return false;
  silence_ = std::move(*silence);
  return true;
}

std::optional<uid_t> WhoIsServedBy(const platform::ProcessHandle& process) {
  const core::Result<platform::ProcessFacts> facts = platform::ReadProcessFacts(process);
  if (!facts) return static_cast<uid_t>(-1);
  return facts->real_uid == 0 ? std::nullopt : std::optional(facts->real_uid);
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
      methods_(std::move(methods)) {
  if (options_.rate) rates_.emplace(*options_.rate);
}

/// A few at a time: whatever is more urgent has its turn in between, however many come.
void Listener::Accept() {
  for (int i = 0; i < kAcceptsATurn; ++i) {
    core::Result<platform::Fd> socket = platform::AcceptUnix(socket_.get());
    if (!socket) return Pause(socket.error());
    if (!*socket) return;
    is_short_ = false;
    Admit(std::move(*socket));
  }
}

/// Who could not be accepted waits on, and the loop would turn for nothing until he can be.
void Listener::Pause(const core::Error& why) {
  if (!std::exchange(is_short_, true)) {
    (void)std::fprintf(stderr, "daypassd: %s; some must close first\n", why.what.c_str());
  }
  auto pause =
      loop_.AfterMonotonic(kPause, [this] { source_.SetEvents(EPOLLIN); }, options_.priority);
  if (!pause) return;
  pause_ = std::move(*pause);
  source_.SetEvents(0);
}

bool Listener::IsTooOften(uid_t uid) {
  return rates_ && !rates_->Take(uid, platform::BootTime());
}

core::Result<void> Listener::MayConnect(int socket, uid_t uid) {
  if (IsTooOften(uid)) return TooMany("too many connections in a short time");
  const auto of_uid = per_uid_.find(uid);
  const bool has_enough = of_uid != per_uid_.end() && of_uid->second >= options_.max_per_uid;
  if (has_enough || connections_.size() >= options_.max_connections) {
    return TooMany("too many connections");
  }
  if (socket >= options_.fd_limit) return TooMany("too many open descriptors");
  return {};
}

/// Asked only in a crowd: it costs a look into /proc.
core::Result<std::optional<uid_t>> Listener::WhoIsBehind(const platform::ProcessHandle& process) {
  if (connections_.size() < options_.crowd) return std::optional<uid_t>{};
  const std::optional<uid_t> uid = options_.behind(process);
  const auto count = uid ? per_behind_.find(*uid) : per_behind_.end();
  if (count != per_behind_.end() && count->second >= options_.max_behind) {
    return TooMany("too many connections");
  }
  return uid;
}

void Listener::Admit(platform::Fd socket) {
  core::Result<platform::Credentials> credentials = platform::PeerCredentials(socket.get());
  if (!credentials) return;
  if (auto may = MayConnect(socket.get(), credentials->uid); !may) {
    return TurnAway(socket, may.error());
  }
  core::Result<platform::ProcessHandle> process = platform::TakePeerProcess(socket.get());
  if (!process) return;
  if (auto admitted = options_.admit(*credentials, *process); !admitted) {
    return TurnAway(socket, admitted.error());
  }
  core::Result<std::optional<uid_t>> behind = WhoIsBehind(*process);
  if (!behind) return TurnAway(socket, behind.error());
  auto connection =
      std::make_shared<Connection>(*this, std::move(socket), *credentials, std::move(*process));
  auto* raw = connection.get();
  auto source = loop_.WatchFd(
      raw->socket_.get(), EPOLLIN, [raw](uint32_t events) { raw->OnEvents(events); },
      options_.priority);
  auto silence = loop_.AfterMonotonic(options_.message_within, [raw] { raw->Close(); });
  if (!source || !silence) return;
  raw->source_ = std::move(*source);
  raw->silence_ = std::move(*silence);
  ++per_uid_[credentials->uid];
  raw->behind_ = *behind;
  if (*behind) ++per_behind_[**behind];
  connections_.emplace(raw, std::move(connection));
}

void Listener::Forget(Connection* connection) {
  auto of_uid = per_uid_.find(connection->credentials_.uid);
  if (of_uid != per_uid_.end() && --of_uid->second == 0) per_uid_.erase(of_uid);
  if (connection->behind_ && --per_behind_[*connection->behind_] == 0) {
    per_behind_.erase(*connection->behind_);
  }
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
  if (IsTooOften(connection->credentials().uid)) {
    connection->Fail(TooMany("too many questions in a short time"));
    return connection->Close();
  }
  if (!method->is_last_word &&
      !platform::IsAlive(connection->process())) {  // frozen credentials are worth nothing now
    connection->Fail({core::Reason::kPeerRefused, "the asking process is gone", {}});
    return connection->Close();
  }
  connection->is_asking_ = !call->oneway;
  method->handler(connection, std::move(*call));
}

}  // namespace daypass::agent
