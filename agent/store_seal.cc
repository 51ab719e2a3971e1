// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/store_seal.h"

#include "wire/digest.h"

namespace daypass::agent {

std::string SealOf(std::string_view text) {
  constexpr size_t kDigits = 16;
  return wire::Sha256Hex(text).substr(0, kDigits);
}

}  // namespace daypass::agent
