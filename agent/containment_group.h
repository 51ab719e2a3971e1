// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What both ways of containment do with a scope's control group, whoever made it: end it, look into
// it, wait for it to be empty. A group that is gone counts as ended and empty.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "core/result.h"
#include "platform/event_loop.h"
#include "platform/fd.h"
#include "platform/process.h"

namespace daypass::agent {

/// Whether a group is at `path`.
bool IsGroup(const std::string& path);

/// Kills everything in the group at `path`.
core::Result<void> EndGroup(const std::string& path);

core::Result<bool> IsGroupPopulated(const std::string& path);

/// Whether the process is in the group at `path`, and is still the one that we mean.
core::Result<void> CheckIsInGroup(const std::string& path, const platform::ProcessHandle& process);

/// Calls that are made from the loop, in order, so that nobody is called back from inside a call.
class LaterCalls {
 public:
  explicit LaterCalls(platform::EventLoop& loop) : loop_(loop) {}
  LaterCalls(const LaterCalls&) = delete;
  LaterCalls& operator=(const LaterCalls&) = delete;
  LaterCalls(LaterCalls&&) = delete;
  LaterCalls& operator=(LaterCalls&&) = delete;
  ~LaterCalls() = default;

  void Add(std::function<void()> call);

 private:
  void Run();

  platform::EventLoop& loop_;
  platform::EventLoop::Source turn_;
  std::deque<std::function<void()>> calls_;
};

/// Waits for groups to be empty, one callback for each name.
class EmptyWatches {
 public:
  explicit EmptyWatches(platform::EventLoop& loop) : loop_(loop) {}
  EmptyWatches(const EmptyWatches&) = delete;
  EmptyWatches& operator=(const EmptyWatches&) = delete;
  EmptyWatches(EmptyWatches&&) = delete;
  EmptyWatches& operator=(EmptyWatches&&) = delete;
  ~EmptyWatches() = default;

  /// See Containment::WhenEmpty. `path`: of the group; empty or of none: it is gone.
  core::Result<void> Add(const std::string& name, const std::string& path,
                         std::function<void()> callback);

 private:
  struct Watch {
    platform::Fd events;
    platform::EventLoop::Source change;
    platform::EventLoop::Source look;  // at once, and again after a fault
    std::function<void()> callback;
  };

  void Look(const std::string& name);

  platform::EventLoop& loop_;
  std::map<std::string, Watch> watches_;
};

}  // namespace daypass::agent
