// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "platform/fd.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

#include "platform/fault.h"

namespace daypass::platform {

Fd& Fd::operator=(Fd&& other) noexcept {
  if (this != &other) {
    Close();
    fd_ = other.Release();
  }
  return *this;
}

int Fd::Release() {
  return std::exchange(fd_, -1);
}

void Fd::Close() {
  if (fd_ < 0) return;
  const int kept = errno;  // a destructor must not change what the caller is about to report
  close(Release());        // Linux frees the number also on EINTR: trying again could hit another's
  errno = kept;
}

core::Result<Fd> Duplicate(int fd) {
  const int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (copy < 0) return SystemFault("duplicate a descriptor", errno);
  return Fd(copy);
}

int MaxDescriptors() {
  constexpr rlim_t kUsual = 1024;
  rlimit limit{};
  const rlim_t most = getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : kUsual;
  return static_cast<int>(std::min<rlim_t>(most, INT_MAX));
}

}  // namespace daypass::platform
