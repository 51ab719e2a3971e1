// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What the shims read from whoever answers in the agent's place: nothing but a whole, exact "allow"
// lets anything pass. PL-13.
#include "wire/ipc_check.h"

#include <jansson.h>

#include "tests/fuzz/target.h"
#include "wire/ipc.h"

namespace daypass::fuzz {

const Reader kReader{.limit = wire::kMaxMessageBytes,
                     .max_input = size_t{8} << 10,
                     .read = [](std::string_view input) { (void)wire::ParseReply(input); }};

namespace {

std::string_view TextOf(const json_t* object, const char* key) {
  const char* text = json_string_value(json_object_get(object, key));
  return text == nullptr ? "" : text;
}

void TryVerdict(const json_t* parameters) {
  const auto verdict = wire::ParseVerdict(parameters);
  if (!verdict) return RequireFit(verdict.error());
  using core::Verdict;
  Require((verdict->effect == Verdict::kAllow) == (TextOf(parameters, "effect") == "allow"),
          "only the word allows");
  Require(verdict->effect == Verdict::kAllow || verdict->effect == Verdict::kDeny,
          "a verdict is one of two");
  Require((verdict->verdict == Verdict::kAllow) == (TextOf(parameters, "verdict") == "allow"),
          "only the word allows");
  Require(wire::IsPlainText(verdict->text) && wire::IsPlainText(verdict->hint),
          "what a terminal is shown does nothing to it");
  Require(verdict->until.has_value() == verdict->remaining.has_value(), "an end has a countdown");
  const wire::Json written = wire::EncodeVerdict(*verdict);
  const auto again = wire::ParseVerdict(written.get());
  Require(again && wire::Dump(wire::EncodeVerdict(*again)) == wire::Dump(written),
          "nothing of a verdict is lost on the way");
}

void TryEvent(const json_t* parameters) {
  const auto event = wire::ParseWatchEvent(parameters);
  if (!event) return RequireFit(event.error());
  Require(wire::IsPlainText(event->text), "what a terminal is shown does nothing to it");
  const wire::Json written = wire::EncodeWatchEvent(*event);
  const auto again = wire::ParseWatchEvent(written.get());
  Require(again && again->event == event->event && again->until == event->until,
          "nothing of an event is lost on the way");
}

void TryAskState(const json_t* parameters) {
  const auto state = wire::ParseAskState(parameters);
  if (!state) return RequireFit(state.error());
  Require(wire::IsPlainText(state->text) && wire::IsPlainText(state->id),
          "what a terminal is shown does nothing to it");
  Require(state->IsGranted() == (TextOf(parameters, "state") == "active"), "only the word grants");
}

}  // namespace

void Try(std::string_view input) {
  const auto reply = wire::ParseReply(input);
  if (!reply) {
    Require(reply.error().code == core::Reason::kProtocol, "a bad reply is no protocol");
    return RequireFit(reply.error());
  }
  Require(reply->parameters != nullptr, "a reply has parameters");
  const core::Error error = wire::ErrorOf(*reply);
  Require(!core::ReasonName(error.code).empty() && !error.what.empty(), "an error has words");
  TryVerdict(reply->parameters.get());
  TryEvent(reply->parameters.get());
  TryAskState(reply->parameters.get());
}

}  // namespace daypass::fuzz
