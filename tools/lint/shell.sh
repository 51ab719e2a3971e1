#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# shell.sh [ROOT]: shellcheck over every script that says "#!/bin/bash" or "#!/bin/sh", and over the parts
# that they source. A variable of a sourced part (SC2154, SC2034, SC2120) is no finding.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
cd "${1:-$here/../..}"
find . -path ./.git -prune -o -path ./build -prune -o -type f -print0 |
  xargs -0 -r grep -lIE -m1 '^#!/bin/(ba)?sh|^# shellcheck shell=' | sort |
  xargs -r shellcheck --severity=warning --exclude=SC2154,SC2034,SC2120 --external-sources --source-path=SCRIPTDIR
