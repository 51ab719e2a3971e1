// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/sync/schedule.h"

#include <algorithm>
#include <string>

namespace daypass::agent {

Schedule::Schedule(platform::EventLoop& loop, const ServerLink& server, FaultLog& log,
                   std::function<uint64_t()> random, std::initializer_list<Stage*> stages)
    : loop_(loop), server_(server), log_(log), random_(std::move(random)) {
  for (Stage* stage : stages) slots_.push_back({stage, false, false, {}, {}});
}

void Schedule::Want(std::initializer_list<const Stage*> stages) {
  for (const Stage* stage : stages)
    std::ranges::find(slots_, stage, &Slot::stage)->is_wanted = true;
  Step();
}

void Schedule::Hurry() {
  for (Slot& slot : slots_) {
    slot.is_resting = false;
    slot.rest = {};
  }
  Step();
}

void Schedule::Step() {
  while (!is_running_) {
    auto next = std::ranges::find_if(
        slots_, [](const Slot& slot) { return slot.is_wanted && !slot.is_resting; });
    if (next == slots_.end()) return;
    next->is_wanted = false;
    is_running_ = true;
    next->stage->Run(
        [this, slot = &*next](const core::Result<void>& result) { Finish(*slot, result); });
  }
}

void Schedule::Finish(Slot& slot, const core::Result<void>& result) {
  is_running_ = false;
  if (result) {
    slot.backoff.Reset();
    log_.Fine(std::string(slot.stage->Name()));
  } else {
    Rest(slot, result.error());
  }
  Step();
}

void Schedule::Rest(Slot& slot, const core::Error& error) {
  const core::Millis rest = server_.Pause() + slot.backoff.Next(random_());
  slot.is_wanted = slot.is_resting = true;
  // That the server or the decider is away, their links have told already, once for all stages.
  const bool is_told = server_.IsLost() || error.code == core::Reason::kAgentSilent ||
                       error.code == core::Reason::kTooMany;
  if (!is_told) {
    log_.Fault(std::string(slot.stage->Name()), error,
               "next try in " + std::to_string((rest.count() + 999) / 1000) + " s");
  }
  auto timer = loop_.AfterMonotonic(rest, [this, &slot] {
    slot.is_resting = false;
    Step();
  });
  if (timer) slot.rest = std::move(*timer);
}

}  // namespace daypass::agent
