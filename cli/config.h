// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Who the reader of the terminal is, which server they ask, and which first policy they trust:
// cli.toml, written by `daypass login`. And the token of a session, kept apart in a folder that
// does not outlive the session.
//
//   1. MUST NOT read a cli.toml or token that somebody else could have written: the pinned policy
//      stands there.
#pragma once

#include <optional>
#include <string>

#include "cli/verb.h"
#include "core/policy.h"
#include "core/result.h"

namespace daypass::cli {

/// The policy that an administrator vouched for, by digest. Everything newer follows from it.
struct PolicyPin {
  std::string realm;
  uint64_t version = 0;
  core::Digest digest;
};

struct Config {
  std::string folder;
  std::string server;  ///< "https://..."
  std::string ca;      ///< PEM file
  std::string person;
  std::string key;  ///< private key, or public key of one in an agent
  std::optional<PolicyPin> pin;
};

/// The folder of cli.toml: --config, else XDG_CONFIG_HOME or ~/.config, and "daypass".
core::Result<std::string> ConfigFolder(const Globals& globals);

/// Reads cli.toml; --server goes before its server. Fails: kNotSignedIn (there is none: says how to
/// log in), kMalformed with file:line:column, kPathUnsafe.
core::Result<Config> LoadConfig(const Globals& globals);
core::Result<void> SaveConfig(const Config& config);
bool HasConfig(const Globals& globals);

std::string ConfigFile(const std::string& folder);
std::string PolicyFile(const std::string& folder);

/// A person signed in at a server.
struct Session {
  std::string server;
  std::string person;
  std::string token;  ///< a secret
  core::Instant expires;
};

/// None if there is no token, or it is another server's, or has run out.
std::optional<Session> LoadSession(const Globals& globals, const Config& config);
core::Result<void> SaveSession(const Globals& globals, const Config& config,
                               const Session& session);

/// "~/x" as the shell would read it; anything else as it is.
std::string ExpandHome(const std::string& path);

}  // namespace daypass::cli
