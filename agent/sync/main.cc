// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass-sync's entry.
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <string_view>

#include "agent/sync/courier.h"
#include "wire/json.h"

namespace {

constexpr int kExitUsage = 2;
constexpr int kExitInput = 3;

constexpr std::string_view kHelp =
    "daypass-sync - carries documents and records between this host and its server\n"
    "\n"
    "  daypass-sync [--root DIR]\n"
    "\n"
    "  --root DIR   every path below DIR (for tests)\n"
    "  --version    print the version\n"
    "  --help       print this\n"
    "\n"
    "Configuration: /etc/daypass/agent.toml, section [sync]; see daypass-sync(8).\n";

/// Whether anybody reads it changes nothing that we do.
void Print(std::FILE* where, std::string_view text) {
  static_cast<void>(std::fwrite(text.data(), 1, text.size(), where));
}

/// The root, or the exit code of what was asked instead.
std::optional<std::string> ParseRoot(int argc, char** argv, int& exit_code) {
  std::string root;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--root" && i + 1 < argc) {
      root = argv[++i];
    } else if (argument == "--help") {
      Print(stdout, kHelp);
      return std::nullopt;
    } else if (argument == "--version") {
      Print(stdout, "daypass-sync " DAYPASS_VERSION "\n");
      return std::nullopt;
    } else {
      Print(stderr, "daypass-sync: " + std::string(argument) +
                        " is not an option, or lacks its value; try --help\n");
      exit_code = kExitUsage;
      return std::nullopt;
    }
  }
  return root;
}

}  // namespace

int main(int argc, char** argv) try {
  daypass::wire::EndWithoutMemory();
  int exit_code = 0;
  const std::optional<std::string> root = ParseRoot(argc, argv, exit_code);
  if (!root) return exit_code;
  const daypass::core::Result<int> result = daypass::agent::RunCourier(*root);
  if (result) return *result;
  Print(stderr, "daypass-sync: " + result.error().what + "\n");
  const bool is_input = !result.error().field.empty();  // a file, or a place in one
  return is_input ? kExitInput : 1;
} catch (const std::exception& fault) {
  Print(stderr, "daypass-sync: " + std::string(fault.what()) + "\n");
  return 1;
}
