#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# RX-01, its figures: 10,000 grants held and a large policy; durable checks, and memory. loaded.sh TURNS SECONDS
. "$(dirname "$0")/world.sh"
turns=${1:-5}
seconds=${2:-2}

make_bench_host disk "$large_policy"
fresh_agent disk 10000
for ((turn = 0; turn < turns; ++turn)); do
  claim loaded "daypass=$("$bench/bench_checks" daypass /run/daypass/check.sock 1 "$seconds" "$alice_uid")" "memory={$(memory)}"
done
