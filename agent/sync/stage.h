// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// A stage: one kind of thing that is carried between decider and server, with what it remembers of
// it. When it runs, and again after a failure, is the Schedule's.
#pragma once

#include <functional>
#include <string_view>

#include "agent/sync/agent_link.h"
#include "agent/sync/host_state.h"
#include "agent/sync/server_link.h"
#include "core/result.h"

namespace daypass::agent {

/// What every stage works with.
struct Ends {
  AgentLink& agent;
  ServerLink& server;
  HostState state;  ///< the newest that the decider has told
};

class Stage {
 public:
  explicit Stage(Ends& ends) : ends_(ends) {}
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  Stage(Stage&&) = delete;
  Stage& operator=(Stage&&) = delete;
  virtual ~Stage() = default;

  /// For messages: "status".
  virtual std::string_view Name() const = 0;

  using Done = std::function<void(core::Result<void>)>;
  /// Carries what there is to carry, and calls `done` once; not run again before.
  virtual void Run(Done done) = 0;

 protected:
  Ends& ends_;
};

}  // namespace daypass::agent
