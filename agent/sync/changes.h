// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The long-poll: asks the server over and over whether something has changed for this host. The
// answer says only that; what it was is asked by the stages.
//
//   1. MUST give up a connection on which nothing comes for the wait and ten seconds more: it is
//      dead, and a revocation would wait behind it.
//   2. MUST NOT spin, whatever the server answers.
#pragma once

#include <functional>

#include "agent/sync/backoff.h"
#include "agent/sync/server_link.h"
#include "platform/event_loop.h"

namespace daypass::agent {

class ChangePoll {
 public:
  /// `wait`: how long the server may hold a question. `silence`: beyond that, the line is dead.
  ChangePoll(platform::EventLoop& loop, ServerLink& server, std::function<uint64_t()> random,
             core::Seconds wait, core::Millis silence);

  void Start() { Ask(); }
  /// Asks now if it rests.
  void Hurry();

  std::function<void()> on_change;

 private:
  void Ask();
  void OnAnswer(core::Result<ServerAnswer> answer);
  core::Result<uint64_t> ReadCursor(const wire::Json& body) const;

  platform::EventLoop& loop_;
  ServerLink& server_;
  std::function<uint64_t()> random_;
  core::Seconds wait_;
  core::Millis silence_;
  uint64_t cursor_ = 0;
  core::Millis asked_at_{0};
  unsigned quick_answers_ = 0;
  Backoff backoff_;
  platform::EventLoop::Source rest_;
};

}  // namespace daypass::agent
