// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Shells, what becomes somebody else, and what keeps a terminal with a shell in it.
#include "policy/escapes/escape.h"

namespace daypass::policy {
namespace {

using enum Power;
using enum Needs;

constexpr Escape kRows[] = {
    {"sh", "sh(1), the program is a shell", {{kShell}}},
    {"bash", "bash(1), the program is a shell", {{kShell}}},
    {"rbash", "rbash(1), the program is a shell", {{kShell}}},
    {"dash", "dash(1), the program is a shell", {{kShell}}},
    {"ash", "ash(1), the program is a shell", {{kShell}}},
    {"zsh", "zsh(1), the program is a shell", {{kShell}}},
    {"fish", "fish(1), the program is a shell", {{kShell}}},
    {"ksh", "ksh(1), the program is a shell", {{kShell}}},
    {"mksh", "mksh(1), the program is a shell", {{kShell}}},
    {"csh", "csh(1), the program is a shell", {{kShell}}},
    {"tcsh", "tcsh(1), the program is a shell", {{kShell}}},
    {"elvish", "elvish(1), the program is a shell", {{kShell}}},
    {"xonsh", "xonsh(1), the program is a shell", {{kShell}}},
    {"nu", "nu(1), the program is a shell", {{kShell}}},
    {"yash", "yash(1), the program is a shell", {{kShell}}},
    {"rc", "rc(1), the program is a shell", {{kShell}}},
    {"busybox", "busybox(1), COMMANDS: sh, vi and others", {{kShell}}},
    {"toybox", "busybox(1), COMMANDS: sh, vi and others", {{kShell}}},
    {"su", "su(1), runs a shell as somebody else", {{kShell}}},
    {"runuser", "runuser(1), runs a shell as somebody else", {{kShell}}},
    {"newgrp", "newgrp(1), runs a shell as somebody else", {{kShell}}},
    {"sg", "sg(1), runs a shell as somebody else", {{kShell}}},
    {"login", "login(1), runs a shell as somebody else", {{kShell}}},
    {"sulogin", "sulogin(1), runs a shell as somebody else", {{kShell}}},
    {"sudo", "sudo(8), runs a command as somebody else", {{kShell}}},
    {"pkexec", "pkexec(8), runs a command as somebody else", {{kShell}}},
    {"run0", "run0(8), runs a command as somebody else", {{kShell}}},
    {"doas", "doas(1), runs a command as somebody else", {{kShell}}},
    {"script", "script(1), DESCRIPTION: starts a shell", {{kShell}}},
    {"screen", "screen(1), DESCRIPTION: starts a shell", {{kShell}}},
    {"tmux", "tmux(1), DESCRIPTION: starts a shell", {{kShell}}},
    {"byobu", "byobu(1), starts a shell", {{kShell}}},
    {"dtach", "dtach(1), runs a command in its session", {{kShell}}},
    {"abduco", "abduco(1), runs a command in its session", {{kShell}}},
    {"xterm", "xterm(1), OPTIONS: starts a shell", {{kShell}}},
    {"chroot", "chroot(8), starts a shell below any root", {{kShell}}},
    {"nsenter", "nsenter(1), starts a shell in other namespaces", {{kShell}}},
    {"unshare", "unshare(1), starts a shell in new namespaces", {{kShell}}},
    {"setpriv", "setpriv(1), runs a program with other ids", {{kRuns}}},
    {"capsh", "capsh(1), OPTIONS: starts a shell", {{kShell}}},
    {"agetty", "agetty(8), OPTIONS: a login program of choice", {{kRuns}}},
};

}  // namespace

std::span<const Escape> ShellEscapes() {
  return kRows;
}

}  // namespace daypass::policy
