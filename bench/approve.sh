#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# How long after somebody types `daypass approve` a sudo that waits at its prompt has run its command: through server,
# courier and agent, all on one machine. approve.sh ROUNDS
. "$(dirname "$0")/world.sh"
. /source/tools/demo/show.sh
. /source/tools/demo/setup.sh
rounds=${1:-40}

mkdir -p "$logs"
set_up > "$logs/setup" 2>&1 || { cat "$logs/setup" >&2 && fail "the set-up"; }
waiting() { as bob daypass requests --waiting 2> /dev/null | grep -oE '^g-[a-z2-7]{16}' | head -n 1; }

took=()
for ((round = 0; round < rounds; ++round)); do
  as alice "$world/terminal.py" wait "for those who approve" type "round $round" wait "for how long" type 1m \
    wait "approved and in force" -- sudo systemctl restart nginx > "$logs/prompt" 2>&1 &
  asking=$!
  wait_until 20 "the request has reached the server" eval '[ -n "$(waiting)" ]' >&2
  id=$(waiting)
  began=$(now_ms)
  as bob daypass approve "$id" --yes > "$logs/approve" 2>&1 || fail "bob approves: $(cat "$logs/approve")"
  wait "$asking" || fail "sudo should have gone on: $(cat "$logs/prompt")"
  took+=($(($(now_ms) - began)))
  as alice daypass drop "$id" > /dev/null || fail "alice drops it"
done
claim approve "took=[$(IFS=, && echo "${took[*]}")]"
