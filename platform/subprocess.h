// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Runs a program to its end: argument vector, never a shell; bounded output, bounded time.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "platform/deadline.h"

namespace daypass::platform {

struct Program {
  std::vector<std::string> argv;  ///< argv[0]: a path, or a name looked up in this program's PATH
  /// Its standard input. Has a default so that designated initialisers may leave it out.
  std::string input = {};       // NOLINT(readability-redundant-member-init)
  bool inherit_input = false;   ///< its standard input is ours
  bool inherit_errors = false;  ///< its standard error is ours: prompts are seen
  /// Exactly these "NAME=value"; none: ours.
  std::optional<std::vector<std::string>> environment = std::nullopt;
  size_t max_output_bytes = 1024 * 1024;  ///< of standard output, and of standard error
  Deadline deadline = Deadline::Never();
};

struct ProgramEnd {
  int exit_code = -1;  ///< -1 if a signal ended it
  int signal = 0;
  std::string output;
  std::string errors;
};

/// Runs and waits. A program that fails is a ProgramEnd, not a fault. The controlling terminal is
/// the same, so that ssh-keygen can ask for a passphrase. Our signals: handlers may run meanwhile.
/// Descriptors above 2 are closed in it.
/// Fails: kTooLate (killed at the deadline), kTooLarge (killed), kInternal (could not be started).
core::Result<ProgramEnd> RunProgram(const Program& program);

}  // namespace daypass::platform
