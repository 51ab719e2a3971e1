#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# "make bench": runs the benchmarks one after the other, each in a world of its own, and reports. Wants a quiet
# machine. DAYPASS_BUILD: the build tree. BENCH: which of them (sudo checks held loaded approve). BENCH_DISK: a folder on the disk
# that durable figures are about (default: the build tree's).
set -euo pipefail
cd "$(dirname "$0")/.."
export DAYPASS_BUILD=${DAYPASS_BUILD:-build/dev}
export DAYPASS_WORLD_DISK=${BENCH_DISK:-$DAYPASS_BUILD/bench/disk}
mkdir -p "$DAYPASS_WORLD_DISK"
DAYPASS_WORLD_DISK=$(readlink -f "$DAYPASS_WORLD_DISK")
lines=$DAYPASS_BUILD/bench/lines.json
: > "$lines"
for name in ${BENCH:-sudo checks held loaded approve}; do
  echo "bench: $name ($(cut -d' ' -f1 /proc/loadavg) is the load)" >&2
  "bench/$name.sh" >> "$lines"
done
bench/report.py bench.json < "$lines"
