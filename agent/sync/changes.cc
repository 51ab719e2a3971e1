// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/sync/changes.h"

#include <algorithm>
#include <string>
#include <utility>

#include "platform/clock.h"
#include "wire/json_reader.h"

namespace daypass::agent {
namespace {

constexpr core::Millis kQuick{1000};
constexpr core::Millis kNewsRest{100};
constexpr unsigned kMostQuickAnswers = 5;  // in a row, before the server is given a rest

}  // namespace

ChangePoll::ChangePoll(platform::EventLoop& loop, ServerLink& server,
                       std::function<uint64_t()> random, core::Seconds wait, core::Millis silence)
    : loop_(loop), server_(server), random_(std::move(random)), wait_(wait), silence_(silence) {}

void ChangePoll::Hurry() {
  if (rest_) Ask();
}

void ChangePoll::Ask() {
  rest_ = {};
  asked_at_ = platform::BootTime();
  server_.Get("/v1/host/changes?after=" + std::to_string(cursor_) +
                  "&wait=" + std::to_string(wait_.count()),
              {.timeout = wait_ + silence_},
              [this](core::Result<ServerAnswer> answer) { OnAnswer(std::move(answer)); });
}

core::Result<uint64_t> ChangePoll::ReadCursor(const wire::Json& body) const {
  wire::ObjectReader in(body.get(), wire::UnknownKeys::kIgnore);
  const auto cursor = static_cast<uint64_t>(in.Int("cursor", 0, wire::kMaxJsonInt));
  if (auto done = in.Finish(); !done) return std::move(done).error();
  return cursor;
}

void ChangePoll::OnAnswer(core::Result<ServerAnswer> answer) {
  core::Result<wire::Json> body = BodyOf(std::move(answer));
  core::Millis rest{0};
  core::Result<uint64_t> cursor = body ? ReadCursor(*body) : std::move(body).error();
  if (cursor) {
    backoff_.Reset();
    const bool is_quick = platform::BootTime() - asked_at_ < kQuick;
    quick_answers_ = is_quick ? quick_answers_ + 1 : 0;
    // Without news that is a fault; with news, a busy day.
    if (quick_answers_ > kMostQuickAnswers) rest = *cursor == cursor_ ? kQuick : kNewsRest;
  } else {
    rest = server_.Pause() + backoff_.Next(random_());
  }
  auto timer = loop_.AfterMonotonic(rest, [this] { Ask(); });
  if (timer) rest_ = std::move(*timer);
  if (cursor && std::exchange(cursor_, *cursor) != *cursor && on_change) on_change();
}

}  // namespace daypass::agent
