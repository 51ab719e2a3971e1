// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What runs another program that is named in its arguments.
#include "policy/escapes/escape.h"

namespace daypass::policy {
namespace {

using enum Power;
using enum Needs;

constexpr Escape kRows[] = {
    {"env", "env(1), runs the command that it is given", {{kRuns}}},
    {"nice", "nice(1), runs the command that it is given", {{kRuns}}},
    {"ionice", "ionice(1), runs the command that it is given", {{kRuns}}},
    {"timeout", "timeout(1), runs the command that it is given", {{kRuns}}},
    {"nohup", "nohup(1), runs the command that it is given", {{kRuns}}},
    {"setsid", "setsid(1), runs the command that it is given", {{kRuns}}},
    {"stdbuf", "stdbuf(1), runs the command that it is given", {{kRuns}}},
    {"taskset", "taskset(1), runs the command that it is given", {{kRuns}}},
    {"chrt", "chrt(1), runs the command that it is given", {{kRuns}}},
    {"flock", "flock(1), runs the command that it is given", {{kRuns}}},
    {"watch", "watch(1), runs the command that it is given", {{kRuns}}},
    {"prlimit", "prlimit(1), runs the command that it is given", {{kRuns}}},
    {"parallel", "parallel(1), runs the command that it is given", {{kRuns}}},
    {"time", "time(1), runs the command that it is given", {{kRuns}}},
    {"choom", "choom(1), runs the command that it is given", {{kRuns}}},
    {"setarch", "setarch(1), runs the command that it is given", {{kRuns}}},
    {"linux32", "linux32(1), runs the command that it is given", {{kRuns}}},
    {"linux64", "linux64(1), runs the command that it is given", {{kRuns}}},
    {"unbuffer", "unbuffer(1), runs the command that it is given", {{kRuns}}},
    {"rlwrap", "rlwrap(1), runs the command that it is given", {{kRuns}}},
    {"fakeroot", "fakeroot(1), runs the command that it is given", {{kRuns}}},
    {"faketime", "faketime(1), runs the command that it is given", {{kRuns}}},
    {"firejail", "firejail(1), runs the command that it is given", {{kRuns}}},
    {"cpulimit", "cpulimit(1), runs the command that it is given", {{kRuns}}},
    {"numactl", "numactl(1), runs the command that it is given", {{kRuns}}},
    {"entr", "entr(1), runs the command that it is given", {{kRuns}}},
    {"sshpass", "sshpass(1), runs the command that it is given", {{kRuns}}},
    {"proxychains", "proxychains(1), runs the command that it is given", {{kRuns}}},
    {"torsocks", "torsocks(1), runs the command that it is given", {{kRuns}}},
    {"eatmydata", "eatmydata(1), runs the command that it is given", {{kRuns}}},
    {"cgexec", "cgexec(1), runs the command that it is given", {{kRuns}}},
    {"xvfb-run", "xvfb-run(1), runs the command that it is given", {{kRuns}}},
    {"dbus-run-session", "dbus-run-session(1), runs the command that it is given", {{kRuns}}},
    {"dbus-launch", "dbus-launch(1), runs the command that it is given", {{kRuns}}},
    {"catchsegv", "catchsegv(1), runs the command that it is given", {{kRuns}}},
    {"pexec", "pexec(1), runs the command that it is given", {{kRuns}}},
    {"xargs", "xargs(1), runs the command that it is given", {{kRuns}}},
    {"logsave", "logsave(8), runs the command that it is given", {{kRuns}}},
    {"chpst", "chpst(8), runs the command that it is given", {{kRuns}}},
    {"softlimit", "softlimit(8), runs the command that it is given", {{kRuns}}},
    {"at", "at(1), runs commands later", {{kRuns, "", kNothing, "-l"}}},
    {"batch", "batch(1), runs commands later", {{kRuns}}},
    {"find",
     "find(1), ACTIONS",
     {{kRuns, "-exec -execdir -ok -okdir"},
      {kWrites, "-fprint -fprint0 -fprintf -fls -delete"},
      {kReads, "-files0-from"}}},
    {"fd", "fd(1), OPTIONS", {{kRuns, "-x --exec -X --exec-batch"}}},
    {"fdfind", "fdfind(1), OPTIONS", {{kRuns, "-x --exec -X --exec-batch"}}},
    {"rg",
     "rg(1), --pre runs a command on each file",
     {{kRuns, "--pre --hostname-bin"}, {kReads, "", kPath}}},
    {"run-parts", "run-parts(8), runs every program of a folder", {{kRuns, "", kPath}}},
    {"start-stop-daemon",
     "start-stop-daemon(8), runs what --exec or --startas names",
     {{kRuns, "-x --exec -a --startas"}}},
    {"systemd-run", "systemd-run(1), runs a command in a unit of its own", {{kRuns}}},
    {"systemd-cat", "systemd-cat(1), runs the command that it is given", {{kRuns}}},
    {"systemd-inhibit", "systemd-inhibit(1), runs the command that it is given", {{kRuns}}},
    {"systemd-nspawn", "systemd-nspawn(1), runs a shell in any folder as root", {{kRuns}}},
    {"ip",
     "ip(8), ip-netns(8): exec runs a command; -batch reads a file",
     {{kRuns, "exec -b -batch"}, {kRuns, "netns", kFree}}},
    {"git", "git(1), git-config(1): aliases, hooks, pagers and editors run commands", {{kRuns}}},
    {"hg", "hg(1), aliases, hooks and extensions run code", {{kRuns}}},
    {"svn",
     "svn(1), --editor-cmd and --diff-cmd run a command",
     {{kRuns, "--editor-cmd --diff-cmd --diff3-cmd --config-option --config-dir"},
      {kRuns, "commit ci import mkdir propedit pedit pe"}}},
    {"ssh-agent", "ssh-agent(1), runs the command that it is given", {{kRuns, "", kNothing, "-k"}}},
    {"ldd", "ldd(1), Security: may run the program that it is given", {{kRuns, "", kPath}}},
    {"run-mailcap", "run-mailcap(1), runs the viewer of a file", {{kRuns}}},
    {"xdg-open", "xdg-open(1), runs the viewer of a file", {{kRuns}}},
    {"aa-exec", "aa-exec(1), runs a command in another profile", {{kRuns}}},
    {"gtester", "gtester(1), runs test programs", {{kRuns}}},
    {"debuginfod-find", "debuginfod-find(1), fetches files", {{kWrites, "", kFree}}},
};

}  // namespace

std::span<const Escape> RunnerEscapes() {
  return kRows;
}

}  // namespace daypass::policy
