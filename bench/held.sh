#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# What it costs to hold many grants: a check, memory, the start. held.sh TURNS SECONDS
. "$(dirname "$0")/world.sh"
turns=${1:-5}
seconds=${2:-2}

ask_daypass() { "$bench/bench_checks" daypass /run/daypass/check.sock 1 "$seconds" "$alice_uid"; }

make_bench_host memory
for count in 1 10000 100000; do
  fresh_agent memory "$count"
  [ "$count" != 1 ] || claim held_base "memory={$(memory)}"
  if [ "$count" = 10000 ]; then
    claim held_memory "memory={$(memory)}"
    for ((turn = 0; turn < turns; ++turn)); do
      stop_agent
      floor=$("$bench/bench_grants" open /var/lib/daypass/agent.db)
      begun=$(now_ms)
      launch agent /usr/libexec/daypass/daypassd
      answered=$("$bench/bench_checks" first /run/daypass/check.sock "$alice_uid")
      claim held_start "daypass=$((answered - begun))" "floor=$floor"
    done
  fi
  for ((turn = 0; turn < turns; ++turn)); do claim "held_$count" "daypass=$(ask_daypass)"; done
done
claim decide "one=$("$bench/bench_decide" 1)" "all=$("$bench/bench_decide" 100)"
claim requests "stored=$("$bench/bench_requests" 2> /dev/null)"
for ((turn = 0; turn < turns; ++turn)); do claim policy "large=$("$bench/bench_policy")"; done
