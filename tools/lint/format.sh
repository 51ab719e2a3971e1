#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# format.sh [ROOT]: fails on every source file that clang-format 19 would lay out differently;
# "make format" does it.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
cd "${1:-$here/../..}"
"$here/sources.sh" . | xargs -r clang-format-19 --dry-run -Werror --style=file
