// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Groups of our own, for hosts without systemd: one for each scope, below daypass.agent.
#include <utility>

#include "agent/containment.h"
#include "agent/containment_group.h"
#include "platform/cgroup.h"

namespace daypass::agent {
namespace {

using core::Result;

class CgroupContainment final : public Containment {
 public:
  CgroupContainment(platform::EventLoop& loop, const std::string& mount)
      : folder_(mount + "/daypass.agent"), later_(loop), watches_(loop) {}

  void Contain(const ContainRequest& request, const platform::ProcessHandle& process,
               ContainCallback callback) override {
    const std::string scope = ScopeName(request.grant, request.number);
    later_.Add(
        [result = Place(scope, process), callback = std::move(callback)] { callback(result); });
  }

  Result<void> End(const std::string& scope) override { return EndGroup(PathOf(scope)); }

  Result<bool> IsPopulated(const std::string& scope) override {
    return IsGroupPopulated(PathOf(scope));
  }

  Result<std::vector<std::string>> List(std::string_view prefix) override {
    return platform::Cgroup::List(folder_, prefix);
  }

  Result<void> Remove(const std::string& scope) override {
    auto group = platform::Cgroup::Open(PathOf(scope));
    if (!group) return IsGroup(PathOf(scope)) ? Result<void>(group.error()) : Result<void>();
    return group->Remove();
  }

  Result<void> WhenEmpty(const std::string& scope, std::function<void()> callback) override {
    return watches_.Add(scope, PathOf(scope), std::move(callback));
  }

 private:
  std::string PathOf(const std::string& scope) const { return folder_ + "/" + scope; }

  Result<std::string> Place(const std::string& scope, const platform::ProcessHandle& process) {
    auto group = platform::Cgroup::Create(folder_, scope);
    if (!group) return std::move(group).error();
    auto placed = group->AddProcess(process.pid);
    if (placed) placed = CheckIsInGroup(group->path(), process);
    if (placed) return scope;
    static_cast<void>(group->Remove());  // what is left of it is empty, and found at the next start
    return std::move(placed).error();
  }

  std::string folder_;
  LaterCalls later_;
  EmptyWatches watches_;
};

}  // namespace

std::unique_ptr<Containment> MakeCgroupContainment(platform::EventLoop& loop,
                                                   const std::string& mount) {
  return std::make_unique<CgroupContainment>(loop, mount);
}

}  // namespace daypass::agent
