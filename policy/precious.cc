// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "policy/precious.h"

#include <algorithm>
#include <span>

namespace daypass::policy {
namespace {

using std::string_view;

// Whole folders: in each of them is more than one file that root runs or obeys.
constexpr string_view kWritten[] = {
    "/etc",  // sudoers, PAM, cron, units, ld.so.preload, passwd, every service's configuration
    "/usr",  // what root runs, and the libraries in it
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/boot",  // kernel and initrd
    "/root",
    "/dev",
    "/proc",
    "/sys",
    "/run",  // runtime units, sockets of services
    "/opt",  // other makers' programs, run by units
    "/var/spool/cron",
    "/var/spool/at",
    "/var/lib/dpkg",
    "/var/lib/apt",
    "/var/lib/rpm",
    "/var/lib/systemd",
    "/var/lib/polkit-1",
    "/var/lib/daypass",
    "/var/lib/daypass-server",
};
constexpr string_view kRead[] = {
    "/etc/shadow",
    "/etc/shadow-",
    "/etc/gshadow",
    "/etc/gshadow-",
    "/etc/security/opasswd",
    "/etc/ssh",
    "/etc/ssl/private",
    "/etc/daypass",
    "/etc/krb5.keytab",
    "/root",
    "/dev",
    "/proc",
    "/var/lib/daypass",
    "/var/lib/daypass-server",
    "/var/lib/daypass-sync",
    "/var/lib/systemd",
    "/var/backups",
    "/etc/NetworkManager",
    "/etc/sudoers",
    "/etc/sudoers.d",
};
// In anybody's home: keys and what a login reads.
constexpr string_view kNames[] = {"authorized_keys", ".ssh",     ".bashrc",         ".bash_profile",
                                  ".profile",        ".zshrc",   ".login",          ".gnupg",
                                  ".rhosts",         ".forward", ".pam_environment"};
constexpr string_view kHarmless[] = {"/dev/null", "/dev/stdin", "/dev/stdout", "/dev/stderr"};

bool IsIn(string_view path, string_view folder) {
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

bool HasPreciousName(string_view path) {
  while (!path.empty()) {
    const size_t end = std::min(path.find('/'), path.size());
    if (std::ranges::find(kNames, path.substr(0, end)) != std::end(kNames)) return true;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return false;
}

bool IsPrecious(string_view path, bool below, std::span<const string_view> folders) {
  if (std::ranges::find(kHarmless, path) != std::end(kHarmless)) return false;
  if (path.find("/..") != string_view::npos || HasPreciousName(path)) return true;
  return std::ranges::any_of(folders, [&](string_view folder) {
    return IsIn(path, folder) || (below && (path == "/" || IsIn(folder, path)));
  });
}

}  // namespace

bool IsPreciousToWrite(string_view path, bool below) {
  return IsPrecious(path, below, kWritten);
}

bool IsPreciousToRead(string_view path, bool below) {
  return IsPrecious(path, below, kRead);
}

}  // namespace daypass::policy
