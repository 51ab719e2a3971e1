// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/sync/requests_stage.h"

#include <algorithm>
#include <array>
#include <utility>

#include "wire/envelope.h"
#include "wire/json_reader.h"
#include "wire/limits.h"
#include "wire/string_rule.h"

namespace daypass::agent {
namespace {

constexpr size_t kMaxEnvelope = wire::kMaxStatementBytes + wire::kMaxSignatureBytes + 256;
constexpr wire::Count kMaxRequests{0, 1000};
constexpr wire::StringRule kAnyText{0, 64 * 1024};
constexpr ServerLink::Limits kLimits{};
constexpr std::string_view kPending = "pending";

/// Refusals that are not about the request: the host is not known any more, the server has no
/// policy.
constexpr std::array kNotAboutIt = {core::Reason::kNotSignedIn, core::Reason::kNotYours,
                                    core::Reason::kPolicyMissing, core::Reason::kInternal,
                                    core::Reason::kStoreUnavailable};

bool IsAboutRequest(const core::Error& refusal) {
  return std::ranges::find(kNotAboutIt, refusal.code) == kNotAboutIt.end();
}

/// What the decider takes: one line or a few, of limited length.
std::string Presentable(const std::string& text) {
  return wire::Visible(text).substr(0, wire::kMaxReasonBytes);
}

}  // namespace

void RequestsStage::Run(Done done) {
  ends_.agent.Ask("TakeRequests", wire::ObjectBuilder(),
                  [this, done = std::move(done)](const core::Result<wire::Json>& taken) {
                    OnTaken(taken, done);
                  });
}

void RequestsStage::OnTaken(const core::Result<wire::Json>& taken, Done done) {
  if (!taken) return done(taken.error());
  wire::ObjectReader in(taken->get(), wire::UnknownKeys::kIgnore);
  to_deliver_.clear();
  in.Objects("requests", kMaxRequests, [&](wire::ObjectReader& request) {
    to_deliver_.push_back(
        {request.String("id", wire::kDigest), request.Bytes("envelope_b64", kMaxEnvelope)});
  });
  // Delivered before this courier was started, and without an end so far.
  if (in.Has("open")) {
    for (std::string& id : in.Strings("open", wire::kDigest, kMaxRequests)) {
      open_.try_emplace(std::move(id));
    }
  }
  if (auto read = in.Finish(); !read) return done(std::move(read).error());
  Deliver(0, std::move(done));
}

void RequestsStage::Deliver(size_t index, Done done) {
  if (index == to_deliver_.size()) return AskOpen(done);
  ends_.server.Post("/v1/host/requests",
                    wire::ObjectBuilder().String("envelope", to_deliver_[index].envelope), kLimits,
                    [this, index, done = std::move(done)](core::Result<ServerAnswer> answer) {
                      OnDelivered(index, std::move(answer), done);
                    });
}

void RequestsStage::OnDelivered(size_t index, core::Result<ServerAnswer> answer, const Done& done) {
  if (!answer) return done(std::move(answer).error());
  Standing standing{"refused", {}};
  if (answer->refusal) {
    if (!IsAboutRequest(*answer->refusal)) return done(*answer->refusal);
    standing.text = answer->refusal->what;
  } else {
    core::Result<Standing> read = ReadStanding(answer->body);
    if (!read) return done(std::move(read).error());
    standing = std::move(*read);
    if (standing.text.empty() && standing.state == kPending) standing.text = "waits for approval";
  }
  Tell(to_deliver_[index].id, standing, [this, index, done](core::Result<void> told) {
    if (!told) return done(std::move(told));
    Deliver(index + 1, done);
  });
}

core::Result<RequestsStage::Standing> RequestsStage::ReadStanding(const wire::Json& body) {
  wire::ObjectReader in(body.get(), wire::UnknownKeys::kIgnore);
  Standing standing{in.String("state", wire::kName), in.OptString("text", kAnyText).value_or("")};
  if (auto done = in.Finish(); !done) return std::move(done).error();
  return standing;
}

void RequestsStage::AskOpen(const Done& done) {
  to_deliver_.clear();
  if (!std::exchange(asks_again_, false)) return done({});
  std::vector<core::Digest> ids;
  ids.reserve(open_.size());
  for (const auto& [id, told] : open_) ids.push_back(id);
  AskNext(std::move(ids), done);
}

void RequestsStage::AskNext(std::vector<core::Digest> ids, const Done& done) {
  if (ids.empty()) return done({});
  const core::Digest id = std::move(ids.back());
  ids.pop_back();
  const auto go_on = [this, ids = std::move(ids), done](core::Result<void> told) {
    if (told) return AskNext(ids, done);
    asks_again_ = true;
    done(std::move(told));
  };
  ends_.server.Get("/v1/host/requests/" + id, kLimits,
                   [this, id, go_on](core::Result<ServerAnswer> answer) {
                     if (!answer) return go_on(std::move(answer).error());
                     if (answer->refusal && IsAboutRequest(*answer->refusal)) {
                       return Tell(id, {"refused", answer->refusal->what}, go_on);
                     }
                     const core::Result<wire::Json> body = BodyOf(std::move(answer));
                     if (!body) return go_on(body.error());
                     core::Result<Standing> standing = ReadStanding(*body);
                     if (!standing) return go_on(std::move(standing).error());
                     Tell(id, *standing, go_on);
                   });
}

void RequestsStage::Tell(const core::Digest& id, const Standing& standing, Done done) {
  const auto known = open_.find(id);
  const bool is_news = known == open_.end() || known->second != standing.state + standing.text;
  if (!is_news) return done({});
  wire::ObjectBuilder parameters;
  parameters.String("id", id)
      .String("state", standing.state)
      .String("text", Presentable(standing.text));
  ends_.agent.Ask("Answered", parameters,
                  [this, id, standing, done = std::move(done)](core::Result<wire::Json> answer) {
                    if (!answer) return done(std::move(answer).error());
                    if (standing.state == kPending) {
                      open_[id] = standing.state + standing.text;
                    } else {
                      open_.erase(id);
                    }
                    done({});
                  });
}

}  // namespace daypass::agent
