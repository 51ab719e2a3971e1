// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Exit codes: part of the interface, for scripts. Documented in daypass(1).
#pragma once

#include <cstdint>

#include "core/reason.h"

namespace daypass::cli {

enum class Exit : uint8_t {
  kDone = 0,          ///< done, or allowed
  kRefused = 1,       ///< denied, refused, not found
  kUsage = 2,         ///< the command line is wrong
  kInvalid = 3,       ///< an input is wrong; the message names file or field
  kUnreachable = 4,   ///< agent or server did not answer
  kNotYours = 5,      ///< not yours to do
  kUntrusted = 6,     ///< a signature, chain or digest is wrong
  kPending = 75,      ///< nothing decided yet: ask again
  kInterrupted = 130  ///< Ctrl-C
};

/// The exit code that goes with a fault.
Exit ExitOf(core::Reason reason);

}  // namespace daypass::cli
