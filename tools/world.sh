# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# Sourced at the top of a script, as in
#     . "$(dirname "$0")/../../tools/world.sh"
# it makes the rest of that script run in a private world (tools/world/enter.sh): sourced outside, it
# enters one and never returns; sourced inside, it brings the words that tests and the demo are
# written in. As a program of its own, "tools/world.sh COMMAND..." runs a command in a bare world.
set -euo pipefail

if [ "${DAYPASS_WORLD:-}" != inside ]; then
  exec "$(dirname "${BASH_SOURCE[0]}")/world/enter.sh" "$(readlink -f "$0")" "$@"
fi

world=/source/tools/world
. "$world/host.sh"
. "$world/service.sh"
. "$world/document.sh"
. "$world/expect.sh"
