// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "platform/cgroup.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>

#include "platform/deadline.h"
#include "platform/fault.h"
#include "platform/file.h"
#include "platform/process.h"

namespace daypass::platform {
namespace {

constexpr size_t kMaxProcsBytes = 16 * 1024 * 1024;

core::Error CgroupFault(std::string_view doing, int error) {
  return SystemFault(doing, error, core::Reason::kContainmentFailed);
}

core::Error Uncontained(core::Error error) {
  error.code = core::Reason::kContainmentFailed;
  return error;
}

core::Result<void> WriteControl(const std::string& path, std::string_view value) {
  const Fd file(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file) return CgroupFault("open " + path, errno);
  if (write(file.get(), value.data(), value.size()) < 0) return CgroupFault("write " + path, errno);
  return {};
}

std::string Below(const std::string& path, const std::string& name) {
  return path + "/" + name;
}

bool IsFolder(const std::string& path) {
  struct stat facts{};
  return lstat(path.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode);
}

core::Result<std::vector<std::string>> Subgroups(const std::string& path) {
  auto names = ListDirectory(path);
  if (!names) return Uncontained(std::move(names).error());
  std::erase_if(*names, [&](const std::string& name) { return !IsFolder(Below(path, name)); });
  return names;
}

/// Adds the processes of this very group.
core::Result<void> ReadProcesses(const std::string& path, std::vector<pid_t>& pids) {
  const auto text = ReadKernelFile(path + "/cgroup.procs", kMaxProcsBytes);
  if (!text) return Uncontained(text.error());
  const char* const end = text->data() + text->size();
  for (const char* at = text->data(); at < end; ++at) {
    pid_t pid = 0;
    const auto parsed = std::from_chars(at, end, pid);
    if (parsed.ec != std::errc()) break;
    pids.push_back(pid);
    at = parsed.ptr;  // the line end, which ++at passes
  }
  return {};
}

core::Result<void> CollectProcesses(const std::string& path, std::vector<pid_t>& pids) {
  if (auto read = ReadProcesses(path, pids); !read) return read;
  const auto below = Subgroups(path);
  if (!below) return below.error();
  for (const std::string& name : *below) {
    auto collected = CollectProcesses(Below(path, name), pids);
    if (!collected) return collected;
  }
  return {};
}

core::Result<void> RemoveTree(const std::string& path) {
  const auto below = Subgroups(path);
  if (!below) return below.error();
  for (const std::string& name : *below) {
    auto removed = RemoveTree(Below(path, name));
    if (!removed) return removed;
  }
  if (rmdir(path.c_str()) != 0 && errno != ENOENT) return CgroupFault("remove " + path, errno);
  return {};
}

/// Signals whoever is in the group before and after its handle was taken: a number that has become
/// another process meanwhile is not here any more.
core::Result<void> KillProcesses(const Cgroup& group, const std::vector<pid_t>& pids) {
  std::vector<ProcessHandle> handles;
  for (const pid_t pid : pids) {
    auto process = OpenProcess(pid);
    if (process) handles.push_back(*std::move(process));
  }
  const auto now = group.Processes();
  if (!now) return now.error();
  for (const ProcessHandle& process : handles) {
    if (std::find(now->begin(), now->end(), process.pid) == now->end()) continue;
    auto sent = SendSignal(process, SIGKILL);
    if (!sent) return Uncontained(std::move(sent).error());
  }
  return {};
}

core::Result<void> KillUntilNobodyNew(const Cgroup& group) {
  std::vector<pid_t> before;
  while (true) {
    const auto pids = group.Processes();
    if (!pids) return pids.error();
    if (*pids == before) return {};
    auto killed = KillProcesses(group, *pids);
    if (!killed) return killed;
    before = *pids;
  }
}

/// Freezing takes a moment, in which a fork may slip in. Not waited for long: a process in
/// uninterruptible sleep freezes late, and cannot fork either.
void WaitUntilFrozen(const std::string& path) {
  const Deadline deadline = Deadline::After(core::Millis{200});
  while (!deadline.HasPassed()) {
    const auto events = ReadKernelFile(path + "/cgroup.events");
    if (!events || events->find("frozen 1") != std::string::npos) return;
    poll(nullptr, 0, 1);
  }
}

/// The mount point of a line of mountinfo, if it is a cgroup2: "36 35 0:30 / /where opts - cgroup2
/// ..".
std::string_view CgroupMountOf(std::string_view line) {
  if (line.find(" - cgroup2 ") == std::string_view::npos) return {};
  for (int field = 0; field < 4; ++field)
    line.remove_prefix(std::min(line.find(' ') + 1, line.size()));
  return line.substr(0, line.find(' '));
}

}  // namespace

core::Result<std::string> FindCgroupMount() {
  const auto text = ReadKernelFile("/proc/self/mountinfo", 4 * 1024 * 1024);
  if (!text) return Uncontained(text.error());
  std::string_view rest = *text;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    const std::string mount(CgroupMountOf(rest.substr(0, end)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    // Something else may be mounted over it: then it has no such file.
    if (!mount.empty() && FileExists(mount + "/cgroup.procs")) return mount;
  }
  return core::Error{core::Reason::kContainmentFailed, "no cgroup v2 is mounted on this host", {}};
}

core::Result<Cgroup> Cgroup::Create(const std::string& parent, const std::string& name) {
  if (name.empty() || name[0] == '.' || name.find('/') != std::string::npos) {
    return core::Error{
        core::Reason::kContainmentFailed, "\"" + name + "\" cannot name a cgroup", {}};
  }
  if (mkdir(parent.c_str(), 0755) != 0 && errno != EEXIST)
    return CgroupFault("make " + parent, errno);
  const std::string path = Below(parent, name);
  if (mkdir(path.c_str(), 0755) != 0) return CgroupFault("make " + path, errno);
  return Open(path);
}

core::Result<Cgroup> Cgroup::Open(const std::string& path) {
  if (!FileExists(path + "/cgroup.procs")) {
    return core::Error{core::Reason::kContainmentFailed, path + ": is not a cgroup", {}};
  }
  return Cgroup(path);
}

core::Result<std::vector<std::string>> Cgroup::List(const std::string& parent,
                                                    std::string_view prefix) {
  if (!IsFolder(parent)) return std::vector<std::string>();
  auto names = Subgroups(parent);
  if (names)
    std::erase_if(*names, [&](const std::string& name) { return !name.starts_with(prefix); });
  return names;
}

core::Result<void> Cgroup::AddProcess(pid_t pid) {
  return WriteControl(path_ + "/cgroup.procs", std::to_string(pid));
}

core::Result<bool> Cgroup::Holds(pid_t pid) const {
  std::vector<pid_t> pids;
  if (auto read = ReadProcesses(path_, pids); !read) return std::move(read).error();
  return std::find(pids.begin(), pids.end(), pid) != pids.end();
}

core::Result<std::vector<pid_t>> Cgroup::Processes() const {
  std::vector<pid_t> pids;
  auto collected = CollectProcesses(path_, pids);
  if (!collected) return std::move(collected).error();
  return pids;
}

core::Result<void> Cgroup::Kill() {
  if (FileExists(path_ + "/cgroup.kill")) return WriteControl(path_ + "/cgroup.kill", "1");
  return KillFrozen();
}

core::Result<void> Cgroup::KillFrozen() {
  const std::string freeze = path_ + "/cgroup.freeze";  // Linux 5.2; without it we only look again
  if (FileExists(freeze)) {
    auto frozen = WriteControl(freeze, "1");
    if (!frozen) return frozen;
    WaitUntilFrozen(path_);
  }
  auto killed = KillUntilNobodyNew(*this);
  if (!FileExists(freeze)) return killed;
  auto thawed =
      WriteControl(freeze, "0");  // also after a fault: whoever lives must be seen to live
  return killed ? thawed : killed;
}

core::Result<bool> Cgroup::IsPopulated() const {
  const auto events = OpenEvents();
  if (!events) return events.error();
  return ReadPopulated(events->get());
}

core::Result<Fd> Cgroup::OpenEvents() const {
  const std::string path = path_ + "/cgroup.events";
  Fd events(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!events) return CgroupFault("open " + path, errno);
  return events;
}

core::Result<bool> Cgroup::ReadPopulated(int events) {
  char text[256];
  const ssize_t got = pread(events, text, sizeof text, 0);
  if (got < 0 && errno == ENODEV) return false;  // the group has been removed
  if (got < 0) return CgroupFault("read cgroup.events", errno);
  const std::string_view read(text, static_cast<size_t>(got));
  return read.find("populated 1") != std::string_view::npos;
}

core::Result<void> Cgroup::Remove() {
  return RemoveTree(path_);
}

}  // namespace daypass::platform
