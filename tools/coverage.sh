#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# coverage.sh BUILD JOBS: runs the tests of a build that counts (preset "coverage") and says what part of the branches
# they took, without those that only an exception takes. Exit 1 if a folder is below its goal.
set -uo pipefail
build=$(readlink -f "$1")
cd "$(dirname "$0")/.." || exit

find "$build" -name '*.gcda' -delete
find "$build" -type d -exec chmod a+rwx {} + # daemons that are not root count too
DAYPASS_CASES=${DAYPASS_CASES:-2000} DAYPASS_WORLD_COVERAGE=1 ctest --test-dir "$build" --timeout 600 -j "$2" -L '^(unit|abi|system)$' > "$build/coverage-tests.log" ||
  echo "coverage: some tests failed; see $build/coverage-tests.log" >&2

report() { # report NAME GOAL FOLDER...: one line; remembers a goal that was missed
  local name=$1 goal=$2 filters=() counted=() folder percent
  shift 2
  for folder in "$@"; do
    filters+=(--filter "$folder/")
    counted+=("$build/$folder") # the tests' own counts are of no interest, and gcovr stumbles over some
  done
  percent=$(gcovr --root . "${filters[@]}" --exclude-throw-branches --exclude-unreachable-branches \
    --gcov-ignore-parse-errors --branches --json-summary "$build/coverage-$name.json" "${counted[@]}" > "$build/coverage-$name.txt" 2> /dev/null &&
    sed -n 's/.*"branch_percent": \([0-9.]*\).*/\1/p' "$build/coverage-$name.json" | tail -n 1)
  printf '%-10s %6s %%  (goal %s)\n' "$name" "$percent" "$goal"
  awk -v have="$percent" -v goal="$goal" 'BEGIN { exit !(have >= goal) }' || missed=1
}

missed=0
report core 98 core
report wire 95 wire
report product 85 agent client cli core pam_module platform policy server sudo_plugin wire
exit $missed
