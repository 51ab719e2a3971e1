// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Scopes of systemd, in the slice of the person. systemd makes them and cleans up after them; what
// must be sure, that the process is inside and that everything ends, is done on the control group.
#include <csignal>
#include <map>
#include <utility>

#include "agent/containment.h"
#include "agent/containment_group.h"
#include "platform/cgroup.h"
#include "platform/units.h"

namespace daypass::agent {
namespace {

using core::Result;

constexpr core::Millis kStartPatience{1000};
constexpr core::Millis kStopPatience{5000};

class SystemdContainment final : public Containment {
 public:
  SystemdContainment(platform::EventLoop& loop, const std::string& mount, std::string bus_address)
      : slices_(mount + "/user.slice"),
        later_(loop),
        watches_(loop),
        units_(loop, std::move(bus_address)) {}

  void Contain(const ContainRequest& request, const platform::ProcessHandle& process,
               ContainCallback callback) override {
    const std::string scope = ScopeName(request.grant, request.number);
    auto pidfd = platform::Duplicate(process.pidfd.get());
    if (!pidfd) {
      return later_.Add(
          [error = pidfd.error(), callback = std::move(callback)] { callback(error); });
    }
    const std::string slice = "user-" + std::to_string(request.uid) + ".slice";
    pending_[scope] = {.process = {process.pid, *std::move(pidfd), process.start_ticks},
                       .path = slices_ + "/" + slice + "/" + scope,
                       .callback = std::move(callback)};
    platform::ScopeRequest asked;
    asked.name = scope;
    asked.slice = slice;
    asked.description = "Daypass " + request.grant + " for uid " + std::to_string(request.uid);
    asked.pids = {process.pid};
    units_.StartScope(asked, kStartPatience, [this, scope](Result<void> started) {
      OnStarted(scope, std::move(started));
    });
  }

  Result<void> End(const std::string& scope) override {
    auto path = Find(scope);
    if (!path) return std::move(path).error();
    if (path->empty()) return {};
    auto ended = EndGroup(*path);
    // The group is ended already, or the caller hears that it is not: what systemd says is extra.
    if (ended)
      units_.StopUnit(scope, kStopPatience, [](const Result<void>&) {});
    else
      units_.KillUnit(scope, SIGKILL, kStopPatience, [](const Result<void>&) {});
    return ended;
  }

  Result<bool> IsPopulated(const std::string& scope) override {
    auto path = Find(scope);
    if (!path) return std::move(path).error();
    return IsGroupPopulated(*path);
  }

  Result<std::vector<std::string>> List(std::string_view prefix) override {
    const auto slices = platform::Cgroup::List(slices_, "user-");
    if (!slices) return slices.error();
    std::vector<std::string> scopes;
    for (const std::string& slice : *slices) {
      auto here = platform::Cgroup::List(slices_ + "/" + slice, prefix);
      if (!here) return here;
      std::move(here->begin(), here->end(), std::back_inserter(scopes));
    }
    return scopes;
  }

  Result<void> Remove(const std::string& scope) override {
    const auto populated = IsPopulated(scope);
    if (!populated) return populated.error();
    if (*populated) {
      return core::Error{core::Reason::kContainmentFailed,
                         scope + " cannot be removed: something still runs in it",
                         {}};
    }
    // systemd takes an empty scope away by itself; this only makes sure.
    units_.StopUnit(scope, kStopPatience, [](const Result<void>&) {});
    return {};
  }

  Result<void> WhenEmpty(const std::string& scope, std::function<void()> callback) override {
    auto path = Find(scope);
    if (!path) return std::move(path).error();
    return watches_.Add(scope, *path, std::move(callback));
  }

 private:
  struct Pending {
    platform::ProcessHandle process;
    std::string path;
    ContainCallback callback;
  };

  /// Where the scope is; empty if there is none. The name does not say in whose slice.
  Result<std::string> Find(const std::string& scope) const {
    const auto slices = platform::Cgroup::List(slices_, "user-");
    if (!slices) return slices.error();
    for (const std::string& slice : *slices) {
      std::string path = slices_;
      path.append("/").append(slice).append("/").append(scope);
      if (IsGroup(path)) return path;
    }
    return std::string();
  }

  void OnStarted(const std::string& scope, Result<void> started) {
    const auto at = pending_.find(scope);
    if (at == pending_.end()) return;
    const Pending asked = std::move(at->second);
    pending_.erase(at);
    if (started) started = CheckIsInGroup(asked.path, asked.process);
    asked.callback(started ? Result<std::string>(scope) : std::move(started).error());
  }

  std::string slices_;
  LaterCalls later_;
  EmptyWatches watches_;
  std::map<std::string, Pending> pending_;
  platform::Units units_;  // last: it goes first, and with it every call back
};

}  // namespace

std::unique_ptr<Containment> MakeSystemdContainment(platform::EventLoop& loop,
                                                    const std::string& mount,
                                                    std::string bus_address) {
  return std::make_unique<SystemdContainment>(loop, mount, std::move(bus_address));
}

}  // namespace daypass::agent
