// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Unix stream sockets: listen, connect to one that can be trusted, move bytes and descriptors
// against a deadline, and who the peer is.
//
//   1. MUST connect only to a socket that `owner` made, in a folder where only `owner` can
//      make one, and whose listener is `owner`: otherwise somebody else answers "allow".
//   2. MUST NOT raise SIGPIPE, nor leave a descriptor open across exec, nor wait
//      beyond the deadline.
//   3. MUST return on a signal (kInterrupted): sudo's handlers only set a flag, and
//      Ctrl-C must work.
#pragma once

#include <sys/types.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "platform/deadline.h"
#include "platform/fd.h"

namespace daypass::platform {

/// A listening stream socket at `path`, non-blocking; a stale socket there is replaced. It has
/// `mode` from its first moment; `gid` of -1 leaves the caller's group. Paths may be longer than
/// sun_path. Fails: kInternal.
core::Result<Fd> ListenUnix(const std::string& path, mode_t mode,
                            gid_t gid = static_cast<gid_t>(-1));

/// The next waiting connection, non-blocking; an empty Fd if none waits. Fails: kInternal (no
/// descriptors left...), and then the connection still waits.
core::Result<Fd> AcceptUnix(int listener);

/// Connects, non-blocking socket, within the deadline.
/// Fails: kAgentSilent (nothing listens there, backlog full, deadline passed), kAgentUntrusted
/// (folder, socket or listener is not `owner`'s, or the folder is writable by others).
core::Result<Fd> ConnectTrusted(const std::string& path, Deadline deadline, uid_t owner = 0);

/// How a transfer ended. Faults of the socket (reset...) count as closed: the peer is gone.
enum class Transfer : uint8_t {
  kDone,         ///< all sent; or at least one byte received
  kClosed,       ///< the peer closed, nothing more will come
  kNotReady,     ///< the deadline passed first
  kInterrupted,  ///< a signal handler ran; call again to go on
};

struct Sent {
  Transfer status = Transfer::kDone;
  size_t bytes =
      0;  ///< how many went; on kNotReady and kInterrupted go on behind them, without fds
};

/// Sends `bytes` (not empty), with descriptors riding on the first byte. With
/// Deadline::Immediate() sends what the socket takes now. Works on any stream socket.
Sent SendMessage(int socket, std::string_view bytes, std::span<const int> fds, Deadline deadline);

struct Chunk {
  Transfer status = Transfer::kClosed;
  std::string bytes;
  std::vector<Fd> fds;    ///< close-on-exec
  bool fds_lost = false;  ///< the peer sent more descriptors than `max_fds`: treat as an attack
};

inline constexpr size_t kMaxFdsPerChunk = 8;

/// Receives what is there, waiting for the first byte until the deadline. `max_fds`: at most
/// kMaxFdsPerChunk.
Chunk ReceiveChunk(int socket, size_t max_bytes, size_t max_fds, Deadline deadline);

/// Who connected, or listens: frozen by the kernel at connect or listen.
struct Credentials {
  pid_t pid = 0;
  uid_t uid = static_cast<uid_t>(-1);
  gid_t gid = static_cast<gid_t>(-1);
};
/// Fails: kPeerRefused, on any doubt.
core::Result<Credentials> PeerCredentials(int socket);

/// Two connected ends, non-blocking: for tests and for helpers.
struct SocketPair {
  Fd first;
  Fd second;
};
core::Result<SocketPair> MakeSocketPair();

}  // namespace daypass::platform
