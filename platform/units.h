// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Units: asks systemd for scopes, from the event loop, with a deadline. The bus is opened when
// first needed and again after it was lost: the agent may be up before the bus is.
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/event_loop.h"

namespace daypass::platform {

struct ScopeRequest {
  std::string name;   ///< "daypass-<grant>-<n>.scope"
  std::string slice;  ///< "user-1000.slice": elsewhere pam_systemd steals the processes back
  std::string description;
  std::vector<pid_t> pids;
  bool send_hangup = true;           ///< SIGHUP after SIGTERM when stopped: for shells
  core::Millis stop_timeout{5'000};  ///< from SIGTERM to SIGKILL
  /// RuntimeMaxSec: the backstop for a dead agent.
  std::optional<core::Millis> longest = std::nullopt;
};

class Units {
 public:
  using Callback = std::function<void(core::Result<void>)>;

  /// `loop` must outlive it. `bus_address`: for tests; empty for the system bus.
  explicit Units(EventLoop& loop, std::string bus_address = "");
  Units(const Units&) = delete;
  Units& operator=(const Units&) = delete;
  Units(Units&&) = delete;
  Units& operator=(Units&&) = delete;
  ~Units();

  // Each calls back exactly once, from the loop, never before the call returns; not at all after
  // the object is gone. Faults: kContainmentFailed (systemd says no, or cannot be asked), kTooLate
  // (no answer by then; what systemd does later is for the caller to look after).

  /// Done when the pids are in the scope.
  void StartScope(const ScopeRequest& request, core::Millis patience, Callback callback);
  /// Done when the unit is stopped. A unit that is not there counts as stopped.
  void StopUnit(const std::string& name, core::Millis patience, Callback callback);
  /// Sends a signal to every process of the unit.
  void KillUnit(const std::string& name, int signal, core::Millis patience, Callback callback);

 private:
  class Bus;
  std::unique_ptr<Bus> bus_;
};

}  // namespace daypass::platform
