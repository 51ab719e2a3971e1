// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/sync/agent_link.h"

#include <utility>

#include "platform/memfd.h"
#include "wire/json_reader.h"
#include "wire/limits.h"

namespace daypass::agent {
namespace {

constexpr core::Millis kRetryAfter{500};
constexpr std::string_view kInterface = "org.daypass.Courier.";

}  // namespace

core::Result<AgentLink::Verdict> ReadVerdict(const wire::Json& answer) {
  wire::ObjectReader in(answer.get(), wire::UnknownKeys::kIgnore);
  AgentLink::Verdict verdict;
  verdict.is_taken = in.Bool("ok");
  verdict.text = in.OptString("text", wire::StringRule{0, wire::kMaxMessageBytes}).value_or("");
  const std::string reason = in.OptString("reason", wire::kName).value_or("");
  verdict.reason = core::ParseReason(reason).value_or(core::Reason::kInternal);
  if (auto done = in.Finish(); !done) return std::move(done).error();
  return verdict;
}

AgentLink::AgentLink(platform::EventLoop& loop, std::string socket, uid_t owner,
                     core::Millis answer_within, FaultLog& log)
    : loop_(loop),
      socket_(std::move(socket)),
      owner_(owner),
      answer_within_(answer_within),
      log_(log) {}

void AgentLink::Start() {
  Connect();
}

AgentLink::Opened AgentLink::Open(void (AgentLink::*on_reply)(wire::Reply),
                                  AgentConnection::OnEnd on_end) {
  return AgentConnection::Open(
      loop_, socket_, owner_,
      [this, on_reply](wire::Reply reply) { (this->*on_reply)(std::move(reply)); },
      std::move(on_end));
}

void AgentLink::Connect() {
  retry_ = {};
  Opened stream = Open(&AgentLink::OnState, [this](const core::Error& error) { Lose(error); });
  if (!stream) return Lose(stream.error());
  stream_ = std::move(*stream);
  is_new_ = true;
  stream_->Send(wire::EncodeCall("org.daypass.Courier.State", nullptr, wire::Wants::kMore), {});
  AskNext();
}

void AgentLink::Lose(const core::Error& error) {
  log_.Fault("decider", error, "asking again until it answers; is daypassd running?");
  if (stream_) stream_->Close();
  if (calls_) calls_->Close();
  auto retry = loop_.AfterMonotonic(kRetryAfter, [this] { Connect(); });
  if (retry) retry_ = std::move(*retry);
  if (asked_) Finish(core::Error{core::Reason::kAgentSilent, error.what, {}});
}

void AgentLink::OnState(wire::Reply reply) {
  if (!reply.error.empty()) return Lose(wire::ErrorOf(reply));
  core::Result<HostState> state = ParseHostState(reply.parameters.get());
  if (!state) return Lose(state.error());
  log_.Fine("decider");
  if (on_state) on_state(*state, std::exchange(is_new_, false));
}

void AgentLink::OnAnswer(wire::Reply reply) {
  if (!asked_) return Lose({core::Reason::kProtocol, "daypassd answered what nobody asked", {}});
  if (!reply.error.empty()) return Finish(wire::ErrorOf(reply));
  Finish(std::move(reply.parameters));
}

void AgentLink::Finish(core::Result<wire::Json> answer) {
  silence_ = {};
  const Callback callback = *std::exchange(asked_, std::nullopt);
  callback(std::move(answer));
  AskNext();
}

void AgentLink::AskNext() {
  const bool is_up = stream_ && stream_->is_open();
  if (!is_up || asked_ || waiting_.empty()) return;
  if (!calls_ || !calls_->is_open()) {
    Opened calls = Open(&AgentLink::OnAnswer, [this](const core::Error& error) {
      if (asked_) Lose(error);
    });
    if (!calls) return Lose(calls.error());
    calls_ = std::move(*calls);
  }
  Question question = std::move(waiting_.front());
  waiting_.pop_front();
  asked_ = std::move(question.callback);
  auto silence = loop_.AfterMonotonic(answer_within_, [this] {
    Lose({core::Reason::kAgentSilent, "daypassd does not answer", {}});
  });
  if (silence) silence_ = std::move(*silence);
  calls_->Send(question.frame, std::move(question.document));
}

void AgentLink::Enqueue(Question question) {
  waiting_.push_back(std::move(question));
  AskNext();
}

void AgentLink::Ask(std::string_view method, const wire::ObjectBuilder& parameters,
                    Callback callback) {
  const wire::Json json = parameters.Share();
  Enqueue({wire::EncodeCall(std::string(kInterface) + std::string(method), json.get()),
           std::nullopt, std::move(callback)});
}

void AgentLink::Put(std::string_view type, std::string_view envelope, PutCallback callback) {
  core::Result<platform::Fd> document = platform::MakeSealedMemfd(envelope);
  if (!document) return callback(std::move(document).error());
  const wire::Json json = wire::ObjectBuilder().String("type", type).Take();
  Enqueue({wire::EncodeCall("org.daypass.Courier.Put", json.get()), std::move(*document),
           [callback = std::move(callback)](core::Result<wire::Json> answer) {
             if (!answer) return callback(std::move(answer).error());
             callback(ReadVerdict(*answer));
           }});
}

}  // namespace daypass::agent
