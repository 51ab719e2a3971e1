#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# run.sh BUILD: every fuzz target of BUILD in turn, FUZZ_SECONDS each (60), from the corpus in git and from what
# earlier runs have found (BUILD/fuzz/corpus). One line for each. If something is found the last lines name the
# inputs, and the exit code is 1.
#
#   FUZZ_TARGETS   only these, with spaces between
#   FUZZ_RESUME=1  passes over what has had its seconds since it was built
set -euo pipefail
build=$(readlink -f "$1")
here=$(dirname "$(readlink -f "$0")")
seconds=${FUZZ_SECONDS:-60}
state=$build/fuzz
mkdir -p "$state/corpus" "$state/found" "$state/log" "$state/done"

# What a sanitizer or a limit finds ends the program: libFuzzer keeps the input then.
export ASAN_OPTIONS=abort_on_error=1:detect_leaks=1:detect_stack_use_after_return=1:allocator_may_return_null=0
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
symbolizer=$(command -v llvm-symbolizer-19 || true)
[ -z "$symbolizer" ] || export ASAN_SYMBOLIZER_PATH=$symbolizer

targets=${FUZZ_TARGETS:-$(cd "$here" && for folder in corpus/*/; do basename "$folder"; done)}
found=()

# One figure of libFuzzer's last words.
stat_of() {
  sed -n "s/^stat::$2: *//p" "$1" | tail -n 1
}

run_target() {
  local name=$1 program=$build/tests/fuzz/fuzz_$1 log=$state/log/$1 work=$state/corpus/$1
  if [ "${FUZZ_RESUME:-0}" = 1 ] && [ "$state/done/$name" -nt "$program" ] &&
    [ "$(cat "$state/done/$name")" -ge "$seconds" ]; then
    printf '%-18s has had its %s s\n' "$name" "$(cat "$state/done/$name")"
    return
  fi
  mkdir -p "$work"
  printf '%-18s' "$name"
  if ! "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$state/found/$name-" "$work" "$here/corpus/$name" > /dev/null 2> "$log"; then
    local input
    input=$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)
    found+=("${input:-nothing kept, see $log}")
    printf ' FOUND: %s\n' "$(grep -m 1 -E '^broken promise|^SUMMARY|ERROR: ' "$log" || tail -n 1 "$log")"
    return
  fi
  echo "$seconds" > "$state/done/$name"
  printf ' %s s  %s inputs  %s entries  %s MB at most\n' "$seconds" "$(stat_of "$log" number_of_executed_units)" \
    "$(find "$work" -type f | wc -l)" "$(stat_of "$log" peak_rss_mb)"
}

for name in $targets; do run_target "$name"; done
[ ${#found[@]} -gt 0 ] || exit 0
echo "found by these inputs; run the target with the file's name to see it again:"
printf '  %s\n' "${found[@]}"
exit 1
