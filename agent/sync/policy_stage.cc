// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/sync/policy_stage.h"

#include <algorithm>
#include <string>

#include "agent/sync/documents.h"
#include "wire/limits.h"

namespace daypass::agent {
namespace {

constexpr size_t kMaxEnvelope = wire::kMaxPolicyBytes + wire::kMaxPolicyBytes / 8;
constexpr ServerLink::Limits kLimits{.timeout = core::Millis{60'000},
                                     .max_bytes = 3 * kMaxEnvelope};  // escaped as JSON

constexpr uint64_t kLongestWalk = 1000;

/// Reasons that say nothing about the document: the host's own, or that it was not there.
bool MayPass(core::Reason reason) {
  return reason == core::Reason::kStoreUnavailable || reason == core::Reason::kInternal ||
         reason == core::Reason::kNotFound;
}

}  // namespace

uint64_t PolicyStage::Target() const {
  if (ends_.state.policy_version == 0) return pinned_;
  return std::max(heard_, ends_.state.policy_wanted);
}

void PolicyStage::Hear(uint64_t version) {
  if (version > heard_) Forget();
  heard_ = std::max(heard_, version);
}

void PolicyStage::Run(Done done) {
  if (!HasWork()) return done({});
  if (refusal_) return done(*refusal_);
  const uint64_t target = Target();
  const uint64_t held = ends_.state.policy_version;
  Fetch(target, [this, target, held, done = std::move(done)](core::Result<Verdict> verdict) {
    if (!verdict) return done(std::move(verdict).error());
    if (verdict->is_taken) {
      Take(target);
      return done({});
    }
    // Anybody may have made it up. What a status says is asked for again.
    if (verdict->reason == core::Reason::kNotFound) heard_ = 0;
    const bool may_walk = held > 0 && target > held + 1 && target - held <= kLongestWalk;
    if (may_walk && verdict->reason == core::Reason::kBelowThreshold) {
      return Walk(held + 1, target, done);
    }
    Refuse(*verdict, done);
  });
}

void PolicyStage::Walk(uint64_t version, uint64_t last, Done done) {
  Fetch(version, [this, version, last, done = std::move(done)](core::Result<Verdict> verdict) {
    if (!verdict) return done(std::move(verdict).error());
    if (verdict->is_taken) Take(version);
    if (version < last) return Walk(version + 1, last, done);
    verdict->is_taken ? done({}) : Refuse(*verdict, done);
  });
}

void PolicyStage::Take(uint64_t version) {
  ends_.state.policy_version = version;  // the decider's own word on it is under way
  if (on_taken) on_taken();
}

void PolicyStage::Refuse(const Verdict& verdict, const Done& done) {
  core::Error error{verdict.reason, verdict.text, {}};
  if (!MayPass(verdict.reason)) refusal_ = error;
  done(std::move(error));
}

void PolicyStage::Fetch(uint64_t version, OnVerdict on_verdict) {
  ends_.server.Get(
      "/v1/host/policies/" + std::to_string(version), kLimits,
      [this, version, on_verdict = std::move(on_verdict)](core::Result<ServerAnswer> answer) {
        HandOver(version, std::move(answer), on_verdict);
      });
}

void PolicyStage::HandOver(uint64_t version, core::Result<ServerAnswer> answer,
                           OnVerdict on_verdict) {
  if (!answer) return on_verdict(std::move(answer).error());
  if (answer->refusal) {
    // No such version: numbers may be left out. Anything else is the server's own trouble.
    if (answer->refusal->code != core::Reason::kNotFound) return on_verdict(*answer->refusal);
    const std::string text = "the server has no policy version " + std::to_string(version);
    return on_verdict(Verdict{false, core::Reason::kNotFound, text});
  }
  const core::Result<std::string> envelope = ReadEnvelope(answer->body, kMaxEnvelope);
  if (!envelope) return on_verdict(envelope.error());
  ends_.agent.Put("policy", *envelope, std::move(on_verdict));
}

}  // namespace daypass::agent
