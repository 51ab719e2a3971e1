// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What the courier reads: the server's answers and the decider's.
//
// Input: a JSON body, or an envelope.
#include "agent/sync/agent_link.h"
#include "agent/sync/documents.h"
#include "agent/sync/host_state.h"
#include "tests/fuzz/target.h"
#include "wire/limits.h"

namespace daypass::fuzz {

// The courier's limit for most answers (ServerLink::Limits).
constexpr size_t kMaxBody = size_t{256} << 10;

namespace {

core::Result<wire::Json> ReadBody(std::string_view input) {
  return wire::ParseJson(input, {.max_bytes = kMaxBody, .max_string = kMaxBody});
}

}  // namespace

const Reader kReader{
    .limit = kMaxBody, .max_input = size_t{8} << 10, .read = [](std::string_view input) {
      const auto body = ReadBody(input);
      if (body) (void)agent::ReadEnvelope(*body, wire::kMaxStatementBytes);
    }};

namespace {

constexpr auto kMostVersion = static_cast<uint64_t>(wire::kMaxJsonInt);

void TryEnvelope(std::string_view envelope) {
  Require(agent::PolicyNamedByStatus(envelope) <= kMostVersion, "a version is a number");
  Require(agent::PolicyNamedByGrant(envelope) <= kMostVersion, "a version is a number");
}

void TryState(const json_t* parameters) {
  const auto state = agent::ParseHostState(parameters);
  if (!state) {
    Require(state.error().code == core::Reason::kProtocol, "a bad state is no protocol");
    return RequireFit(state.error());
  }
  Require(wire::IsHex128(state->realm) && wire::IsHostName(state->host), "a host has a name");
  Require(state->records_seq <= kMostVersion && state->policy_wanted <= kMostVersion,
          "a number is one");
}

}  // namespace

void Try(std::string_view input) {
  TryEnvelope(input);
  const auto body = ReadBody(input);
  if (!body) return RequireFit(body.error());
  TryState(body->get());
  if (const auto verdict = agent::ReadVerdict(*body); !verdict) RequireFit(verdict.error());
  const auto envelope = agent::ReadEnvelope(*body, wire::kMaxStatementBytes);
  if (!envelope) return RequireFit(envelope.error());
  Require(!envelope->empty() && envelope->size() <= wire::kMaxStatementBytes,
          "a document keeps to its limit");
  TryEnvelope(*envelope);
}

}  // namespace daypass::fuzz
