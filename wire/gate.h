// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// gate.conf: root's own word on this host about who is not locked out. The agent reads it always,
// the shims only when the agent is silent. Lines of words; # starts a comment:
//
//   mode enforce            (or permissive: decide and record, but stop nobody)
//   exempt admin login      (an account, and a door that it passes without asking)
//
//   1. MUST mean "enforce, nobody exempt" whenever anything in the file is not understood.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/door.h"
#include "core/result.h"

namespace daypass::wire {

inline constexpr size_t kMaxGateConfBytes = 64 * 1024;

struct Exemption {
  std::string user;
  core::Door door = core::Door::kSudo;
};

/// What a missing or unreadable file means is the default value.
struct GateConf {
  bool permissive = false;
  std::vector<Exemption> exempt;
};

/// Fails kMalformed, naming the line. The caller then uses GateConf{}.
core::Result<GateConf> ParseGateConf(std::string_view text);

bool IsExempt(const GateConf& gate, std::string_view user, core::Door door);

}  // namespace daypass::wire
