// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "platform/fault.h"

#include <cstring>

namespace daypass::platform {

std::string ErrnoText(int error) {
  // Neither strerror (shared buffer) nor its translations, which the environment chooses.
  const char* text = strerrordesc_np(error);
  return text != nullptr ? std::string(text) : "error " + std::to_string(error);
}

core::Error SystemFault(std::string_view doing, int error, core::Reason code) {
  return core::Error{code, std::string(doing) + ": " + ErrnoText(error), {}};
}

}  // namespace daypass::platform
