// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/containment.h"

#include <utility>

#include "platform/cgroup.h"
#include "platform/service.h"

namespace daypass::agent {

std::string ScopeName(std::string_view grant, uint64_t number) {
  return std::string(kScopePrefix) + std::string(grant) + "-" + std::to_string(number) + ".scope";
}

core::Result<std::unique_ptr<Containment>> MakeContainment(platform::EventLoop& loop) {
  const auto mount = platform::FindCgroupMount();
  if (!mount) return mount.error();
  return platform::IsSystemdRunning() ? MakeSystemdContainment(loop, *mount)
                                      : MakeCgroupContainment(loop, *mount);
}

}  // namespace daypass::agent
