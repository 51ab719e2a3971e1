// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What sudo tells its plugin, of which arguments and environment are the user's: the question that
// becomes of it reaches the agent byte for byte, or is refused.
//
// Input: five parts with a NUL and a newline between: settings, user_info, command_info, argv and
// envp; in each part one entry a line.
#include "sudo_plugin/facts.h"

#include <algorithm>

#include "sudo_plugin/options.h"
#include "tests/fuzz/target.h"
#include "wire/ipc.h"

namespace daypass::fuzz {

namespace {

struct Told {
  sudo_plugin::Opened opened;
  sudo_plugin::Command command;
};

std::vector<std::string> TakeVector(std::string_view& input) {
  constexpr std::string_view kMark("\0\n", 2);
  std::string_view part = TakeUntil(input, kMark);
  std::vector<std::string> entries;
  while (!part.empty()) entries.emplace_back(TakeLine(part));
  return entries;
}

Told Split(std::string_view input) {
  Told told;
  told.opened.version = (1U << 16) | 21U;
  told.opened.settings = TakeVector(input);
  told.opened.user_info = TakeVector(input);
  told.command.info = TakeVector(input);
  told.command.argv = TakeVector(input);
  told.command.envp = TakeVector(input);
  return told;
}

void RequireArrives(wire::CommandCall call) {
  call.pid = 4711;  // the process's own to know
  const wire::Json parameters = wire::EncodeCommand(call);
  const auto arrived = wire::ParseCommand(parameters.get());
  if (!arrived) return RequireFit(arrived.error());  // over a limit: the agent denies
  // Names are text; one that is none arrives as a name that nobody has.
  for (std::string* name : {&call.user, &call.runas_user, &call.runas_group, &call.tty}) {
    *name = wire::ReplaceBadBytes(*name);
  }
  Require(*arrived == call, "what the agent judges is what sudo runs, byte for byte");
}

}  // namespace

// Many short entries take more as strings than as bytes: 32 for each empty one, twice.
const Reader kReader{.limit = size_t{256} << 10,
                     .max_input = size_t{8} << 10,
                     .read =
                         [](std::string_view input) {
                           const Told told = Split(input);
                           (void)sudo_plugin::ReadFacts(told.opened, told.command);
                         },
                     .max_heap = size_t{32} << 20};

void Try(std::string_view input) {
  const auto [opened, command] = Split(input);
  if (const auto options = sudo_plugin::ParseOptions(command.argv); options) {
    Require(options->root.empty() || options->root.starts_with('/'), "a root is absolute");
  }
  const auto facts = sudo_plugin::ReadFacts(opened, command);
  if (!facts) {
    Require(facts.error().code == core::Reason::kProtocol, "what sudo left out is a fault");
    return;
  }
  Require(facts->argv == command.argv && facts->env == command.envp,
          "arguments and environment are passed on as they are");
  for (const std::string& file : facts->files) {
    Require(std::ranges::find(command.argv, file) != command.argv.end(),
            "sudoedit's files come from its arguments");
  }
  RequireArrives(*facts);
}

}  // namespace daypass::fuzz
