// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "platform/random.h"

#include <sys/random.h>

#include <cerrno>

#include "platform/fault.h"

namespace daypass::platform {

core::Result<std::string> RandomBytes(size_t count) {
  std::string bytes(count, '\0');
  size_t filled = 0;
  while (filled < count) {
    const ssize_t got = getrandom(bytes.data() + filled, count - filled, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemFault("get random bytes", errno);
    filled += static_cast<size_t>(got);
  }
  return bytes;
}

}  // namespace daypass::platform
