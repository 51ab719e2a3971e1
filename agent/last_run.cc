// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/last_run.h"

#include <charconv>
#include <optional>
#include <sstream>
#include <string_view>

#include "platform/cgroup.h"
#include "platform/file.h"

namespace daypass::agent {
namespace {

constexpr size_t kMaxMountinfo = size_t{4} << 20;
constexpr const char* kKey = "memory_kills";

/// How many processes of a control group the kernel has killed for lack of memory.
struct MemoryKills {
  std::string group;
  uint64_t count = 0;
};

std::optional<uint64_t> ParseCount(std::string_view text) {
  uint64_t count = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), count);
  return parsed.ec == std::errc() ? std::optional(count) : std::nullopt;
}

/// Both versions of control groups have a line "oom_kill 3".
std::optional<MemoryKills> ReadKills(const std::string& group, const char* file) {
  const auto text = platform::ReadKernelFile(group + file);
  if (!text) return std::nullopt;
  constexpr std::string_view kName = "oom_kill ";
  const size_t at = ("\n" + *text).find("\n" + std::string(kName));
  if (at == std::string::npos) return std::nullopt;
  const auto count = ParseCount(std::string_view(*text).substr(at + kName.size()));
  return count ? std::optional(MemoryKills{group, *count}) : std::nullopt;
}

/// Where the old hierarchy of memory is mounted, if there is one.
std::string OldMemoryMount() {
  const auto text = platform::ReadKernelFile("/proc/self/mountinfo", kMaxMountinfo);
  if (!text) return {};
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);) {
    const size_t type = line.find(" - cgroup ");
    if (type == std::string::npos || line.find("memory", type) == std::string::npos) continue;
    std::istringstream words(line);
    std::string mount;
    for (int i = 0; i < 5; ++i) words >> mount;  // the fifth is the mount point
    return mount;
  }
  return {};
}

std::optional<MemoryKills> ReadOwnKills() {
  const auto text = platform::ReadKernelFile("/proc/self/cgroup");
  if (!text) return std::nullopt;
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);) {
    const size_t path = line.find('/');
    if (path == std::string::npos) continue;
    std::optional<MemoryKills> kills;
    if (line.starts_with("0::")) {
      const auto mount = platform::FindCgroupMount();
      if (mount) kills = ReadKills(*mount + line.substr(path), "/memory.events");
    } else if (line.find(":memory:") != std::string::npos) {
      kills = ReadKills(OldMemoryMount() + line.substr(path), "/memory.oom_control");
    }
    if (kills) return kills;
  }
  return std::nullopt;
}

/// How many there were since this was asked the last time; counted anew in another group.
core::Result<uint64_t> CountNewKills(Store& store) {
  const std::optional<MemoryKills> now = ReadOwnKills();
  if (!now) return 0;
  core::Result<std::optional<std::string>> text = store.Get(kKey);
  if (!text) return std::move(text).error();
  const std::string before = text->value_or("");
  const std::string prefix = now->group + " ";
  uint64_t known = 0;
  if (before.starts_with(prefix)) known = ParseCount(before.substr(prefix.size())).value_or(0);
  if (known == now->count && !before.empty()) return 0;
  if (auto set = store.Set(kKey, prefix + std::to_string(now->count)); !set) {
    return std::move(set).error();
  }
  return now->count > known ? now->count - known : 0;
}

}  // namespace

core::Result<LastRun> DescribeLastRun(Store& store, const std::string& boot_id) {
  const core::Result<uint64_t> kills = CountNewKills(store);
  if (!kills) return kills.error();
  const core::Result<std::optional<wire::StoredRecord>> last = store.LastRecord();
  if (!last) return last.error();
  if (!*last) return LastRun{"", "the first run with this store"};
  const core::Result<wire::Record> record = wire::ParseRecord((*last)->bytes);
  if (!record) return LastRun{"", "how the last run ended is not known: " + record.error().what};
  if (record->event == "agent.stopped") return LastRun{"self", "the last run was told to stop"};
  const std::string behind = " behind record " + std::to_string((*last)->seq);
  if (record->boot_id != boot_id) return LastRun{"killed", "the machine went down" + behind};
  if (*kills == 0) return LastRun{"killed", "the last run was killed or crashed" + behind};
  return LastRun{"killed", "the kernel killed the last run for lack of memory" + behind};
}

}  // namespace daypass::agent
