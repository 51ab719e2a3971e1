// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "client/self.h"

#include <charconv>
#include <string>

#include "platform/clock.h"
#include "platform/file.h"

namespace daypass::client {

std::optional<uint32_t> LoginUid() {
  const auto text = platform::ReadKernelFile("/proc/self/loginuid");
  if (!text) return std::nullopt;
  uint32_t uid = UINT32_MAX;
  std::from_chars(text->data(), text->data() + text->size(), uid);
  return uid == UINT32_MAX ? std::nullopt : std::optional(uid);
}

core::Millis BootTime() {
  return platform::BootTime();
}

}  // namespace daypass::client
