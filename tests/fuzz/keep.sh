#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# keep.sh BUILD [TARGET...]: takes into the corpus in git what fuzzing has found that reaches more than the seeds
# do: the smallest inputs that together reach as much, none above 4 KiB, at most 24 a target. Seeds stay.
set -euo pipefail
build=$(readlink -f "$1")
here=$(dirname "$(readlink -f "$0")")
shift
merged=$(mktemp -d)
trap 'rm -rf "$merged"' EXIT
[ $# -gt 0 ] || set -- "$build"/fuzz/corpus/*/

for name in "$@"; do
  name=$(basename "$name")
  corpus=$here/corpus/$name
  find "$corpus" -type f -name 'found-*' -delete
  rm -rf "${merged:?}"/*
  # The seeds first: what they reach is not asked for again.
  cp "$corpus"/* "$merged"
  "$build/tests/fuzz/fuzz_$name" -merge=1 -timeout=10 "$merged" "$build/fuzz/corpus/$name" > /dev/null 2>&1
  for seed in "$corpus"/*; do rm -f "$merged/$(basename "$seed")"; done
  find "$merged" -type f -size -4097c -printf '%s %f\n' | sort -n | head -n 24 | while read -r _ file; do
    cp "$merged/$file" "$corpus/found-${file:0:12}"
  done
  printf '%-18s %s entries, %s bytes\n' "$name" "$(find "$corpus" -type f | wc -l)" \
    "$(find "$corpus" -type f -printf '%s\n' | awk '{ n += $1 } END { print n }')"
done
