// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Which stage runs when: one at a time, and always the first of the list that is wanted, so that a
// status goes before a backlog of records. A stage that fails rests before it is tried again,
// longer each time, and holds nobody up meanwhile.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <vector>

#include "agent/sync/backoff.h"
#include "agent/sync/fault_log.h"
#include "agent/sync/stage.h"
#include "platform/event_loop.h"

namespace daypass::agent {

class Schedule {
 public:
  /// `stages`: the most urgent first; they outlive the schedule. `random`: for the rests.
  Schedule(platform::EventLoop& loop, const ServerLink& server, FaultLog& log,
           std::function<uint64_t()> random, std::initializer_list<Stage*> stages);

  /// These have something to do: now, after the one that runs, or after their rest.
  void Want(std::initializer_list<const Stage*> stages);
  /// Ends all rests: what kept the stages from working is over.
  void Hurry();
  bool IsIdle() const { return !is_running_; }

 private:
  struct Slot {
    Stage* stage;
    bool is_wanted = false;
    bool is_resting = false;
    Backoff backoff;
    platform::EventLoop::Source rest;
  };

  void Step();
  void Finish(Slot& slot, const core::Result<void>& result);
  void Rest(Slot& slot, const core::Error& error);

  platform::EventLoop& loop_;
  const ServerLink& server_;
  FaultLog& log_;
  std::function<uint64_t()> random_;
  std::vector<Slot> slots_;
  bool is_running_ = false;
};

}  // namespace daypass::agent
