// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// A process that cannot be mistaken for another: pid, pidfd and start time, taken together.
//
//   1. MUST take the handle of a peer while the peer waits for us, and check afterwards that it is
//      still the one: SO_PEERCRED is frozen at connect, and a number can be another process by now.
//   2. MUST believe what /proc says of a pid only if the pidfd is still alive after reading.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/time.h"
#include "platform/fd.h"

namespace daypass::platform {

struct ProcessHandle {
  pid_t pid = 0;
  Fd pidfd;
  uint64_t start_ticks = 0;  ///< since boot (/proc/<pid>/stat, 22); with boot id and pid unique
};

/// The process at the other end of a connected unix socket. By SO_PEERPIDFD (Linux 6.5), else by
/// pidfd_open and checks. Fails: kPeerRefused, on any doubt.
core::Result<ProcessHandle> TakePeerProcess(int socket);
/// The second way alone, for kernels before 6.5.
core::Result<ProcessHandle> TakePeerProcessByNumber(int socket);

/// A handle by number, whoever that is now. Fails: kPeerRefused (no such process).
core::Result<ProcessHandle> OpenProcess(pid_t pid);

/// The same process as noted before (after a restart of ours), or kPeerRefused if it is gone.
core::Result<ProcessHandle> ReopenProcess(pid_t pid, uint64_t start_ticks);

/// When it began, by CLOCK_BOOTTIME; up to a hundredth of a second too early, never too late.
core::Millis BornAt(const ProcessHandle& process);

/// Whether it still runs; a zombie does not.
bool IsAlive(const ProcessHandle& process);

struct ProcessFacts {
  uid_t real_uid = static_cast<uid_t>(-1);
  uid_t effective_uid = static_cast<uid_t>(-1);
  pid_t parent = 0;
  std::optional<uid_t> login_uid;         ///< the audit login uid, if one was ever set
  std::optional<uint32_t> audit_session;  ///< the audit session, which is also logind's number
  std::string terminal;                   ///< "/dev/pts/3", or empty
};
/// Reads /proc and checks that the process was alive all the while. Fails: kPeerRefused.
core::Result<ProcessFacts> ReadProcessFacts(const ProcessHandle& process);

/// Whether it lives in PID 1's user and mount namespaces. Needs CAP_SYS_PTRACE for PID 1's.
/// Fails: kPeerRefused (gone, or the namespaces cannot be read).
core::Result<bool> SharesHostNamespaces(const ProcessHandle& process);

/// By pidfd: never hits another process. A process that is gone is no fault.
core::Result<void> SendSignal(const ProcessHandle& process, int signal);

/// Pure: fields of /proc/<pid>/stat, found behind the last ')', as the name may hold anything.
struct StatFields {
  char state = '?';
  pid_t parent = 0;
  int terminal = 0;  ///< device number, 0: none
  uint64_t start_ticks = 0;
};
std::optional<StatFields> ParseStat(std::string_view text);

}  // namespace daypass::platform
