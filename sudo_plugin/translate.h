// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Answers out: what the plugin returns, and what sudo 1.9 does with it.
#pragma once

#include <cstdint>

namespace daypass::sudo_plugin {

/// Far apart, so that no bit that falls over turns a refusal into a pass.
enum class Answer : uint32_t { kRefuse = 0x35CA39A6, kPass = 0xC93516D8 };

inline constexpr int kSudoPass = 1;    // check: goes on. accept: goes on. open: the plugin is used.
inline constexpr int kSudoRefuse = 0;  // check, accept: sudo exits 1, the command does not run.
                                       // open: THE PLUGIN IS DROPPED AND THE COMMAND RUNS. Never.
inline constexpr int kSudoFault = -1;  // check, accept: as kSudoRefuse. open: sudo exits 1.

/// For check() and accept().
constexpr int ToSudo(Answer answer) {
  return answer == Answer::kPass ? kSudoPass : kSudoRefuse;
}

}  // namespace daypass::sudo_plugin
