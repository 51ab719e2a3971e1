#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# IPC-09: the agent runs out of descriptors. Users can take the lower half of them and no more: root's questions and
# sudo go on. With all of them gone the agent waits instead of spinning, and goes on when some are free again.
. "$(dirname "$0")/../../tools/world.sh"

strangers=$world/strangers.py
number() { sed "s/.*\b$2=\([0-9]*\).*/\1/" <<< "$1"; } # number LINE NAME
ticks() { sed 's/.*) //' "/proc/${pid_of[agent]}/stat" | awk '{ print $12 + $13 }'; }
open_descriptors() { find "/proc/${pid_of[agent]}/fd" -mindepth 1 2> /dev/null | wc -l; }
expect_idle() { # expect_idle WHAT: for two seconds the agent does next to nothing
  local before
  before=$(ticks)
  sleep 2
  [ $(($(ticks) - before)) -lt 50 ] || fail "$1: the agent spins: $(($(ticks) - before)) of 200 hundredths of a second"
  say "idle ($(($(ticks) - before)) hundredths of two seconds): $1"
}

make_host
install_product
make_daypass_documents
start_agent prlimit --nofile=120
expect_taken policy
put_status > /dev/null
make_grant first
expect_taken first
expect_allowed alice systemctl restart nginx # the control

# Thirty users, each with as many connections as one may have.
"$strangers" hold 3000-3029 16 6 > "$logs/hold" &
hold=$!
wait_until 20 "the strangers are there" test -s "$logs/hold"
held=$(number "$(cat "$logs/hold")" held)
say "users hold $held connections; the agent has $(open_descriptors) descriptors of 120"
[ "$held" -ge 10 ] || fail "the attack did not happen"
[ "$held" -lt 100 ] || fail "users were let in without limit"
asked=$("$strangers" ask 100)
expect_equal 0 "$(number "$asked" failures)" "root's questions without an answer in time ($asked)"
expect_allowed alice systemctl restart nginx
put_status > "$logs/status" || fail "the courier is kept out by users: $(cat "$logs/status")"
expect_idle "users hold all that they may"
wait "$hold"
user_call alice Status > /dev/null || fail "after the strangers have gone, alice is served"

# All of them: only root itself can do that.
"$strangers" hoard 200 6 > "$logs/hoard" &
hoard=$!
wait_until 10 "root has taken all of them" test -s "$logs/hoard"
say "root: $(cat "$logs/hoard")"
[ "$(number "$(cat "$logs/hoard")" waiting)" -ge 1 ] || fail "the descriptors did not run out: $(cat "$logs/hoard")"
expect_idle "no descriptor is left"
expect_refused alice systemctl restart nginx
wait "$hoard"
wait_until 5 "with descriptors again sudo works" as alice sudo -n systemctl restart nginx
expect_allowed alice systemctl restart nginx
