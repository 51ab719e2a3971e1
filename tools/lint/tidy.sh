#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# tidy.sh BUILD JOBS [FILE...]: clang-tidy with the checks of .clang-tidy over these files, or over all of
# the product's. BUILD holds compile_commands.json.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$1 jobs=$2
shift 2
# GCC knows flags that clang does not; unknown ones are no finding.
{ [ $# -gt 0 ] && printf '%s\n' "$@" || tools/lint/sources.sh | grep '\.cc$' | grep -v '^./tests/'; } |
  xargs -P "$jobs" -n 4 clang-tidy-19 --quiet -p "$build" --extra-arg=-Wno-unknown-warning-option
