#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# words.sh [ROOT]: finds misspelt words in code and pages. Words that are right here and wrong
# elsewhere stand in words.txt, one a line.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
cd "${1:-$here/../..}"
exec codespell --quiet-level=3 --ignore-words="$here/words.txt" --skip=./.git,./build,*/corpus/*,./LICENSE,*/words.txt .
