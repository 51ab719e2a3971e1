// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// agent.toml: where the courier goes is a server's address and nothing more.
#include "agent/sync/config.h"
#include "tests/fuzz/scratch.h"
#include "tests/fuzz/target.h"

namespace daypass::fuzz {

namespace {

core::Result<agent::SyncConfig> Load(std::string_view input) {
  static const Scratch scratch;
  static platform::Paths paths = platform::MakePaths(scratch.path());
  paths.agent_toml = scratch.Write("agent.toml", input);
  paths.host_toml = scratch.Write("host.toml", "[policy]\nversion = 3\n");
  return agent::LoadSyncConfig(paths);
}

}  // namespace

const Reader kReader{.limit = size_t{64} << 10,
                     .max_input = size_t{4} << 10,
                     .read = [](std::string_view input) { (void)Load(input); },
                     .max_heap = kTomlFactor * (size_t{64} << 10)};

void Try(std::string_view input) {
  const auto config = Load(input);
  if (!config) return RequireFit(config.error());
  constexpr std::string_view kScheme = "https://";
  Require(config->server.starts_with(kScheme) && config->server.size() > kScheme.size(),
          "the courier speaks HTTPS alone");
  Require(config->server.find_first_of("/?#@ ", kScheme.size()) == std::string::npos,
          "a server has no path, and nobody's password");
  Require(wire::IsPlainLine(config->server) && wire::IsPlainLine(config->proxy),
          "an address reads as it is written");
  Require(config->ca_file.starts_with('/'), "a file has a place");
  Require(config->pinned_policy == 3, "what root pinned is read from host.toml");
  Require(config->status_every > core::Seconds{0} && config->status_every <= core::Seconds{3600},
          "the time between statuses is sensible");
}

}  // namespace daypass::fuzz
