// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/sync/agent_connection.h"

#include <sys/epoll.h>

#include <array>

#include "platform/socket.h"

namespace daypass::agent {
namespace {

constexpr core::Millis kConnectWithin{500};
constexpr size_t kReadBytes = 64 * 1024;
constexpr size_t kMaxReplyBytes = 4 * 1024 * 1024;  // a batch of records

}  // namespace

core::Result<std::unique_ptr<AgentConnection>> AgentConnection::Open(platform::EventLoop& loop,
                                                                     const std::string& socket,
                                                                     uid_t owner, OnReply on_reply,
                                                                     OnEnd on_end) {
  core::Result<platform::Fd> connected =
      platform::ConnectTrusted(socket, platform::Deadline::After(kConnectWithin), owner);
  if (!connected) return std::move(connected).error();
  std::unique_ptr<AgentConnection> made(
      new AgentConnection(std::move(*connected), std::move(on_reply), std::move(on_end)));
  auto source = loop.WatchFd(made->socket_.get(), EPOLLIN,
                             [raw = made.get()](uint32_t events) { raw->OnEvents(events); });
  if (!source) return std::move(source).error();
  made->source_ = std::move(*source);
  return made;
}

AgentConnection::AgentConnection(platform::Fd socket, OnReply on_reply, OnEnd on_end)
    : socket_(std::move(socket)),
      on_reply_(std::move(on_reply)),
      on_end_(std::move(on_end)),
      frames_(kMaxReplyBytes) {}

void AgentConnection::Send(const std::string& frame, std::optional<platform::Fd> document) {
  // A frame with a document is only sent after all before it: the descriptor goes with its first
  // byte. AgentLink sends one at a time, so that there is nothing before it.
  unsent_ += frame;
  document_ = std::move(document);
  source_.SetEvents(EPOLLIN | EPOLLOUT);
}

void AgentConnection::OnEvents(uint32_t events) {
  if ((events & EPOLLOUT) != 0) Flush();
  if (!is_open()) return;
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) Receive();
}

void AgentConnection::Flush() {
  const std::array<int, 1> fd = {document_ ? document_->get() : -1};
  const platform::Sent sent =
      platform::SendMessage(socket_.get(), unsent_, std::span(fd).first(document_ ? 1 : 0),
                            platform::Deadline::Immediate());
  if (sent.bytes > 0) document_.reset();
  unsent_.erase(0, sent.bytes);
  // A closed socket is found by Receive, which first reads what the decider said last.
  if (unsent_.empty() || sent.status == platform::Transfer::kClosed) source_.SetEvents(EPOLLIN);
}

void AgentConnection::Receive() {
  const platform::Chunk chunk =
      platform::ReceiveChunk(socket_.get(), kReadBytes, 0, platform::Deadline::Immediate());
  switch (chunk.status) {
    case platform::Transfer::kNotReady:
    case platform::Transfer::kInterrupted:
      return;
    case platform::Transfer::kClosed:
      return End(core::Reason::kAgentSilent, "closed the connection");
    case platform::Transfer::kDone:
      break;
  }
  if (auto fed = frames_.Feed(chunk.bytes); !fed) {
    return End(core::Reason::kProtocol, fed.error().what);
  }
  while (is_open()) {
    const std::optional<std::string> message = frames_.Next();
    if (!message) return;
    core::Result<wire::Reply> reply = wire::ParseReply(*message, kMaxReplyBytes);
    if (!reply) return End(core::Reason::kProtocol, reply.error().what);
    on_reply_(std::move(*reply));
  }
}

void AgentConnection::Close() {
  source_ = {};
  socket_.Close();
}

void AgentConnection::End(core::Reason code, const std::string& what) {
  Close();
  on_end_({code, "daypassd " + what, {}});
}

}  // namespace daypass::agent
