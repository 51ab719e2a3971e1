// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// sudo's own log, into which users write their arguments and the names of their folders: what is
// believed of it has the shape of an account, a host and a path, and a policy comes of it.
#include <algorithm>

#include "core/escape.h"
#include "tests/fuzz/suggested.h"
#include "tests/fuzz/target.h"
#include "wire/string_rule.h"

namespace daypass::fuzz {

namespace {

const policy::Files kFiles{{{"/bin", "/usr/bin"}}, {}, {}};

}  // namespace

// A log may have 512 MiB, and is read line by line.
const Reader kReader{.limit = size_t{1} << 20,
                     .max_input = size_t{8} << 10,
                     .read =
                         [](std::string_view input) {
                           std::vector<policy::Use> uses;
                           policy::UnusedCounts unused;
                           policy::ReadSudoLog(input, kFiles, uses, unused);
                         },
                     .max_heap = size_t{32} << 20};

void Try(std::string_view input) {
  std::vector<policy::Use> uses;
  policy::UnusedCounts unused;
  policy::ReadSudoLog(input, kFiles, uses, unused);
  size_t seen = uses.size();
  for (const auto& [why, count] : unused) seen += count;
  Require(seen <= static_cast<size_t>(std::ranges::count(input, '\n')) + 1, "a line counts once");
  for (const policy::Use& use : uses) {
    Require(wire::IsAccount(use.account), "an account has the shape of one");
    Require(use.host.empty() || wire::IsHostName(use.host), "a host has the shape of one");
    Require(core::ForTerminal(use.when) == use.when, "a time is fit for a terminal");
    if (!use.trouble.empty()) continue;
    Require(use.command.empty() != use.files.empty(), "a command, or files that were edited");
    for (const std::string& path : use.files) Require(path.starts_with('/'), "files are absolute");
    Require(use.command.empty() || use.command.starts_with('/'), "commands are absolute");
  }
  TrySuggestion(policy::SketchRules(uses, policy::MachinesOf(uses, {"backup"}), unused));
}

}  // namespace daypass::fuzz
