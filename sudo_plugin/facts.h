// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Facts: what sudo is about to do, as sudo itself will do it, put into the question for the agent.
// `settings` is what the user asked for, `user_info` who he is, and `command_info` with argv and
// envp what sudo's policy made of it. Pure; nothing here judges.
//
//   1. MUST pass argv, environment and paths on as bytes, whatever they hold.
//   2. MUST take sudoedit's files from the end of argv, never the editor's arguments for files.
//   3. MUST report each option that changes what runs, and each key that is not known here: the
//      agent refuses unknown words, so that a newer sudo cannot do something that nobody judged.
#pragma once

#include <string>
#include <vector>

#include "client/ask.h"
#include "core/result.h"

namespace daypass::sudo_plugin {

/// What sudo tells a plugin when it opens it.
struct Opened {
  unsigned version = 0;  ///< sudo's plugin API: major << 16 | minor
  std::vector<std::string> settings;
  std::vector<std::string> user_info;
};

/// What sudo tells with one command.
struct Command {
  std::vector<std::string> info;
  std::vector<std::string> argv;
  std::vector<std::string> envp;
};

/// The question, but for pid, login uid and parent, which are the process's own to know.
/// Fails kProtocol: sudo left out something that a decision needs, or sudoedit's files are unclear.
core::Result<client::CommandCall> ReadFacts(const Opened& opened, const Command& command);

/// Where the command will run, if sudo changes there first; else empty.
struct RunDirectory {
  std::string path;
  bool may_stay = false;  ///< sudo runs it where it is if that directory cannot be entered
};
RunDirectory ReadRunDirectory(const Command& command);

/// Whether sudo's intercept asks for what a running command starts.
bool IsSubcommand(const Command& command);

}  // namespace daypass::sudo_plugin
