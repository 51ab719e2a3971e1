// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// host.toml: a host is who root says it is, in words of the same kind as a policy's.
#include "agent/host_config.h"
#include "tests/fuzz/scratch.h"
#include "tests/fuzz/target.h"
#include "wire/json.h"

namespace daypass::fuzz {

namespace {

core::Result<agent::HostConfig> Load(std::string_view input) {
  static const Scratch scratch;
  return agent::LoadHostConfig(scratch.Write("host.toml", input));
}

}  // namespace

const Reader kReader{.limit = size_t{64} << 10,
                     .max_input = size_t{4} << 10,
                     .read = [](std::string_view input) { (void)Load(input); },
                     .max_heap = kTomlFactor * (size_t{64} << 10)};

void Try(std::string_view input) {
  const auto config = Load(input);
  if (!config) return RequireFit(config.error());
  Require(wire::IsHex128(config->identity.realm), "a realm is a realm");
  Require(wire::IsHostName(config->identity.name), "a host has a name");
  Require(wire::IsDigest(config->policy.digest), "a pinned policy is pinned by its digest");
  Require(config->policy.version >= 1 &&
              config->policy.version <= static_cast<uint64_t>(wire::kMaxJsonInt),
          "a pinned policy has a version");
  for (const auto& [label, value] : config->identity.labels) {
    Require(wire::IsName(value), "a label's value is a name");
  }
}

}  // namespace daypass::fuzz
