// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Cgroup: one group of processes of our own, in cgroup v2, for hosts without systemd: whatever a
// process does (setsid, nohup, double fork), its children stay in the group and end with it. Root
// can leave a group; see ARCHITECTURE.md for what that means.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "platform/fd.h"

namespace daypass::platform {

/// Where cgroup v2 is mounted, as this mount namespace sees it: "/sys/fs/cgroup", or
/// "/sys/fs/cgroup/unified" on hybrid hosts. Fails: kContainmentFailed (nowhere).
core::Result<std::string> FindCgroupMount();

class Cgroup {
 public:
  /// Makes the group `name` (one path component) below the folder `parent`, itself made if missing.
  /// Fails: kContainmentFailed, also when the group exists.
  static core::Result<Cgroup> Create(const std::string& parent, const std::string& name);
  /// A group that exists.
  static core::Result<Cgroup> Open(const std::string& path);
  /// The names of the groups right below `parent` that begin with `prefix`; none if `parent` is
  /// missing.
  static core::Result<std::vector<std::string>> List(const std::string& parent,
                                                     std::string_view prefix);

  const std::string& path() const { return path_; }

  /// Moves a process here; its later children are born here. Its present children stay behind.
  core::Result<void> AddProcess(pid_t pid);
  /// Whether a process is in this very group, not in one below.
  core::Result<bool> Holds(pid_t pid) const;
  /// The processes here and in groups below. 0 stands for one that our pid namespace cannot see.
  core::Result<std::vector<pid_t>> Processes() const;
  /// Kills every process here and below, surely (cgroup.kill; before Linux 5.14: freeze, kill,
  /// thaw). Returns when all were sent SIGKILL; watch OpenEvents() for the group to be empty.
  core::Result<void> Kill();
  /// The second way alone, for kernels before 5.14.
  core::Result<void> KillFrozen();
  /// Whether a process (not a zombie) is here or below.
  core::Result<bool> IsPopulated() const;
  /// A descriptor of cgroup.events: EPOLLPRI when IsPopulated may have changed. After each event,
  /// and once at first, call ReadPopulated on it.
  core::Result<Fd> OpenEvents() const;
  static core::Result<bool> ReadPopulated(int events);
  /// Removes the group and the groups below. Fails: kContainmentFailed (still populated).
  core::Result<void> Remove();

 private:
  explicit Cgroup(std::string path) : path_(std::move(path)) {}

  std::string path_;
};

}  // namespace daypass::platform
