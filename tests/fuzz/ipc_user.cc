// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What the agent reads on user.sock, from anybody on the host: a call of at most 4 KiB.
#include "agent/user_calls.h"
#include "tests/fuzz/target.h"
#include "wire/ipc.h"
#include "wire/limits.h"

namespace daypass::fuzz {

namespace {

/// As the listener does it: a frame, then the call.
core::Result<wire::Call> ReadCall(std::string_view input) {
  wire::FrameReader frames(wire::kMaxUserMessageBytes);
  if (auto fed = frames.Feed(std::string(input) + '\0'); !fed) return std::move(fed).error();
  return wire::ParseCall(frames.Next().value_or(""));
}

void TryRequest(const json_t* parameters) {
  const auto ask = agent::ParseRequestCall(parameters);
  if (!ask) return RequireFit(ask.error());
  Require(wire::IsName(ask->role), "a role has a name");
  Require(ask->duration > core::Seconds{0} && ask->duration <= wire::kMaxDuration,
          "nobody asks for nothing, or for ever");
  Require(!ask->reason.empty() && ask->reason.size() <= wire::kMaxReasonBytes &&
              wire::IsPlainLine(ask->reason),
          "a reason is a line that reads as it is written");
  Require(ask->ticket.size() <= wire::kMaxTicketBytes && wire::IsPlainLine(ask->ticket),
          "a ticket is a line that reads as it is written");
  Require(ask->start_at.has_value() == (ask->start == core::StartRule::kScheduled),
          "a scheduled start has an instant, and no other");
}

}  // namespace

const Reader kReader{.limit = wire::kMaxUserMessageBytes,
                     .max_input = wire::kMaxUserMessageBytes + 64,
                     .read = [](std::string_view input) {
                       const auto call = ReadCall(input);
                       if (call) (void)agent::ParseRequestCall(call->parameters.get());
                     }};

void Try(std::string_view input) {
  const auto call = ReadCall(input);
  if (!call) return RequireFit(call.error());
  Require(input.size() <= wire::kMaxUserMessageBytes, "a call keeps to its limit");
  TryRequest(call->parameters.get());
  const auto id = agent::ParseIdCall(call->parameters.get());
  if (!id) return RequireFit(id.error());
  Require(!id->empty() && id->size() <= 64 && wire::IsPlainLine(*id), "an id is a short line");
}

}  // namespace daypass::fuzz
