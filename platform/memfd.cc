// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "platform/memfd.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "platform/fault.h"

namespace daypass::platform {
namespace {

constexpr unsigned kNoExecSeal = 0x0008;  // MFD_NOEXEC_SEAL, Linux 6.3; some hosts demand it
constexpr int kWantedSeals = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW;

Fd MakeMemfd() {
  constexpr unsigned kFlags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  Fd made(memfd_create("daypass", kFlags | kNoExecSeal));
  if (!made && errno == EINVAL) made = Fd(memfd_create("daypass", kFlags));
  return made;
}

}  // namespace

core::Result<Fd> MakeSealedMemfd(std::string_view bytes) {
  Fd memory = MakeMemfd();
  if (!memory) return SystemFault("make a memory file", errno);
  size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t put = pwrite(memory.get(), bytes.data() + written, bytes.size() - written,
                               static_cast<off_t>(written));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return SystemFault("write a memory file", errno);
    written += static_cast<size_t>(put);
  }
  if (fcntl(memory.get(), F_ADD_SEALS, kWantedSeals | F_SEAL_SEAL) != 0) {
    return SystemFault("seal a memory file", errno);
  }
  return memory;
}

core::Result<std::string> ReadSealedMemfd(int fd, size_t max_bytes) {
  const int seals = fcntl(fd, F_GET_SEALS);
  if (seals < 0) return core::Error{core::Reason::kProtocol, "descriptor is no memory file", {}};
  if ((seals & kWantedSeals) != kWantedSeals) {
    return core::Error{core::Reason::kProtocol,
                       "memory file is not sealed against writing, shrinking and growing",
                       {}};
  }
  struct stat facts{};
  if (fstat(fd, &facts) != 0) return SystemFault("stat a memory file", errno);
  const auto size = static_cast<size_t>(facts.st_size);
  if (size > max_bytes) {
    return core::Error{core::Reason::kTooLarge,
                       "memory file of " + std::to_string(size) + " bytes is too large; at most " +
                           std::to_string(max_bytes),
                       {}};
  }
  std::string bytes(size, '\0');
  size_t filled = 0;
  while (filled < size) {
    // pread: the sender shares the descriptor's offset.
    const ssize_t got = pread(fd, bytes.data() + filled, size - filled, static_cast<off_t>(filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemFault("read a memory file", errno);
    if (got == 0) return core::Error{core::Reason::kProtocol, "memory file ended early", {}};
    filled += static_cast<size_t>(got);
  }
  return bytes;
}

}  // namespace daypass::platform
