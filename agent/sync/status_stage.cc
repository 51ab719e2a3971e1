// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/sync/status_stage.h"

#include "agent/sync/documents.h"
#include "wire/json_reader.h"
#include "wire/limits.h"

namespace daypass::agent {
namespace {

constexpr size_t kMaxEnvelope = wire::kMaxStatusBytes + wire::kMaxStatusBytes / 4;
constexpr ServerLink::Limits kLimits{.max_bytes = 3 * kMaxEnvelope};  // escaped as JSON

}  // namespace

void StatusStage::Run(Done done) {
  // Without a policy no status proves anything; the policy's stage goes first and asks again.
  if (ends_.state.policy_version == 0) return done({});
  ends_.agent.Ask("Nonce", wire::ObjectBuilder(),
                  [this, done = std::move(done)](const core::Result<wire::Json>& drawn) {
                    AskServer(drawn, done);
                  });
}

void StatusStage::AskServer(const core::Result<wire::Json>& drawn, Done done) {
  if (!drawn) return done(drawn.error());
  wire::ObjectReader in(drawn->get(), wire::UnknownKeys::kIgnore);
  const std::string number = in.String("number", wire::kHex128);
  if (auto read = in.Finish(); !read) return done(std::move(read).error());
  ends_.server.Post("/v1/host/status", wire::ObjectBuilder().String("number", number), kLimits,
                    [this, done = std::move(done)](core::Result<ServerAnswer> answer) {
                      HandOver(std::move(answer), done);
                    });
}

void StatusStage::HandOver(core::Result<ServerAnswer> answer, Done done) {
  const core::Result<wire::Json> body = BodyOf(std::move(answer));
  if (!body) return done(body.error());
  const core::Result<std::string> envelope = ReadEnvelope(*body, kMaxEnvelope);
  if (!envelope) return done(envelope.error());
  if (on_policy_named) on_policy_named(PolicyNamedByStatus(*envelope));
  ends_.agent.Put("status", *envelope,
                  [this, done = std::move(done)](const core::Result<AgentLink::Verdict>& verdict) {
                    if (!verdict) return done(verdict.error());
                    if (!verdict->is_taken) {
                      return done(core::Error{verdict->reason, verdict->text, {}});
                    }
                    if (on_taken) on_taken();
                    done({});
                  });
}

}  // namespace daypass::agent
