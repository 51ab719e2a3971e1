// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// From a policy's sources to the exact bytes that administrators sign. Deterministic: the same
// tree, version, previous digest, time of creation and tables of time zones give the same bytes on
// every machine. What it makes is read back with the reader that every host uses before anybody
// sees it.
#pragma once

#include <optional>
#include <string>

#include "core/policy.h"
#include "core/result.h"
#include "policy/tree.h"
#include "wire/toml_table.h"

namespace daypass::policy {

/// What policy.toml may leave open. A value here goes before the one in the file.
struct BuildOptions {
  core::Instant now;  ///< time of creation, where neither says one
  std::optional<core::Instant> created;
  std::optional<uint64_t> version;
  std::optional<core::Digest> previous;
  std::string zoneinfo = "/usr/share/zoneinfo";  ///< where the rules of named zones are found
};

struct Built {
  std::string payload;
  core::Policy policy;  ///< as hosts will read it
};

/// Everything that is wrong goes into `fault`. Where that leaves a document that hosts could read,
/// it is returned nevertheless, for the lints: never to be signed.
std::optional<Built> BuildPolicy(const Tree& tree, const BuildOptions& options, wire::Fault& fault);

/// Fails: kMalformed with file:line:column; whatever wire::ParsePolicy refuses.
core::Result<Built> BuildPolicy(const Tree& tree, const BuildOptions& options);

}  // namespace daypass::policy
