// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/waiters.h"

#include "agent/user_views.h"

namespace daypass::agent {
namespace {

constexpr core::Millis kSecond{1000};

}  // namespace

Waiters::Waiters(platform::EventLoop& loop, const Holdings& holdings, const Requests& requests,
                 const TimeKeeper& time)
    : loop_(loop), holdings_(holdings), requests_(requests), time_(time) {}

void Waiters::Add(const std::shared_ptr<Connection>& connection, const core::Digest& id) {
  std::erase_if(waiting_, [&](const Waiting& one) { return one.connection == connection; });
  waiting_.push_back({connection, id});
  if (!Tell(waiting_.back())) waiting_.pop_back();
  if (!second_) TellEachSecond();
}

/// How the request stands. Returns whether there is more to wait for.
bool Waiters::Tell(const Waiting& waiting) {
  if (!waiting.connection->is_open()) return false;
  const core::Snapshot snapshot = holdings_.MakeSnapshot(time_.View().now, time_.status_time());
  const RequestView view = ViewRequest(waiting.id, holdings_, requests_, snapshot);
  waiting.connection->Reply(EncodeRequestView(view).get(), /*continues=*/!view.is_settled);
  return !view.is_settled && waiting.connection->is_open();
}

void Waiters::TellAll() {
  std::erase_if(waiting_, [this](const Waiting& waiting) { return !Tell(waiting); });
}

/// A sign of life, as long as anybody waits.
void Waiters::TellEachSecond() {
  second_ = {};
  TellAll();
  if (waiting_.empty()) return;
  auto timer =
      loop_.AfterMonotonic(kSecond, [this] { TellEachSecond(); }, platform::Priority::kLast);
  if (timer) second_ = std::move(*timer);
}

}  // namespace daypass::agent
