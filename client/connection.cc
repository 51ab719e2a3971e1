// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "client/connection.h"

#include <optional>
#include <utility>

#include "platform/socket.h"

namespace daypass::client {
namespace {

using core::Error;
using core::Reason;
using core::Result;
using platform::Transfer;

constexpr size_t kReadBytes = 4096;

Error Silent(std::string_view what) {
  return {Reason::kAgentSilent, std::string(what), {}};
}

/// Why a transfer that is not kDone ends the talk; nothing if it goes on.
std::optional<Error> EndOfTalk(Transfer status, OnSignal on_signal) {
  switch (status) {
    case Transfer::kDone:
      return std::nullopt;
    case Transfer::kClosed:
      return Silent("the agent hung up without an answer");
    case Transfer::kNotReady:
      return Silent("the agent did not answer in time");
    case Transfer::kInterrupted:
      if (on_signal == OnSignal::kGoOn) return std::nullopt;
      return Silent("the wait for the agent was interrupted");
  }
  return Silent("the talk with the agent failed");
}

}  // namespace

Result<Connection> Connection::Open(const std::string& socket_path, platform::Deadline deadline,
                                    OnSignal on_signal) {
  Result<platform::Fd> socket = platform::ConnectTrusted(socket_path, deadline);
  if (!socket) return std::move(socket).error();
  return Connection(*std::move(socket), on_signal);
}

Result<void> Connection::Send(std::string_view frame, std::span<const int> fds,
                              platform::Deadline deadline) {
  while (!frame.empty()) {
    const platform::Sent sent = platform::SendMessage(socket_.get(), frame, fds, deadline);
    if (std::optional<Error> end = EndOfTalk(sent.status, on_signal_)) return *std::move(end);
    if (sent.bytes > 0) fds = {};  // they went with the first byte
    frame.remove_prefix(sent.bytes);
  }
  return {};
}

Result<wire::Reply> Connection::Receive(platform::Deadline deadline) {
  std::optional<std::string> message;
  while (!(message = frames_.Next())) {
    platform::Chunk chunk = platform::ReceiveChunk(socket_.get(), kReadBytes, 0, deadline);
    if (std::optional<Error> end = EndOfTalk(chunk.status, on_signal_)) return *std::move(end);
    if (chunk.fds_lost) return Error{Reason::kProtocol, "descriptors that nobody asked for", {}};
    if (Result<void> fed = frames_.Feed(chunk.bytes); !fed) {
      return Error{Reason::kProtocol, std::move(fed).error().what, {}};
    }
  }
  // It may have waited for us: whoever asks can be stopped by his user for as long as that likes.
  if (deadline.HasPassed()) {
    return Error{Reason::kTooLate, "the agent's answer was not read in time", {}};
  }
  Result<wire::Reply> reply = wire::ParseReply(*message);
  if (!reply) return std::move(reply).error();
  if (!reply->error.empty()) return wire::ErrorOf(*reply);
  return reply;
}

}  // namespace daypass::client
