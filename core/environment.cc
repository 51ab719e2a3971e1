// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "core/environment.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace daypass::core {
namespace {

// What sudo itself sets or keeps after env_reset (sudoers manual, "Command environment").
constexpr std::array<std::string_view, 29> kKnown = {"COLORS",
                                                     "COLORTERM",
                                                     "DISPLAY",
                                                     "HOME",
                                                     "HOSTNAME",
                                                     "KRB5CCNAME",
                                                     "LANG",
                                                     "LANGUAGE",
                                                     "LINGUAS",
                                                     "LOGNAME",
                                                     "LS_COLORS",
                                                     "MAIL",
                                                     "PATH",
                                                     "PS1",
                                                     "PS2",
                                                     "SHELL",
                                                     "SUDO_COMMAND",
                                                     "SUDO_GID",
                                                     "SUDO_HOME",
                                                     "SUDO_TTY",
                                                     "SUDO_UID",
                                                     "SUDO_USER",
                                                     "TERM",
                                                     "TZ",
                                                     "USER",
                                                     "USERNAME",
                                                     "XAUTHORITY",
                                                     "XAUTHORIZATION",
                                                     "XDG_CURRENT_DESKTOP"};

constexpr std::array<std::string_view, 7> kSystemFolders = {
    "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin", "/snap/bin"};

bool Contains(const auto& list, std::string_view value) {
  return std::ranges::find(list, value) != std::ranges::end(list);
}

bool IsSystemPath(std::string_view path) {
  while (true) {
    const size_t colon = path.find(':');
    if (!Contains(kSystemFolders, path.substr(0, colon))) return false;
    if (colon == std::string_view::npos) return true;
    path.remove_prefix(colon + 1);
  }
}

/// A locale, a terminal or a time zone is a name: no file of the user's, no format.
bool IsPlainName(std::string_view value) {
  return value.find('%') == std::string_view::npos && value.find("..") == std::string_view::npos &&
         !value.starts_with('/') && !value.starts_with(":/");
}

bool IsLocale(std::string_view name) {
  return name.starts_with("LC_") || name == "LANG" || name == "LANGUAGE" || name == "LINGUAS";
}

/// A program of the system; "" and "." are no folder of it.
bool IsSystemProgram(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash != std::string_view::npos && slash + 1 < path.size() &&
         Contains(kSystemFolders, path.substr(0, slash));
}

bool IsAllowed(std::string_view name, std::string_view value, std::span<const std::string> allowed,
               std::string_view home) {
  if (value.starts_with("()")) return false;  // a shell function under a harmless name
  if (Contains(allowed, name)) return true;
  if (name == "PATH") return IsSystemPath(value);
  if (name == "SHELL") return IsSystemProgram(value);  // editors and pagers run it
  if (name == "HOME") return home.empty() || value == home;
  if (IsLocale(name)) return IsPlainName(value) && value.find('/') == std::string_view::npos;
  if (name == "TZ" || name == "TERM") return IsPlainName(value);
  return Contains(kKnown, name);
}

}  // namespace

std::optional<std::string> FirstRefusedVariable(std::span<const std::string> env,
                                                std::span<const std::string> allowed,
                                                std::string_view home) {
  for (const std::string& entry : env) {
    const size_t equals = entry.find('=');
    if (equals == std::string::npos) return entry;
    const std::string_view text = entry;
    if (!IsAllowed(text.substr(0, equals), text.substr(equals + 1), allowed, home)) {
      return entry.substr(0, equals);
    }
  }
  return std::nullopt;
}

}  // namespace daypass::core
