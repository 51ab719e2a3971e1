// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "platform/process.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <vector>

#include "platform/fault.h"
#include "platform/file.h"
#include "platform/socket.h"

namespace daypass::platform {
namespace {

constexpr int kPeerPidfd = 77;  // SO_PEERPIDFD: newer than the C library's headers

core::Error Refused(std::string what) {
  return {core::Reason::kPeerRefused, std::move(what), {}};
}

std::string ProcPath(pid_t pid, const char* file) {
  return "/proc/" + std::to_string(pid) + "/" + file;
}

template <typename Number>
std::optional<Number> ParseNumber(std::string_view text) {
  Number number{};
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

/// Words between blanks and line ends.
std::vector<std::string_view> SplitWords(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\n";
  std::vector<std::string_view> words;
  while (true) {
    const size_t begin = text.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos) return words;
    text.remove_prefix(begin);
    const size_t end = std::min(text.find_first_of(kBlanks), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

/// Like 3 -> /dev/pts/3; device numbers as the kernel has coded them since 2.6.
std::string TerminalName(int device) {
  const unsigned number = static_cast<unsigned>(device);
  const unsigned major = (number >> 8) & 0xfff;
  const unsigned minor = (number & 0xff) | ((number >> 12) & 0xfff00);
  constexpr unsigned kFirstPts = 136, kLastPts = 143, kTty = 4, kFirstSerial = 64;
  if (device == 0) return "";
  if (major >= kFirstPts && major <= kLastPts) {
    return "/dev/pts/" + std::to_string(minor + (major - kFirstPts) * 256);
  }
  if (major == kTty && minor < kFirstSerial) return "/dev/tty" + std::to_string(minor);
  if (major == kTty) return "/dev/ttyS" + std::to_string(minor - kFirstSerial);
  return "device " + std::to_string(major) + ":" + std::to_string(minor);
}

core::Result<StatFields> ReadStat(pid_t pid) {
  const auto text = ReadKernelFile(ProcPath(pid, "stat"));
  if (!text) return Refused(text.error().what);
  const auto fields = ParseStat(*text);
  if (!fields) return Refused("/proc/" + std::to_string(pid) + "/stat cannot be read");
  return *fields;
}

/// "Uid:\treal\teffective\t..."; names of processes have their line ends escaped.
core::Result<void> ReadUids(pid_t pid, ProcessFacts& facts) {
  const auto text = ReadKernelFile(ProcPath(pid, "status"));
  if (!text) return Refused(text.error().what);
  constexpr std::string_view kKey = "\nUid:";
  const size_t at = text->find(kKey);
  if (at == std::string::npos) return Refused("/proc says no uid");
  const auto words = SplitWords(std::string_view(*text).substr(at + kKey.size()));
  const auto real = words.size() > 1 ? ParseNumber<uid_t>(words[0]) : std::nullopt;
  const auto effective = words.size() > 1 ? ParseNumber<uid_t>(words[1]) : std::nullopt;
  if (!real || !effective) return Refused("/proc says no uid");
  facts.real_uid = *real;
  facts.effective_uid = *effective;
  return {};
}

/// The audit numbers; none where the kernel has no audit, or where never set (all ones).
core::Result<std::optional<uint32_t>> ReadAuditNumber(pid_t pid, const char* file) {
  const std::string path = ProcPath(pid, file);
  if (!FileExists(path)) return std::optional<uint32_t>();
  const auto text = ReadKernelFile(path);
  if (!text) return Refused(text.error().what);
  const auto words = SplitWords(*text);
  const auto number = words.size() == 1 ? ParseNumber<uint32_t>(words[0]) : std::nullopt;
  if (!number) return Refused(path + " holds no number");
  if (*number == UINT32_MAX) return std::optional<uint32_t>();
  return number;
}

core::Result<Fd> OpenPidfd(pid_t pid) {
  Fd pidfd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  if (!pidfd) {
    return SystemFault("open process " + std::to_string(pid), errno, core::Reason::kPeerRefused);
  }
  return pidfd;
}

/// Completes a handle: the start time belongs to the pidfd, for that was alive afterwards.
core::Result<ProcessHandle> MakeHandle(pid_t pid, Fd pidfd) {
  const auto stat = ReadStat(pid);
  if (!stat) return stat.error();
  ProcessHandle process{pid, std::move(pidfd), stat->start_ticks};
  if (!IsAlive(process)) return Refused("process " + std::to_string(pid) + " has ended");
  return process;
}

bool HasHungUp(int socket) {
  pollfd entry{socket, POLLRDHUP, 0};
  const int ready = poll(&entry, 1, 0);
  return ready != 0;  // a fault of poll is a doubt
}

core::Result<bool> SharesNamespace(pid_t pid, const char* kind) {
  struct stat theirs{};
  struct stat host{};
  if (stat(ProcPath(pid, kind).c_str(), &theirs) != 0 ||
      stat(ProcPath(1, kind).c_str(), &host) != 0) {
    return SystemFault(std::string("read namespaces: ") + kind, errno, core::Reason::kPeerRefused);
  }
  return theirs.st_dev == host.st_dev && theirs.st_ino == host.st_ino;
}

}  // namespace

std::optional<StatFields> ParseStat(std::string_view text) {
  const size_t name_end = text.rfind(')');
  if (name_end == std::string_view::npos) return std::nullopt;
  // Behind the name: field 3 (state) is words[0].
  const auto words = SplitWords(text.substr(name_end + 1));
  constexpr size_t kParent = 4 - 3, kTerminal = 7 - 3, kStart = 22 - 3;
  if (words.size() <= kStart || words[0].size() != 1) return std::nullopt;
  const auto parent = ParseNumber<pid_t>(words[kParent]);
  const auto terminal = ParseNumber<int>(words[kTerminal]);
  const auto start = ParseNumber<uint64_t>(words[kStart]);
  if (!parent || !terminal || !start) return std::nullopt;
  return StatFields{words[0][0], *parent, *terminal, *start};
}

core::Result<ProcessHandle> TakePeerProcess(int socket) {
  const auto peer = PeerCredentials(socket);
  if (!peer) return peer.error();
  int number = -1;
  socklen_t size = sizeof number;
  if (getsockopt(socket, SOL_SOCKET, kPeerPidfd, &number, &size) != 0) {
    if (errno == ENOPROTOOPT) return TakePeerProcessByNumber(socket);
    return SystemFault("open the peer's process", errno, core::Reason::kPeerRefused);
  }
  Fd pidfd(number);
  if (peer->pid == 0) return Refused("the peer is outside of our pid namespace");
  return MakeHandle(peer->pid, std::move(pidfd));
}

core::Result<ProcessHandle> TakePeerProcessByNumber(int socket) {
  const auto peer = PeerCredentials(socket);
  if (!peer) return peer.error();
  if (peer->pid == 0) return Refused("the peer is outside of our pid namespace");
  auto pidfd = OpenPidfd(peer->pid);
  if (!pidfd) return std::move(pidfd).error();
  auto process = MakeHandle(peer->pid, *std::move(pidfd));
  if (!process) return process;
  const auto facts = ReadProcessFacts(*process);
  if (!facts) return facts.error();
  // Another process that got the number has either another uid, or came after the peer hung up.
  if (facts->effective_uid != peer->uid) return Refused("the peer's pid is another process by now");
  if (HasHungUp(socket)) return Refused("the peer has hung up");
  return process;
}

core::Result<ProcessHandle> OpenProcess(pid_t pid) {
  auto pidfd = OpenPidfd(pid);
  if (!pidfd) return std::move(pidfd).error();
  return MakeHandle(pid, *std::move(pidfd));
}

core::Result<ProcessHandle> ReopenProcess(pid_t pid, uint64_t start_ticks) {
  auto process = OpenProcess(pid);
  if (process && process->start_ticks != start_ticks) {
    return Refused("process " + std::to_string(pid) + " is another one by now");
  }
  return process;
}

core::Millis BornAt(const ProcessHandle& process) {
  const auto ticks_per_second = static_cast<uint64_t>(sysconf(_SC_CLK_TCK));
  return core::Millis{static_cast<int64_t>(process.start_ticks * 1000 / ticks_per_second)};
}

bool IsAlive(const ProcessHandle& process) {
  pollfd entry{process.pidfd.get(), POLLIN, 0};
  return poll(&entry, 1, 0) == 0;
}

core::Result<ProcessFacts> ReadProcessFacts(const ProcessHandle& process) {
  ProcessFacts facts;
  const auto stat = ReadStat(process.pid);
  if (!stat) return stat.error();
  facts.parent = stat->parent;
  facts.terminal = TerminalName(stat->terminal);
  auto uids = ReadUids(process.pid, facts);
  if (!uids) return std::move(uids).error();
  const auto login = ReadAuditNumber(process.pid, "loginuid");
  if (!login) return login.error();
  const auto session = ReadAuditNumber(process.pid, "sessionid");
  if (!session) return session.error();
  facts.login_uid = *login;
  facts.audit_session = *session;
  if (!IsAlive(process)) return Refused("process " + std::to_string(process.pid) + " has ended");
  return facts;
}

core::Result<bool> SharesHostNamespaces(const ProcessHandle& process) {
  const auto user = SharesNamespace(process.pid, "ns/user");
  if (!user) return user.error();
  const auto mount = SharesNamespace(process.pid, "ns/mnt");
  if (!mount) return mount.error();
  if (!IsAlive(process)) return Refused("process " + std::to_string(process.pid) + " has ended");
  return *user && *mount;
}

core::Result<void> SendSignal(const ProcessHandle& process, int signal) {
  if (syscall(SYS_pidfd_send_signal, process.pidfd.get(), signal, nullptr, 0) == 0) return {};
  if (errno == ESRCH) return {};
  return SystemFault("signal process " + std::to_string(process.pid), errno);
}

}  // namespace daypass::platform
