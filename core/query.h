// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Query: the question of one moment, with its facts. Whoever asks has gathered the facts before;
// Decide reads nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/door.h"

namespace daypass::core {

enum class Mode : uint8_t {
  kRun,     ///< sudo CMD
  kShell,   ///< sudo -s
  kLogin,   ///< sudo -i
  kEdit,    ///< sudoedit FILES
  kAccount  ///< a door that shows no command (PAM account)
};

/// What resolving one path found. Default: nothing is known, so nothing matches.
struct PathFact {
  std::string canonical;  ///< absolute, no symlinks; empty if it could not be resolved
  bool safe = false;      ///< every existing component root-owned and writable by nobody else
  std::string unsafe;     ///< the first component that is not, or why nothing is known
  std::string sha256;     ///< of the content, only where a rule asks
};

/// The allowed command in whose name another one runs, under sudo's intercept.
struct Parent {
  std::string grant;     ///< the whole id, or empty under a standing rule
  std::string standing;  ///< the standing rule, or empty under a grant
  std::string rule;      ///< "" where a `full` role allowed it
};

struct Query {
  std::string user;  ///< the subject's account name
  uint32_t uid = 0;  ///< and uid; both must be the grant's
  Door door = Door::kSudo;
  Mode mode = Mode::kRun;
  std::string command;  ///< as sudo will run it; may be relative
  PathFact command_path;
  std::vector<std::string> args;     ///< without argv[0], which the user types as he likes
  std::vector<PathFact> arg_paths;   ///< parallel to `args`; empty where no rule asks
  std::vector<std::string> files;    ///< sudoedit's
  std::vector<PathFact> file_paths;  ///< parallel to `files`
  std::string cwd;
  std::string runas_user;
  uint32_t runas_uid = 0;
  std::string runas_group;  ///< asked for with -g, else empty
  uint32_t runas_gid = 0;
  std::vector<std::string> env;      ///< NAME=value, as the command will get it
  std::vector<std::string> options;  ///< sudo's options that change what runs: "chdir", "chroot"...
  bool intercepts = false;           ///< sudo will ask for whatever this command starts
  std::optional<Parent> parent;      ///< this is what an allowed command starts
  bool sudo_has_no_plugins = false;  ///< this host's sudo is sudo-rs: it never shows a command
};

}  // namespace daypass::core
