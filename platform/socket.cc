// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "platform/socket.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include "platform/fault.h"
#include "platform/split_path.h"

namespace daypass::platform {
namespace {

constexpr int kBacklog = 128;
constexpr mode_t kOthersWrite = S_IWGRP | S_IWOTH;

/// sun_path holds 107 bytes. A longer path is reached by way of its folder's descriptor.
std::optional<sockaddr_un> MakeAddress(const std::string& path, int folder) {
  const std::string through =
      path.size() < sizeof sockaddr_un{}.sun_path
          ? path
          : "/proc/self/fd/" + std::to_string(folder) + "/" + Split(path).name;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (through.size() >= sizeof address.sun_path) return std::nullopt;
  std::memcpy(address.sun_path, through.data(), through.size());
  return address;
}

core::Error NameTooLong(const std::string& path) {
  return {core::Reason::kInternal, path + ": the name of the socket is too long", {}};
}

Fd MakeSocket() {
  return Fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

enum class Wait : uint8_t { kReady, kDeadline, kInterrupted };

Wait WaitFor(int socket, short events, Deadline deadline) {
  pollfd entry{socket, events, 0};
  const int ready = poll(&entry, 1, deadline.PollTimeout());
  if (ready > 0) return Wait::kReady;
  // Any fault of poll itself is a bug or memory shortage: "not ready" lets the deadline decide.
  return ready < 0 && errno == EINTR ? Wait::kInterrupted : Wait::kDeadline;
}

/// Puts the descriptors into a control message whose room is `control`.
void AttachFds(msghdr& message, std::span<const int> fds, std::span<std::byte> control) {
  message.msg_control = control.data();
  message.msg_controllen = CMSG_SPACE(fds.size_bytes());
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(fds.size_bytes());
  std::memcpy(CMSG_DATA(header), fds.data(), fds.size_bytes());
}

/// Takes every descriptor that came, so that none leaks, also when they are too many.
std::vector<Fd> DetachFds(msghdr& message) {
  std::vector<Fd> fds;
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    const size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < count; ++i) {
      int number = -1;
      std::memcpy(&number, CMSG_DATA(header) + i * sizeof number, sizeof number);
      fds.emplace_back(number);
    }
  }
  return fds;
}

constexpr size_t kControlBytes = CMSG_SPACE(kMaxFdsPerChunk * sizeof(int));

/// What is there now; none if that is nothing.
std::optional<Chunk> ReceiveNow(int socket, size_t max_bytes, size_t max_fds) {
  Chunk chunk;
  std::string room(max_bytes, '\0');
  alignas(cmsghdr) std::byte control[kControlBytes] = {};
  iovec part{room.data(), room.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;

  const ssize_t got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return std::nullopt;
  if (got <= 0) return chunk;  // closed, or a fault of the socket: the peer is gone

  chunk.fds = DetachFds(message);
  if (chunk.fds.size() > max_fds || (message.msg_flags & MSG_CTRUNC) != 0) {
    chunk.fds.clear();
    chunk.fds_lost = true;
  }
  room.resize(static_cast<size_t>(got));
  chunk.bytes = std::move(room);
  chunk.status = Transfer::kDone;
  return chunk;
}

core::Result<void> CheckSocketPath(const std::string& path, int folder, uid_t owner) {
  const auto untrusted = [](const std::string& what) {
    return core::Error{core::Reason::kAgentUntrusted, what, {}};
  };
  struct stat facts{};
  if (fstat(folder, &facts) != 0) return SystemFault("stat the folder of " + path, errno);
  if (facts.st_uid != owner || (facts.st_mode & kOthersWrite) != 0) {
    return untrusted("the folder of " + path + " must belong to uid " + std::to_string(owner) +
                     " and be writable by nobody else");
  }
  const std::string name = Split(path).name;
  if (fstatat(folder, name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0) {
    return SystemFault("find " + path, errno, core::Reason::kAgentSilent);
  }
  if (!S_ISSOCK(facts.st_mode) || facts.st_uid != owner) {
    return untrusted(path + " must be a socket that belongs to uid " + std::to_string(owner));
  }
  return {};
}

/// Unix sockets connect at once or say EAGAIN (backlog full), for which poll cannot wait.
core::Result<void> ConnectBefore(int socket, const sockaddr_un& address, const std::string& path,
                                 Deadline deadline) {
  constexpr int kRetryMs = 10;
  while (connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    if (errno == EISCONN) break;
    const bool again = errno == EAGAIN || errno == EINTR;
    if (!again || deadline.HasPassed()) {
      return SystemFault("connect to " + path, errno, core::Reason::kAgentSilent);
    }
    if (errno == EAGAIN) poll(nullptr, 0, kRetryMs);  // a signal only makes it shorter
  }
  return {};
}

}  // namespace

core::Result<Fd> ListenUnix(const std::string& path, mode_t mode, gid_t gid) {
  const SplitPath split = Split(path);
  const Fd folder(open(split.folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!folder) return SystemFault("open " + split.folder, errno);
  const auto address = MakeAddress(path, folder.get());
  if (!address) return NameTooLong(path);
  Fd listener = MakeSocket();
  if (!listener) return SystemFault("make a socket", errno);

  // The mode of the inode that bind makes is the socket's own, less the umask: never looser.
  if (fchmod(listener.get(), mode) != 0) return SystemFault("chmod " + path, errno);
  if (unlinkat(folder.get(), split.name.c_str(), 0) != 0 && errno != ENOENT) {
    return SystemFault("remove the old " + path, errno);
  }
  if (bind(listener.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0) {
    return SystemFault("bind " + path, errno);
  }
  if (gid != static_cast<gid_t>(-1) &&
      fchownat(folder.get(), split.name.c_str(), static_cast<uid_t>(-1), gid,
               AT_SYMLINK_NOFOLLOW) != 0) {
    return SystemFault("chown " + path, errno);
  }
  if (fchmodat(folder.get(), split.name.c_str(), mode, 0) != 0) {
    return SystemFault("chmod " + path, errno);
  }
  if (listen(listener.get(), kBacklog) != 0) return SystemFault("listen on " + path, errno);
  return listener;
}

core::Result<Fd> AcceptUnix(int listener) {
  Fd connection(accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (connection) return connection;
  const int error = errno;
  const bool none = error == EAGAIN || error == EINTR || error == ECONNABORTED;
  if (none) return Fd();
  return SystemFault("accept a connection", error);
}

core::Result<Fd> ConnectTrusted(const std::string& path, Deadline deadline, uid_t owner) {
  const std::string folder_path = Split(path).folder;
  const Fd folder(open(folder_path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!folder) return SystemFault("open " + folder_path, errno, core::Reason::kAgentSilent);
  auto checked = CheckSocketPath(path, folder.get(), owner);
  if (!checked) return std::move(checked).error();

  const auto address = MakeAddress(path, folder.get());
  if (!address) return NameTooLong(path);
  Fd connection = MakeSocket();
  if (!connection) return SystemFault("make a socket", errno);
  auto connected = ConnectBefore(connection.get(), *address, path, deadline);
  if (!connected) return std::move(connected).error();

  const auto listener = PeerCredentials(connection.get());
  if (!listener || listener->uid != owner) {
    return core::Error{core::Reason::kAgentUntrusted,
                       "who answers on " + path + " is not uid " + std::to_string(owner),
                       {}};
  }
  return connection;
}

Sent SendMessage(int socket, std::string_view bytes, std::span<const int> fds, Deadline deadline) {
  Sent sent;
  if (fds.size() > kMaxFdsPerChunk) return {Transfer::kClosed, 0};
  while (sent.bytes < bytes.size()) {
    alignas(cmsghdr) std::byte control[kControlBytes] = {};
    iovec part{const_cast<char*>(bytes.data()) + sent.bytes, bytes.size() - sent.bytes};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (sent.bytes == 0 && !fds.empty()) AttachFds(message, fds, control);

    const ssize_t put = sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (put > 0) {
      sent.bytes += static_cast<size_t>(put);
      continue;
    }
    if (errno != EAGAIN && errno != EINTR) {
      sent.status = Transfer::kClosed;
      return sent;
    }
    const Wait wait = WaitFor(socket, POLLOUT, deadline);
    if (wait == Wait::kReady) continue;
    sent.status = wait == Wait::kInterrupted ? Transfer::kInterrupted : Transfer::kNotReady;
    return sent;
  }
  return sent;
}

Chunk ReceiveChunk(int socket, size_t max_bytes, size_t max_fds, Deadline deadline) {
  while (true) {
    std::optional<Chunk> chunk = ReceiveNow(socket, max_bytes, max_fds);
    if (chunk) return *std::move(chunk);
    const Wait wait = WaitFor(socket, POLLIN, deadline);
    if (wait == Wait::kReady) continue;
    chunk.emplace();
    chunk->status = wait == Wait::kInterrupted ? Transfer::kInterrupted : Transfer::kNotReady;
    return *std::move(chunk);
  }
}

core::Result<Credentials> PeerCredentials(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
    return SystemFault("ask who the peer is", errno, core::Reason::kPeerRefused);
  }
  // pid 0: outside of our pid namespace, so that nothing can be said about it.
  if (size != sizeof peer || peer.uid == static_cast<uid_t>(-1) || peer.pid < 0) {
    return core::Error{core::Reason::kPeerRefused, "the kernel does not say who the peer is", {}};
  }
  return Credentials{peer.pid, peer.uid, peer.gid};
}

core::Result<SocketPair> MakeSocketPair() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0) {
    return SystemFault("make a pair of sockets", errno);
  }
  return SocketPair{Fd(ends[0]), Fd(ends[1])};
}

}  // namespace daypass::platform
