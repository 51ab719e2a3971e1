// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/containment_group.h"

#include <sys/epoll.h>

#include <utility>

#include "platform/cgroup.h"
#include "platform/file.h"

namespace daypass::agent {

using core::Error;
using core::Reason;
using core::Result;

namespace {

constexpr core::Millis kLookAgain{1000};

}  // namespace

bool IsGroup(const std::string& path) {
  return !path.empty() && platform::FileExists(path + "/cgroup.procs");
}

Result<void> EndGroup(const std::string& path) {
  auto group = platform::Cgroup::Open(path);
  if (!group) return IsGroup(path) ? Result<void>(std::move(group).error()) : Result<void>();
  auto killed = group->Kill();
  // It may have emptied and gone between the two.
  if (!killed && IsGroup(path)) return killed;
  return {};
}

Result<bool> IsGroupPopulated(const std::string& path) {
  const auto group = platform::Cgroup::Open(path);
  auto populated = group ? group->IsPopulated() : Result<bool>(group.error());
  if (!populated && !IsGroup(path)) return false;
  return populated;
}

Result<void> CheckIsInGroup(const std::string& path, const platform::ProcessHandle& process) {
  const std::string who = "process " + std::to_string(process.pid);
  const auto group = platform::Cgroup::Open(path);
  if (!group) return group.error();
  const auto holds = group->Holds(process.pid);
  if (!holds) return holds.error();
  if (!*holds) {
    return Error{
        Reason::kContainmentFailed, who + " is not in " + path + ", where it should be", {}};
  }
  if (!platform::IsAlive(process)) {
    return Error{Reason::kContainmentFailed, who + " ended before it was contained", {}};
  }
  return {};
}

void LaterCalls::Add(std::function<void()> call) {
  if (!turn_) {
    auto turn = loop_.Defer([this] { Run(); }, platform::Priority::kNormal);
    if (!turn) return call();  // out of memory: too early is better than never
    turn_ = *std::move(turn);
  }
  calls_.push_back(std::move(call));
  turn_.Arm();
}

void LaterCalls::Run() {
  if (calls_.empty()) return;
  const std::function<void()> call = std::move(calls_.front());
  calls_.pop_front();
  if (!calls_.empty()) turn_.Arm();
  call();  // last: it may end us
}

Result<void> EmptyWatches::Add(const std::string& name, const std::string& path,
                               std::function<void()> callback) {
  Watch watch;
  watch.callback = std::move(callback);
  if (IsGroup(path)) {
    const auto group = platform::Cgroup::Open(path);
    auto events = group ? group->OpenEvents() : Result<platform::Fd>(group.error());
    if (!events && IsGroup(path)) return std::move(events).error();
    if (events) watch.events = *std::move(events);
  }
  if (watch.events) {
    auto change =
        loop_.WatchFd(watch.events.get(), EPOLLPRI, [this, name](uint32_t) { Look(name); });
    if (!change) return std::move(change).error();
    watch.change = *std::move(change);
  }
  auto look = loop_.Defer([this, name] { Look(name); }, platform::Priority::kNormal);
  if (!look) return std::move(look).error();
  watch.look = *std::move(look);
  watches_[name] = std::move(watch);
  return {};
}

void EmptyWatches::Look(const std::string& name) {
  const auto at = watches_.find(name);
  if (at == watches_.end()) return;
  Watch& watch = at->second;
  const auto populated =
      watch.events ? platform::Cgroup::ReadPopulated(watch.events.get()) : Result<bool>(false);
  // Not known is not empty. The event of what cannot be read would stay there for ever, so from
  // then on it is looked at from time to time.
  if (!populated) watch.change = {};
  if (!populated || (*populated && !watch.change)) {
    auto again = loop_.AfterMonotonic(kLookAgain, [this, name] { Look(name); });
    if (again) watch.look = *std::move(again);
    return;
  }
  if (*populated) return;
  const std::function<void()> callback = std::move(watch.callback);
  watches_.erase(at);
  callback();
}

}  // namespace daypass::agent
