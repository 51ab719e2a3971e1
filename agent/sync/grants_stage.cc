// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/sync/grants_stage.h"

#include <algorithm>
#include <array>

#include "agent/sync/documents.h"
#include "wire/digest.h"
#include "wire/envelope.h"
#include "wire/json_reader.h"
#include "wire/limits.h"

namespace daypass::agent {
namespace {

constexpr size_t kMaxEnvelope =
    wire::kMaxStatementBytes + wire::kMaxSignatures * wire::kMaxSignatureBytes + 256;
constexpr wire::Count kMaxGrants{0, 100'000};
constexpr ServerLink::Limits kLimits{.timeout = core::Millis{60'000}, .max_bytes = 64UL << 20};
constexpr size_t kMaxKnown = 100'000;
constexpr unsigned kMaxTries = 10;

/// Reasons that may pass while everything stays as it is: the host learns the time, the account is
/// made, the store gets room.
constexpr std::array kPassing = {core::Reason::kTimeUnknown, core::Reason::kWrongSubject,
                                 core::Reason::kSuspended, core::Reason::kStoreUnavailable,
                                 core::Reason::kInternal};

}  // namespace

void GrantsStage::Forget() {
  known_.clear();
  cursor_ = 0;
}

bool GrantsStage::MakeDue(bool (*is_due)(const Outcome& outcome)) {
  bool any = false;
  for (auto& [digest, outcome] : known_) {
    if (outcome.is_taken || !is_due(outcome)) continue;
    any = outcome.is_due = true;
  }
  if (any) cursor_ = 0;  // the server tells all of them again
  return any;
}

bool GrantsStage::Reconsider() {
  return MakeDue([](const Outcome&) { return true; });
}

bool GrantsStage::ReconsiderPassing() {
  return MakeDue([](const Outcome& outcome) {
    return outcome.tries < kMaxTries &&
           std::ranges::find(kPassing, outcome.reason) != kPassing.end();
  });
}

void GrantsStage::Run(Done done) {
  if (ends_.state.policy_version == 0) return done({});  // nothing could be judged by
  ends_.server.Get("/v1/host/grants?after=" + std::to_string(cursor_), kLimits,
                   [this, done = std::move(done)](core::Result<ServerAnswer> answer) {
                     OnList(std::move(answer), done);
                   });
}

void GrantsStage::OnList(core::Result<ServerAnswer> answer, const Done& done) {
  const core::Result<wire::Json> body = BodyOf(std::move(answer));
  if (!body) return done(body.error());
  core::Result<std::vector<Grant>> list = ReadList(*body, cursor_after_list_);
  if (!list) return done(std::move(list).error());
  list_ = std::move(*list);
  HandOver(0, done);
}

core::Result<std::vector<GrantsStage::Grant>> GrantsStage::ReadList(const wire::Json& body,
                                                                    uint64_t& cursor) const {
  wire::ObjectReader in(body.get(), wire::UnknownKeys::kIgnore);
  cursor = static_cast<uint64_t>(in.Int("cursor", 0, wire::kMaxJsonInt));
  std::vector<Grant> list;
  in.Objects("grants", kMaxGrants, [&](wire::ObjectReader& grant) {
    (void)grant.Has("id");  // the decider finds its own
    std::string envelope = grant.String("envelope", wire::StringRule{1, kMaxEnvelope});
    core::Digest digest = wire::Sha256Hex(envelope);
    auto known = known_.find(digest);
    if (known != known_.end() && !known->second.is_due) return;
    list.push_back({std::move(digest), std::move(envelope)});
  });
  if (auto done = in.Finish(); !done) return std::move(done).error();
  return list;
}

void GrantsStage::HandOver(size_t index, Done done) {
  if (index == list_.size()) {
    list_.clear();
    cursor_ = cursor_after_list_;
    return done({});
  }
  ends_.agent.Put(
      "grant", list_[index].envelope,
      [this, index, done = std::move(done)](const core::Result<AgentLink::Verdict>& verdict) {
        if (!verdict) return done(verdict.error());
        Note(list_[index], *verdict);
        HandOver(index + 1, done);
      });
}

void GrantsStage::Note(const Grant& grant, const AgentLink::Verdict& verdict) {
  if (known_.size() >= kMaxKnown) known_.clear();
  Outcome& outcome = known_[grant.digest];
  outcome = {verdict.is_taken, verdict.reason, outcome.tries + 1, false};
  if (!verdict.is_taken && on_policy_named) on_policy_named(PolicyNamedByGrant(grant.envelope));
}

}  // namespace daypass::agent
