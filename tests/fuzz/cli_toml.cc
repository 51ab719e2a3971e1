// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// cli.toml: what was read and kept is read again as the same.
#include "cli/config.h"
#include "tests/fuzz/scratch.h"
#include "tests/fuzz/target.h"

namespace daypass::fuzz {

namespace {

const Scratch& Folder() {
  static const Scratch scratch;
  return scratch;
}

core::Result<cli::Config> Load() {
  cli::Globals globals;
  globals.config = Folder().path();
  return cli::LoadConfig(globals);
}

}  // namespace

const Reader kReader{.limit = size_t{64} << 10,
                     .max_input = size_t{4} << 10,
                     .read =
                         [](std::string_view input) {
                           Folder().Write("cli.toml", input);
                           (void)Load();
                         },
                     .max_heap = kTomlFactor * (size_t{64} << 10)};

void Try(std::string_view input) {
  Folder().Write("cli.toml", input);
  const auto config = Load();
  if (!config) return RequireFit(config.error());
  Require(config->pin.has_value(), "the first policy is pinned");
  Require(wire::IsHex128(config->pin->realm) && wire::IsDigest(config->pin->digest) &&
              config->pin->version > 0,
          "a pin is a pin");
  Require(wire::IsName(config->person), "a person has a name");
  Require(static_cast<bool>(cli::SaveConfig(*config)), "what was read can be kept");
  const auto again = Load();
  Require(again && again->server == config->server && again->ca == config->ca &&
              again->key == config->key && again->person == config->person &&
              again->pin->digest == config->pin->digest,
          "what was kept is what was read");
}

}  // namespace daypass::fuzz
