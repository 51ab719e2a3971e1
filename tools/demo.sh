#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# demo.sh [--shell]: the story of Daypass, played in a private world with real sudo, PAM, sshd and
# journald. Exit code 0 only if every step did what it should. --shell: sets the same world up and leaves you in it.
. "$(dirname "$0")/world.sh"
. /source/tools/demo/show.sh
. /source/tools/demo/setup.sh
. /source/tools/demo/story.sh

if [ "${1:-}" = --shell ]; then
  mkdir -p "$logs"
  set_up > "$logs/setup" 2>&1 || { cat "$logs/setup" && exit 1; }
  declare -p pid_of policy_digest > /run/world/state
  # Not exec: the daemons are this shell's children, and script(1) would take the end of one for its own child's.
  script -qec "bash --rcfile /source/tools/demo/shell.rc -i" /dev/null || true
  exit 0
fi

printf '%sDaypass: sudo works during the window, and only then.%s\n' "$bold" "$plain"
note "Everything below runs in a private world on this machine: real sudo, PAM, sshd and journald," \
  "on overlays in memory. The machine itself stays untouched."
set_up
story
printf '\n%sEvery step did what it should.%s  Try it by hand: make demo-shell\n' "$bold" "$plain"
