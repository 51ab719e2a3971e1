// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Containment: puts a process where all that it will ever start can be ended: setsid, nohup, double
// forks and ignored signals do not leave a control group. Two ways, chosen at start: a scope of
// systemd, or, where there is none, a group of our own. When something must end is for others.
//
//   1. MUST NOT report success unless the process, still alive, was seen in the group.
//   2. MUST give a group the same name again after a restart of the agent, so that it is found.
//   3. MUST NOT wait: systemd is asked with a deadline, and whoever asked is called back.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "platform/event_loop.h"
#include "platform/process.h"

namespace daypass::agent {

/// "daypass-<grant>-<number>.scope". `grant`: the short id. `number`: unique on this host (the
/// number of the decision's record).
std::string ScopeName(std::string_view grant, uint64_t number);

/// What every scope's name begins with; with a grant's short id and "-" behind it, that grant's.
inline constexpr std::string_view kScopePrefix = "daypass-";

/// Whom to contain. `uid`: of the person, whose slice it goes to; elsewhere pam_systemd steals the
/// process back.
struct ContainRequest {
  std::string grant;
  uint64_t number = 0;
  uid_t uid = 0;
};

class Containment {
 public:
  using ContainCallback = std::function<void(core::Result<std::string>)>;

  virtual ~Containment() = default;

  /// Calls back once with the scope's name when `process` (borrowed for the call) is in a scope of
  /// its own; from the loop, never before the call returns, not after the object is gone. Fails:
  /// kContainmentFailed, kTooLate (systemd did not answer within a second). Any fault: no allow.
  virtual void Contain(const ContainRequest& request, const platform::ProcessHandle& process,
                       ContainCallback callback) = 0;

  /// Kills everything in the scope, now and surely. A scope that is gone is no fault.
  /// Fails: kContainmentFailed; the caller tries again.
  virtual core::Result<void> End(const std::string& scope) = 0;

  /// Whether a process is left in it; false for a scope that is gone.
  virtual core::Result<bool> IsPopulated(const std::string& scope) = 0;

  /// The names of the scopes that there are, empty ones too, beginning with `prefix`.
  virtual core::Result<std::vector<std::string>> List(std::string_view prefix = kScopePrefix) = 0;

  /// Takes an empty scope away. One that is gone is no fault. Fails: kContainmentFailed
  /// (populated).
  virtual core::Result<void> Remove(const std::string& scope) = 0;

  /// Calls back once, from the loop, when nothing is left in the scope: at once if nothing is, or
  /// if it is gone. A second call for the same scope replaces the first. Fails: kContainmentFailed.
  virtual core::Result<void> WhenEmpty(const std::string& scope,
                                       std::function<void()> callback) = 0;
};

/// Scopes of systemd, if it manages this machine; else groups of our own. `loop` must outlive it.
/// Fails: kContainmentFailed (cgroup v2 is mounted nowhere).
core::Result<std::unique_ptr<Containment>> MakeContainment(platform::EventLoop& loop);

/// The two ways. `mount`: where cgroup v2 is. `bus_address`: for tests; empty for the system bus.
std::unique_ptr<Containment> MakeSystemdContainment(platform::EventLoop& loop,
                                                    const std::string& mount,
                                                    std::string bus_address = "");
std::unique_ptr<Containment> MakeCgroupContainment(platform::EventLoop& loop,
                                                   const std::string& mount);

}  // namespace daypass::agent
