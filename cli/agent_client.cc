// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// user.sock through client/; here are the words for an agent that is silent.
#include "cli/agent_client.h"

#include <fmt/format.h>

#include <array>

#include "platform/file.h"
#include "platform/memfd.h"

namespace daypass::cli {
namespace {

constexpr core::Millis kConnect{2000};
constexpr core::Millis kAnswer{10'000};  // an import verifies signatures and waits for the disk

core::Error Silent(core::Error fault, const std::string& socket) {
  if (fault.code != core::Reason::kAgentSilent) return fault;
  fault.what = fmt::format(
      "the Daypass agent of this host does not answer: {}\n"
      "As root, look at: systemctl status daypassd",
      fault.what);
  fault.field = socket;
  return fault;
}

core::Error Unanswered(core::Error fault) {
  if (fault.what.empty()) fault.what = core::ReasonText(fault.code);
  return fault;
}

}  // namespace

bool HasAgent(const std::string& socket) {
  return platform::FileExists(socket);
}

core::Result<AgentClient> AgentClient::Connect(const std::string& socket) {
  core::Result<client::Connection> connection = client::Connection::Open(
      socket, platform::Deadline::After(kConnect), client::OnSignal::kGiveUp);
  if (!connection) return Silent(std::move(connection).error(), socket);
  return AgentClient(*std::move(connection));
}

core::Result<void> AgentClient::Send(std::string_view method, wire::Json parameters,
                                     wire::Wants wants, std::span<const int> fds) {
  const std::string name = "org.daypass.User." + std::string(method);
  return connection_.Send(wire::EncodeCall(name, parameters.get(), wants), fds,
                          platform::Deadline::After(kConnect));
}

/// The one answer to what was sent.
core::Result<wire::Json> AgentClient::One(core::Result<void> sent) {
  if (!sent) return std::move(sent).error();
  core::Result<Answer> answer = Next();
  if (!answer) return std::move(answer).error();
  return std::move(answer->parameters);
}

core::Result<wire::Json> AgentClient::Ask(std::string_view method, wire::ObjectBuilder parameters) {
  return One(Send(method, parameters.Take(), wire::Wants::kOneReply));
}

core::Result<wire::Json> AgentClient::Import(std::string_view envelope) {
  core::Result<platform::Fd> memory = platform::MakeSealedMemfd(envelope);
  if (!memory) return std::move(memory).error();
  wire::ObjectBuilder parameters;
  parameters.Int("memfd", 0);
  const std::array fds = {memory->get()};
  return One(Send("Import", parameters.Take(), wire::Wants::kOneReply, fds));
}

core::Result<wire::Json> AgentClient::Explain(const wire::CommandCall& call, int root, int cwd) {
  const std::array fds = {root, cwd};
  return One(Send("Explain", wire::EncodeCommand(call), wire::Wants::kOneReply, fds));
}

core::Result<void> AgentClient::Begin(std::string_view method, wire::ObjectBuilder parameters) {
  return Send(method, parameters.Take(), wire::Wants::kMore);
}

core::Result<AgentClient::Answer> AgentClient::Next() {
  core::Result<wire::Reply> reply = connection_.Receive(platform::Deadline::After(kAnswer));
  if (!reply) return Unanswered(std::move(reply).error());
  return Answer{std::move(reply->parameters), reply->continues};
}

}  // namespace daypass::cli
