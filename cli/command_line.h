// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// From argv to a verb that is ready to run. CLI11 does the parsing and writes --help.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/verb.h"

namespace daypass::cli {

/// Either a verb to run, or what to print and how to end.
struct CommandLine {
  Globals globals;
  std::unique_ptr<Verb> verb;
  std::string text;  ///< help or a usage fault, if there is no verb
  Exit exit = Exit::kDone;
};

/// `arguments`: without argv[0]. Reads nothing but them.
CommandLine ParseCommandLine(const std::vector<std::string>& arguments,
                             std::span<const VerbRow> verbs);

}  // namespace daypass::cli
