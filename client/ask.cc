// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "client/ask.h"

#include <array>
#include <span>
#include <utility>

#include "platform/memfd.h"
#include "platform/paths.h"
#include "wire/json_builder.h"

namespace daypass::client {
namespace {

using core::Error;
using core::Reason;
using core::Result;
using platform::Deadline;

constexpr core::Millis kMaxWaitSilence{10'000};  // of an agent that tells each second
constexpr int64_t kMemfdIndex = 2;               // behind "/" and the directory

Result<VerdictReply> Ask(std::string_view root, std::string_view frame, std::span<const int> fds,
                         OnSignal on_signal) {
  const Deadline deadline = Deadline::After(kMaxSilence);
  Result<Connection> agent =
      Connection::Open(platform::MakePaths(root).check_socket, deadline, on_signal);
  if (!agent) return std::move(agent).error();
  if (Result<void> sent = agent->Send(frame, fds, deadline); !sent) return std::move(sent).error();
  Result<wire::Reply> reply = agent->Receive(deadline);
  if (!reply) return std::move(reply).error();
  if (reply->continues) return Error{Reason::kProtocol, "the agent's answer has no end", {}};
  return wire::ParseVerdict(reply->parameters.get());
}

bool HasTooMany(const CommandCall& call) {
  return call.argv.size() > wire::kMaxItems || call.env.size() > wire::kMaxItems ||
         call.files.size() > wire::kMaxItems;
}

Error TooLong() {
  return {Reason::kArgumentsTooLong, std::string(core::ReasonText(Reason::kArgumentsTooLong)), {}};
}

}  // namespace

Result<VerdictReply> AskCommand(std::string_view root, const CommandCall& call,
                                const Places& places) {
  if (HasTooMany(call)) return TooLong();
  // Under intercept sudo traces what runs, and hears a signal at each of its steps.
  const OnSignal on_signal = call.subcommand ? OnSignal::kGoOn : OnSignal::kGiveUp;
  wire::Json parameters = wire::EncodeCommand(call);
  const std::string text = wire::Dump(parameters);
  if (text.size() <= wire::kMaxInlineParametersBytes) {
    const std::array fds = {places.root.get(), places.start.get()};
    const std::string frame = wire::EncodeCall(wire::kCommandMethod, parameters.get());
    return Ask(root, frame, fds, on_signal);
  }
  if (text.size() > wire::kMaxMemfdParametersBytes) return TooLong();
  Result<platform::Fd> memfd = platform::MakeSealedMemfd(text);
  if (!memfd) return std::move(memfd).error();
  const std::array fds = {places.root.get(), places.start.get(), memfd->get()};
  parameters = wire::ObjectBuilder().Int("memfd", kMemfdIndex).Take();
  const std::string frame = wire::EncodeCall(wire::kCommandMethod, parameters.get());
  return Ask(root, frame, fds, on_signal);
}

Result<VerdictReply> AskAccount(std::string_view root, const AccountCall& call) {
  const wire::Json parameters = wire::EncodeAccount(call);
  const std::string frame = wire::EncodeCall(wire::kAccountMethod, parameters.get());
  const bool is_sudo = call.door == core::Door::kSudo;
  return Ask(root, frame, {}, is_sudo ? OnSignal::kGiveUp : OnSignal::kGoOn);
}

Result<AskState> AskForRole(std::string_view root, const AskCall& call,
                            const std::function<void(const AskState&)>& on_state) {
  const Deadline deadline = Deadline::After(kMaxSilence);
  Result<Connection> agent =
      Connection::Open(platform::MakePaths(root).check_socket, deadline, OnSignal::kGiveUp);
  if (!agent) return std::move(agent).error();
  const wire::Json parameters = wire::EncodeAsk(call);
  const std::string frame =
      wire::EncodeCall(wire::kAskMethod, parameters.get(), wire::Wants::kMore);
  if (Result<void> sent = agent->Send(frame, {}, deadline); !sent) return std::move(sent).error();
  while (true) {
    Result<wire::Reply> reply = agent->Receive(Deadline::After(kMaxWaitSilence));
    if (!reply) return std::move(reply).error();
    Result<AskState> state = wire::ParseAskState(reply->parameters.get());
    if (!state || !reply->continues) return state;
    on_state(*state);
  }
}

Result<Watch> Watch::Open(std::string_view root, uint32_t pid) {
  const Deadline deadline = Deadline::After(kMaxSilence);
  Result<Connection> agent =
      Connection::Open(platform::MakePaths(root).check_socket, deadline, OnSignal::kGiveUp);
  if (!agent) return std::move(agent).error();
  const wire::Json parameters = wire::EncodeWatch({.pid = pid});
  const std::string frame =
      wire::EncodeCall(wire::kWatchMethod, parameters.get(), wire::Wants::kMore);
  if (Result<void> sent = agent->Send(frame, {}, deadline); !sent) return std::move(sent).error();
  Result<wire::Reply> reply = agent->Receive(deadline);
  if (!reply) return std::move(reply).error();
  Result<wire::WatchEvent> event = wire::ParseWatchEvent(reply->parameters.get());
  if (!event) return std::move(event).error();
  if (event->event != wire::WatchEventKind::kWatching || !reply->continues) {
    return Error{Reason::kProtocol, "the agent did not say that it watches", {}};
  }
  return Watch(*std::move(agent));
}

Result<void> Watch::SendStarted(uint64_t query) {
  const wire::Json parameters = wire::EncodeStarted({.query = query});
  const std::string frame =
      wire::EncodeCall(wire::kStartedMethod, parameters.get(), wire::Wants::kNothing);
  return connection_.Send(frame, {}, Deadline::After(kMaxSilence));
}

void Watch::SendEnded(const EndedCall& call) {
  const wire::Json parameters = wire::EncodeEnded(call);
  const std::string frame =
      wire::EncodeCall(wire::kEndedMethod, parameters.get(), wire::Wants::kNothing);
  const Result<void> sent = connection_.Send(frame, {}, Deadline::After(kMaxSilence));
  static_cast<void>(sent);
}

}  // namespace daypass::client
