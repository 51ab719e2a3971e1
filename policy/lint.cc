// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The table of commands that equal root.
#include "policy/lint.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace daypass::policy {
namespace {

using Names = std::span<const std::string_view>;

constexpr std::string_view kShells[] = {"sh",     "bash",    "dash",       "zsh",  "fish",
                                        "ksh",    "busybox", "su",         "sudo", "doas",
                                        "pkexec", "run",     "machinectl", "login"};
constexpr std::string_view kInterpreters[] = {"python", "perl", "ruby", "node", "lua",    "php",
                                              "awk",    "gawk", "mawk", "gdb",  "expect", "make"};
constexpr std::string_view kRunners[] = {
    "env",         "xargs", "find",    "nice",    "timeout", "strace",  "nsenter",
    "unshare",     "at",    "chroot",  "crontab", "tar",     "git",     "rsync",
    "zip",         "ssh",   "scp",     "docker",  "podman",  "kubectl", "lxc",
    "systemd-run", "watch", "tcpdump", "screen",  "tmux"};
constexpr std::string_view kEditorsAndPagers[] = {"vi",    "vim",    "view", "nvim", "nano",
                                                  "emacs", "ed",     "less", "more", "most",
                                                  "man",   "visudo", "vipw", "vigr"};
constexpr std::string_view kWriters[] = {"tee",   "cp",     "mv",      "dd",      "ln",
                                         "chmod", "chown",  "setfacl", "install", "mount",
                                         "sed",   "passwd", "usermod", "useradd", "setcap"};
constexpr std::string_view kInstallers[] = {"apt", "apt-get", "dpkg", "dnf",  "yum",
                                            "rpm", "pip",     "npm",  "snap", "flatpak"};

struct Row {
  Names names;
  std::string_view why;
};
constexpr std::array kRows = {
    Row{kShells, "is or opens a shell"},
    Row{kInterpreters, "runs code that its user writes"},
    Row{kRunners, "can be told to run other commands"},
    Row{kEditorsAndPagers, "can open a shell and other files"},
    Row{kWriters, "can change the files that make somebody root"},
    Row{kInstallers, "runs the scripts of what it installs"},
};

constexpr std::string_view kNoPager = "--no-pager";
/// Of systemctl: print little, ask nobody, open no pager or editor.
constexpr std::string_view kQuietVerbs[] = {
    "start",     "stop",       "restart",   "try-restart",  "reload",       "reload-or-restart",
    "is-active", "is-enabled", "is-failed", "reset-failed", "daemon-reload"};
constexpr std::string_view kReadingVerbs[] = {"status", "show", "cat", "list-units", "list-timers"};

bool Contains(Names names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Whether whatever the matcher lets through is one of the names.
bool IsAlways(const core::Matcher& matcher, Names names) {
  if (const auto* is = std::get_if<core::MatchIs>(&matcher)) return Contains(names, is->value);
  const auto* one_of = std::get_if<core::MatchOneOf>(&matcher);
  return one_of != nullptr &&
         std::all_of(one_of->values.begin(), one_of->values.end(),
                     [&](const std::string& value) { return Contains(names, value); });
}

bool IsNoPager(const core::Matcher& matcher) {
  const auto* is = std::get_if<core::MatchIs>(&matcher);
  return is != nullptr && is->value == kNoPager;
}

std::optional<std::string> WhySystemctl(const core::CommandRule& command) {
  const auto& args = command.args;
  if (!command.rest_any && !args.empty()) {
    if (IsAlways(args[0], kQuietVerbs)) return std::nullopt;
    const bool reads = std::any_of(args.begin(), args.end(), [](const core::Matcher& matcher) {
      return IsAlways(matcher, kReadingVerbs);
    });
    if (reads && std::any_of(args.begin(), args.end(), IsNoPager)) return std::nullopt;
  }
  return command.path +
         " can open a pager or an editor, unless its first argument is a verb such as restart, or "
         "it only reads and --no-pager is one of its arguments (and rest is none)";
}

}  // namespace

std::optional<std::string> WhyEqualsRoot(const core::CommandRule& command) {
  std::string_view name = command.path;
  name.remove_prefix(name.rfind('/') + 1);
  if (name == "systemctl") return WhySystemctl(command);
  if (name == "journalctl") {
    if (std::any_of(command.args.begin(), command.args.end(), IsNoPager)) return std::nullopt;
    return command.path + " opens a pager unless --no-pager is one of its arguments";
  }
  if (name == "daypass" && (command.args.empty() || !IsAlways(command.args[0], kReadingVerbs))) {
    return command.path + " can switch Daypass itself off on this host";
  }
  const size_t end = name.find_last_not_of("0123456789.");  // python3.11 is python
  const std::string_view stem = end == std::string_view::npos ? name : name.substr(0, end + 1);
  for (const Row& row : kRows) {
    if (!Contains(row.names, name) && !Contains(row.names, stem)) continue;
    return command.path + " " + std::string(row.why);
  }
  return std::nullopt;
}

}  // namespace daypass::policy
