// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// server.toml: where the server listens is an address, and what it is called are names.
#include "server/config.h"
#include "tests/fuzz/target.h"

namespace daypass::fuzz {

const Reader kReader{
    .limit = size_t{64} << 10,
    .max_input = size_t{4} << 10,
    .read = [](std::string_view input) { (void)server::ParseConfig(input, "server.toml"); },
    .max_heap = kTomlFactor * (size_t{64} << 10)};

void Try(std::string_view input) {
  const auto config = server::ParseConfig(input, "server.toml");
  if (!config) return RequireFit(config.error());
  Require(!config->names.empty(), "a server has a name");
  for (const std::string& name : config->names) {
    Require(server::IsServerName(name), "a server's name is one");
  }
  const auto again = server::ParseConfig(server::EncodeConfig(*config), "server.toml");
  Require(again && again->address == config->address && again->port == config->port &&
              again->names == config->names,
          "what is written is what was read");
}

}  // namespace daypass::fuzz
