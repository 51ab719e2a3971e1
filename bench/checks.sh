#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# How fast daypassd answers, beside the barest daemon that does the same: turn about, several times.
# checks.sh TURNS SECONDS
. "$(dirname "$0")/world.sh"
turns=${1:-5}
seconds=${2:-2}

bare() { # bare NAME ARG...
  launch "bare-$1" "$bench/bench_bare_daemon" "/run/bare-$1" "${@:2}"
  wait_until 5 "the bare daemon listens" test -S "/run/bare-$1"
}
ask_bare() { "$bench/bench_checks" bare "/run/bare-$1" "$2" "$seconds"; }
ask_daypass() { "$bench/bench_checks" daypass /run/daypass/check.sock "$1" "$seconds" "$alice_uid"; }

# compare CLAIM BARE CLIENTS
compare() {
  local turn bare daypass
  for ((turn = 0; turn < turns; ++turn)); do
    bare=$(ask_bare "$2" "$3")
    daypass=$(ask_daypass "$3")
    claim "$1" "bare=$bare" "daypass=$daypass"
  done
}

make_bench_host disk
bare trip
bare each each /disk/bare-each.log
bare group group /disk/bare-group.log
compare durable_one each 1
compare durable_many group 16

for ((turn = 0; turn < turns; ++turn)); do # the journal in the way, or not
  running=$(ask_daypass 1)
  kill -STOP "${pid_of[journald]}"
  stopped=$(ask_daypass 1)
  kill -CONT "${pid_of[journald]}"
  claim journal_stopped "running=$running" "stopped=$stopped"
done

fresh_agent memory
compare memory_two trip 2
