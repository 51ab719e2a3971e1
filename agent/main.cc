// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypassd's entry: leaves the network, starts the helpers, and runs the decider.
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <string_view>

#include "agent/daypassd.h"
#include "agent/resolver.h"
#include "wire/json.h"

namespace {

constexpr int kExitUsage = 2;

constexpr std::string_view kHelp =
    "daypassd - decides on this host who may do what, and ends it in time\n"
    "\n"
    "  daypassd [--root DIR]\n"
    "\n"
    "  --root DIR   every path below DIR (for tests)\n"
    "  --version    print the version\n"
    "  --help       print this\n"
    "\n"
    "Configuration: /etc/daypass/host.toml and gate.conf; see daypassd(8).\n";

struct Options {
  std::string root;
};

/// The options, or the exit code of what was asked instead.
std::optional<Options> ParseOptions(int argc, char** argv, int& exit_code) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--root" && i + 1 < argc) {
      options.root = argv[++i];
    } else if (argument == "--help") {
      std::fputs(kHelp.data(), stdout);
      return std::nullopt;
    } else if (argument == "--version") {
      std::puts("daypassd " DAYPASS_VERSION);
      return std::nullopt;
    } else {
      std::fprintf(stderr, "daypassd: %s is not an option; try --help\n", argv[i]);
      exit_code = kExitUsage;
      return std::nullopt;
    }
  }
  return options;
}

daypass::core::Result<int> Run(const Options& options) {
  if (auto left = daypass::agent::LeaveNetwork(); !left) return std::move(left).error();
  auto helpers = daypass::agent::ForkResolverHelpers();
  if (!helpers) return std::move(helpers).error();
  return daypass::agent::RunDaypassd(options.root, std::move(*helpers));
}

}  // namespace

int main(int argc, char** argv) try {
  daypass::wire::EndWithoutMemory();
  int exit_code = 0;
  const std::optional<Options> options = ParseOptions(argc, argv, exit_code);
  if (!options) return exit_code;
  daypass::core::Result<int> result = Run(*options);
  if (result) return *result;
  std::fprintf(stderr, "daypassd: %s\n", result.error().what.c_str());
  return 1;
} catch (const std::exception& fault) {
  std::fprintf(stderr, "daypassd: %s\n", fault.what());
  return 1;
}
