// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Keys and their meaning: sudo_plugin(5); plugins/sudoers/policy.c and src/exec_intercept.c of
// sudo.
#include "sudo_plugin/facts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

#include "sudo_plugin/options.h"

namespace daypass::sudo_plugin {
namespace {

using client::CommandCall;
using core::Error;
using core::Mode;
using core::Reason;
using core::Result;

// Every key of command_info up to plugin API 1.22 that either goes into the question, or is what
// sudoers, that is root, decides: limits, logging, terminals, confinement.
constexpr std::array<std::string_view, 54> kKnownKeys = {"apparmor_profile",
                                                         "chroot",
                                                         "closefrom",
                                                         "command",
                                                         "cwd",
                                                         "cwd_optional",
                                                         "exec_background",
                                                         "execfd",
                                                         "ignore_iolog_errors",
                                                         "intercept",
                                                         "intercept_verify",
                                                         "iolog_compress",
                                                         "iolog_flush",
                                                         "iolog_group",
                                                         "iolog_mode",
                                                         "iolog_path",
                                                         "iolog_stderr",
                                                         "iolog_stdin",
                                                         "iolog_stdout",
                                                         "iolog_ttyin",
                                                         "iolog_ttyout",
                                                         "iolog_user",
                                                         "log_passwords",
                                                         "log_server_timeout",
                                                         "log_subcmds",
                                                         "login_class",
                                                         "maxseq",
                                                         "nice",
                                                         "noexec",
                                                         "passprompt_regex",
                                                         "preserve_fds",
                                                         "preserve_groups",
                                                         "runas_egid",
                                                         "runas_euid",
                                                         "runas_gid",
                                                         "runas_group",
                                                         "runas_groups",
                                                         "runas_uid",
                                                         "runas_user",
                                                         "runcwd",
                                                         "selinux_role",
                                                         "selinux_type",
                                                         "set_utmp",
                                                         "source",
                                                         "sudoedit",
                                                         "sudoedit_checkdir",
                                                         "sudoedit_follow",
                                                         "sudoedit_nfiles",
                                                         "timeout",
                                                         "umask",
                                                         "umask_override",
                                                         "use_ptrace",
                                                         "use_pty",
                                                         "utmp_user"};
constexpr std::array<std::string_view, 2> kKnownPrefixes = {"rlimit_", "log_server"};
constexpr size_t kMaxKeyBytes = 64;

bool IsKnown(std::string_view key) {
  const auto is_prefix = [key](std::string_view prefix) { return key.starts_with(prefix); };
  return std::ranges::find(kKnownKeys, key) != kKnownKeys.end() ||
         std::ranges::any_of(kKnownPrefixes, is_prefix);
}

std::string UnknownOption(std::string_view key) {
  std::string word = "unknown:" + std::string(key.substr(0, kMaxKeyBytes));
  std::ranges::replace_if(word, [](char c) { return c <= ' ' || c > '~'; }, '?');
  return word;
}

std::vector<std::string> ReadOptions(const KeyValues& settings, const Command& command) {
  const KeyValues info(command.info);
  const bool selinux = settings.Get("selinux_role") || settings.Get("selinux_type");
  const std::pair<std::string_view, bool> asked[] = {
      {"chdir", settings.Get("cmnd_cwd").has_value()},
      {"chroot", settings.Get("cmnd_chroot") || info.Get("chroot")},
      {"closefrom", settings.Get("closefrom").has_value()},
      {"host", settings.Get("remote_host").has_value()},
      {"preserve_env", settings.IsTrue("preserve_environment")},
      {"preserve_fds", info.Get("preserve_fds").has_value()},
      {"preserve_groups", settings.IsTrue("preserve_groups")},
      {"selinux", selinux},
      {"timeout", settings.Get("timeout").has_value()},
  };
  std::vector<std::string> options;
  for (const auto& [name, is_asked] : asked) {
    if (is_asked) options.emplace_back(name);
  }
  for (const std::string& entry : command.info) {
    const std::string_view key = std::string_view(entry).substr(0, entry.find('='));
    if (!IsKnown(key)) options.push_back(UnknownOption(key));
  }
  return options;
}

Mode ReadMode(const KeyValues& settings, const Command& command) {
  if (IsSubcommand(command)) return Mode::kRun;
  if (KeyValues(command.info).IsTrue("sudoedit") || settings.IsTrue("sudoedit")) return Mode::kEdit;
  if (settings.IsTrue("login_shell")) return Mode::kLogin;
  if (settings.IsTrue("run_shell") || settings.IsTrue("implied_shell")) return Mode::kShell;
  return Mode::kRun;
}

// argv is: editor, its arguments, "--", files. A user can put "--" into his editor's arguments
// (CVE-2023-22809), so the files are counted from the end; without a count only one "--" is clear.
Result<std::vector<std::string>> ReadFiles(const Command& command) {
  const std::vector<std::string>& argv = command.argv;
  const Error unclear{Reason::kProtocol, "it is not clear which files sudoedit is to edit", {}};
  size_t count = 0;
  if (const auto text = KeyValues(command.info).Get("sudoedit_nfiles")) {
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), count);
    if (error != std::errc() || end != text->data() + text->size()) return unclear;
  } else {
    if (std::ranges::count(argv, "--") != 1) return unclear;
    count = static_cast<size_t>(argv.end() - std::ranges::find(argv, "--")) - 1;
  }
  if (count == 0 || count >= argv.size()) return unclear;
  return std::vector<std::string>(argv.end() - static_cast<ptrdiff_t>(count), argv.end());
}

// With sudoers' stay_setuid the real ids stay the caller's: what counts is what it runs with.
Result<uint32_t> ReadEffectiveId(const KeyValues& info, std::string_view effective,
                                 std::string_view real) {
  return info.GetId(info.Get(effective) ? effective : real);
}

std::string ReadApi(unsigned version) {
  return std::to_string(version >> 16) + "." + std::to_string(version & 0xffff);
}

}  // namespace

/// Only sudo's intercept appends runcwd. A main command that had it would be denied, for want of a
/// parent.
bool IsSubcommand(const Command& command) {
  return KeyValues(command.info).Get("runcwd").has_value();
}

RunDirectory ReadRunDirectory(const Command& command) {
  const KeyValues info(command.info);
  if (IsSubcommand(command)) {
    const std::string path = info.GetOrEmpty("runcwd");
    // sudo says "unknown" where it cannot tell, and refuses relative commands there.
    return {path.starts_with('/') ? path : "", false};
  }
  return {info.GetOrEmpty("cwd"), info.IsTrue("cwd_optional")};
}

Result<CommandCall> ReadFacts(const Opened& opened, const Command& command) {
  const KeyValues settings(opened.settings);
  const KeyValues user(opened.user_info);
  const KeyValues info(command.info);
  Result<uint32_t> uid = user.GetId("uid");
  if (!uid) return std::move(uid).error();
  Result<uint32_t> runas_uid = ReadEffectiveId(info, "runas_euid", "runas_uid");
  if (!runas_uid) return std::move(runas_uid).error();
  Result<uint32_t> runas_gid = ReadEffectiveId(info, "runas_egid", "runas_gid");
  if (!runas_gid) return std::move(runas_gid).error();

  CommandCall call;
  call.user = user.GetOrEmpty("user");
  call.uid = *uid;
  call.mode = ReadMode(settings, command);
  call.command = info.GetOrEmpty("command");
  call.argv = command.argv;
  if (call.mode == Mode::kEdit) {
    Result<std::vector<std::string>> files = ReadFiles(command);
    if (!files) return std::move(files).error();
    call.files = *std::move(files);
  }
  const std::string run_directory = ReadRunDirectory(command).path;
  call.cwd = run_directory.empty() ? user.GetOrEmpty("cwd") : run_directory;
  call.runas_user = info.GetOrEmpty("runas_user");
  call.runas_uid = *runas_uid;
  call.runas_gid = *runas_gid;
  call.runas_group = info.GetOrEmpty("runas_group");
  if (call.runas_group.empty()) call.runas_group = settings.GetOrEmpty("runas_group");
  call.groups_kept = info.IsTrue("preserve_groups");
  call.env = command.envp;
  call.options = ReadOptions(settings, command);
  call.tty = user.GetOrEmpty("tty");
  call.noninteractive = settings.IsTrue("noninteractive");
  // By ptrace: its other way is a library in the command's own process, which may do without.
  call.intercepts = info.IsTrue("intercept") && info.IsTrue("use_ptrace");
  call.subcommand = IsSubcommand(command);
  call.api = ReadApi(opened.version);
  return call;
}

}  // namespace daypass::sudo_plugin
