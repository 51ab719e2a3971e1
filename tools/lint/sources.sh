#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# sources.sh [ROOT]: lists the C and C++ files of the tree, one a line. Build trees are not sources.
set -euo pipefail
cd "${1:-$(dirname "$0")/../..}"
find . -path ./.git -prune -o -path ./build -prune -o \
  -type f \( -name '*.h' -o -name '*.cc' -o -name '*.c' \) -print | sort
