// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Waits between attempts: a second, doubling to a minute. Each is shortened at random by up to
// half, so that hosts that lost the server together do not come back together.
#pragma once

#include <cstdint>

#include "core/time.h"

namespace daypass::agent {

class Backoff {
 public:
  /// How long to wait now, after one more failure. `random`: any number.
  core::Millis Next(uint64_t random);
  void Reset() { failures_ = 0; }
  bool HasFailed() const { return failures_ > 0; }

 private:
  unsigned failures_ = 0;
};

}  // namespace daypass::agent
