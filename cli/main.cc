// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass: the program of people who ask, approve and administer.
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/verb.h"
#include "wire/json.h"

namespace daypass::cli {
namespace {

Exit Run(const std::vector<std::string>& arguments) {
  const CommandLine line = ParseCommandLine(arguments, Verbs());
  if (line.verb == nullptr) {
    (void)std::fputs(line.text.c_str(), line.exit == Exit::kDone ? stdout : stderr);
    return line.exit;
  }
  Output out(line.globals.json, line.globals.no_color);
  Context context{line.globals, out, platform::MakePaths(line.globals.root)};
  core::Result<Exit> exit = line.verb->Run(context);
  if (exit) return *exit;
  out.Fault(exit.error());
  return ExitOf(exit.error().code);
}

}  // namespace
}  // namespace daypass::cli

int main(int argc, char** argv) {
  daypass::wire::EndWithoutMemory();
  try {
    return static_cast<int>(daypass::cli::Run({argv + 1, argv + argc}));
  } catch (const std::exception& bug) {
    (void)std::fprintf(stderr, "daypass: this is a bug: %s\n", bug.what());
    return static_cast<int>(daypass::cli::Exit::kRefused);
  }
}
