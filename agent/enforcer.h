// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The enforcer: who runs under which grant, and the end of it. Every sudo holds a Watch connection
// as long as it lives; every command that a grant let through lies in a scope of its own, with all
// its children. When the grant is over, so is everything in the scope.
//
//   1. MUST end what a grant let through when the grant is over, whatever the processes do.
//   2. MUST end a scope whose sudo was killed, and one in which nothing was started in time.
//   3. MUST take up after a restart what the store says was running.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "agent/connection.h"
#include "agent/containment.h"
#include "agent/holdings.h"
#include "agent/ledger.h"
#include "agent/store.h"
#include "agent/time_keeper.h"
#include "platform/event_loop.h"
#include "wire/ipc_check.h"

namespace daypass::agent {

/// Why something was ended, as records say it.
enum class EndedBy : uint8_t { kSelf, kWindow, kRevocation, kDrop, kKilled, kAgent };
std::string_view EndedByName(EndedBy by);

class Enforcer {
 public:
  Enforcer(platform::EventLoop& loop, Store& store, Ledger& ledger, Holdings& holdings,
           TimeKeeper& time, Containment& containment);

  /// Takes up live commands of before a restart, and ends those that no longer hold.
  core::Result<void> Load();

  /// A sudo that will live as long as this connection.
  void Watch(const std::shared_ptr<Connection>& connection);
  bool IsWatched(const platform::ProcessHandle& process) const;
  /// The real uid that the watched sudo had at its start, when it had not yet changed it.
  std::optional<uid_t> WatchedUid(const platform::ProcessHandle& process) const;

  /// Inside the transaction of the allow: what is about to run.
  core::Result<void> AddLive(const LiveRow& live);
  /// After it: places the waiting sudo into its scope. No scope, no allow.
  void Contain(const LiveRow& live, const platform::ProcessHandle& process,
               std::function<void(core::Result<void>)> done);
  bool HasLive(const platform::ProcessHandle& process) const;

  void OnStarted(const platform::ProcessHandle& process, const wire::StartedCall& call);
  void OnEnded(const platform::ProcessHandle& process, const wire::EndedCall& call);

  /// Looks at every window and every live command; ends what is over. Cheap; call it after each
  /// change of what this host holds.
  void Review();

  const std::map<uint64_t, LiveRow>& live() const { return live_; }
  /// Told when a window ended, for those who wait.
  std::function<void()> on_change;

 private:
  struct Watched {
    uint64_t start_ticks = 0;
    uid_t real_uid = 0;
    std::shared_ptr<Connection> connection;
  };
  /// What lives beside a live row and is lost with the process.
  struct Guard {
    platform::ProcessHandle process;
    platform::EventLoop::Source exit;      // after a restart: the Watch is gone
    platform::EventLoop::Source deadline;  // for the start
    bool has_reported_end = false;
  };

  void OnWatchClosed(pid_t pid, uint64_t start_ticks);
  void OnEmpty(const std::string& scope);
  core::Result<void> EndUnknown(const std::vector<LiveRow>& known);
  void AdoptOne(const LiveRow& live);
  std::optional<LiveRow> FindExtended(const core::Snapshot& snapshot, const LiveRow& live) const;
  bool Extend(const core::Snapshot& snapshot, LiveRow& live);
  void End(const LiveRow& live, EndedBy by);
  void Forget(uint64_t query);
  void LatchEnds(const core::Snapshot& snapshot);
  void ForgetOld(core::Instant before);
  core::Result<void> LatchEnd(core::Grant& grant);
  void Schedule();
  wire::Record MakeRecord(std::string event, const LiveRow& live) const;
  void Note(wire::Record record);

  platform::EventLoop& loop_;
  Store& store_;
  Ledger& ledger_;
  Holdings& holdings_;
  TimeKeeper& time_;
  Containment& containment_;
  std::map<pid_t, Watched> watched_;
  std::map<uint64_t, LiveRow> live_;
  std::map<uint64_t, Guard> guards_;
  platform::EventLoop::Source alarm_;
  core::Millis forget_next_{0};
};

}  // namespace daypass::agent
