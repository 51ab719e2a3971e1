// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// server.toml: where the server listens and what it is called. Source:
// docs/man/daypass-server.toml.5.scd.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace daypass::server {

struct Config {
  std::string address;  ///< IP address
  uint16_t port = 0;
  std::vector<std::string> names;  ///< at least one; the first is what sign-in documents name
};

/// Reads the file's text. `path`: for messages. Fails: kMalformed, kUnknownField; the text names
/// file, line and column.
core::Result<Config> ParseConfig(std::string_view text, const std::string& path);

/// The text that ParseConfig reads back, with a comment for whoever edits it.
std::string EncodeConfig(const Config& config);

/// Reads "ADDRESS:PORT" ("127.0.0.1:8443", "[::]:8443") into the config. Fails: kMalformed.
core::Result<void> ParseListen(std::string_view text, Config& config);

/// Whether this can be a name of the server: a host name, or an IP address.
bool IsServerName(const std::string& name);

}  // namespace daypass::server
