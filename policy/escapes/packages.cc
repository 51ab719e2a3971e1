// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Installers: a package's scripts run as root.
#include "policy/escapes/escape.h"

namespace daypass::policy {
namespace {

using enum Power;
using enum Needs;

constexpr Escape kRows[] = {
    {"apt",
     "apt(8), apt-get(8), installs packages and runs their scripts",
     {{kRuns, "-o --option -c --config-file"}, {kRuns, "", kNothing, "update list show search"}}},
    {"apt-get",
     "apt-get(8), installs packages and runs their scripts",
     {{kRuns, "-o --option -c --config-file"},
      {kRuns, "", kNothing, "update check clean autoclean indextargets"}}},
    {"apt-cache",
     "apt-cache(8), -o and -c name programs to run",
     {{kRuns, "-o --option -c --config-file"}, {kRuns, "", kFree}}},
    {"apt-key",
     "apt-key(8), trusts other sources of packages",
     {{kAccounts, "", kNothing, "list"}}},
    {"apt-file",
     "apt-file(1), -c and -o name programs to run",
     {{kRuns, "-o --option -c --config-file"}}},
    {"apt-mark",
     "apt-mark(8), -o and -c name programs to run",
     {{kRuns, "-o --option -c --config-file"}}},
    {"add-apt-repository", "add-apt-repository(1), trusts other sources of packages", {{kRuns}}},
    {"unattended-upgrade",
     "unattended-upgrade(8), installs what its configuration allows",
     {{kRuns, "", kFree}}},
    {"aptitude", "aptitude(8), a program of choices on the screen", {{kShell}}},
    {"dpkg",
     "dpkg(1), installs packages and runs their scripts",
     {{kRuns,
       "-i --install --unpack --configure --triggers-only -r --remove -P --purge --admindir --root "
       "--instdir --pre-invoke --post-invoke --status-logger -R --recursive -A --record-avail"},
      {kShell, "-l --list -s --status -L --listfiles -S --search -p --print-avail", kNothing,
       "--no-pager"},
      {kWrites, "-x --extract -X --vextract -e --control --fsys-tarfile -b --build", kPath}}},
    {"dpkg-deb",
     "dpkg-deb(1), writes what it extracts",
     {{kWrites, "-x --extract -X --vextract -e --control -R --raw-extract -b --build", kFree},
      {kWrites, "", kPath}}},
    {"dpkg-reconfigure",
     "dpkg-reconfigure(8), runs the scripts of a package; editor front ends",
     {{kRuns, "", kFree}, {kRuns, "-f --frontend"}}},
    {"dpkg-divert",
     "dpkg-divert(1), moves the files of packages",
     {{kWrites, "", kNothing, "--list --listpackage --truename"}}},
    {"dpkg-statoverride",
     "dpkg-statoverride(1), sets owners and modes",
     {{kAccounts, "", kNothing, "--list"}}},
    {"update-alternatives",
     "update-alternatives(1), says which program a name means",
     {{kWrites, "", kNothing, "--display --query --list --get-selections"}}},
    {"debconf-set-selections",
     "debconf-set-selections(1), answers the questions of packages",
     {{kAccounts}}},
    {"gdebi", "gdebi(1), installs packages and runs their scripts", {{kRuns}}},
    {"alien", "alien(1), runs the scripts of packages", {{kRuns}}},
    {"tasksel", "tasksel(8), installs packages and runs their scripts", {{kRuns}}},
    {"dnf", "dnf(8), installs packages and runs their scripts", {{kRuns}}},
    {"yum", "yum(8), installs packages and runs their scripts", {{kRuns}}},
    {"microdnf", "microdnf(8), installs packages and runs their scripts", {{kRuns}}},
    {"zypper", "zypper(8), installs packages and runs their scripts", {{kRuns}}},
    {"rpm", "rpm(8), installs packages and runs their scripts", {{kRuns}}},
    {"apk", "apk(8), installs packages and runs their scripts", {{kRuns}}},
    {"pacman", "pacman(8), installs packages and runs their scripts", {{kRuns}}},
    {"rpm-ostree", "rpm-ostree(8), installs packages and runs their scripts", {{kRuns}}},
    {"snap", "snap(1), installs packages and runs their scripts", {{kRuns}}},
    {"flatpak", "flatpak(1), installs packages and runs their scripts", {{kRuns}}},
    {"guix", "guix(1), installs packages and runs their scripts", {{kRuns}}},
    {"nix", "nix(1), installs packages and runs their scripts", {{kRuns}}},
    {"nix-env", "nix-env(1), installs packages and runs their scripts", {{kRuns}}},
    {"nix-shell", "nix-shell(1), installs packages and runs their scripts", {{kRuns}}},
    {"brew", "brew(1), installs packages and runs their scripts", {{kRuns}}},
    {"conda", "conda(1), installs packages and runs their scripts", {{kRuns}}},
    {"pip", "pip(1), installs packages and runs their code", {{kRuns}}},
    {"pipx", "pipx(1), installs packages and runs their code", {{kRuns}}},
    {"uv", "uv(1), installs packages and runs their code", {{kRuns}}},
    {"poetry", "poetry(1), installs packages and runs their code", {{kRuns}}},
    {"easy_install", "easy_install(1), installs packages and runs their code", {{kRuns}}},
    {"npm", "npm(1), installs packages and runs their code", {{kRuns}}},
    {"npx", "npx(1), installs packages and runs their code", {{kRuns}}},
    {"yarn", "yarn(1), installs packages and runs their code", {{kRuns}}},
    {"pnpm", "pnpm(1), installs packages and runs their code", {{kRuns}}},
    {"gem", "gem(1), installs packages and runs their code", {{kRuns}}},
    {"bundle", "bundle(1), installs packages and runs their code", {{kRuns}}},
    {"bundler", "bundler(1), installs packages and runs their code", {{kRuns}}},
    {"cargo", "cargo(1), installs packages and runs their code", {{kRuns}}},
    {"go", "go(1), installs packages and runs their code", {{kRuns}}},
    {"composer", "composer(1), installs packages and runs their code", {{kRuns}}},
    {"cpan", "cpan(1), installs packages and runs their code", {{kRuns}}},
    {"cpanm", "cpanm(1), installs packages and runs their code", {{kRuns}}},
    {"luarocks", "luarocks(1), installs packages and runs their code", {{kRuns}}},
    {"opam", "opam(1), installs packages and runs their code", {{kRuns}}},
    {"cabal", "cabal(1), installs packages and runs their code", {{kRuns}}},
    {"stack", "stack(1), installs packages and runs their code", {{kRuns}}},
};

}  // namespace

std::span<const Escape> PackageEscapes() {
  return kRows;
}

}  // namespace daypass::policy
