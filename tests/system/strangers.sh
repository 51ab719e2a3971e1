#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# Users who are slow, deaf or many at user.sock: root's questions on check.sock go on being answered, within the time
# that a shim waits; whoever is slow is hung up on; other users are still served. The control: before the attack.
. "$(dirname "$0")/../../tools/world.sh"

strangers=$world/strangers.py
number() { sed "s/.*\b$2=\([0-9]*\).*/\1/" <<< "$1"; } # number LINE NAME
ask_meanwhile() { # ask_meanwhile WHAT: all of root's questions are answered, and sudo works
  local asked
  asked=$("$strangers" ask "${DAYPASS_ROUNDS:-300}")
  expect_equal 0 "$(number "$asked" failures)" "root's questions without an answer in time, $1 ($asked)"
  expect_allowed alice systemctl restart nginx
  say "$1: $asked"
}

make_daypass_host
make_grant first
expect_taken first
ask_meanwhile "nobody else is there"

# IPC-07: a thousand at once, a byte a second each. Half a second is theirs; ten times that where the machine is busy.
"$strangers" drip 1003 1000 6 > "$logs/drip" &
drip=$!
sleep 1
ask_meanwhile "a thousand slow connections"
wait "$drip"
expect_equal 0 "$(number "$(cat "$logs/drip")" left)" "slow connections that are still open: $(cat "$logs/drip")"
[ "$(number "$(cat "$logs/drip")" longest_ms)" -lt 5000 ] || fail "slow ones were kept: $(cat "$logs/drip")"

# IPC-07: the same, but each has been served once.
"$strangers" drip-later 1003 5 > "$logs/drip" &
drip=$!
ask_meanwhile "slow at the second message"
wait "$drip"
[ "$(number "$(cat "$logs/drip")" opened)" -ge 5 ] || fail "the attack did not happen: $(cat "$logs/drip")"
expect_equal 0 "$(number "$(cat "$logs/drip")" left)" "slow connections that are still open: $(cat "$logs/drip")"

# Who asks and does not listen.
"$strangers" deaf 1003 3 > "$logs/deaf" &
deaf=$!
ask_meanwhile "somebody asks and reads nothing"
wait "$deaf"

# IPC-10: as many connects as one process can make; the others go on being served too.
"$strangers" flood 1003 6 > "$logs/flood" &
flood=$!
sleep 0.5
ask_meanwhile "a flood of connects"
tries=1
until user_call bob Status > /dev/null 2>&1; do
  kill -0 "$flood" 2> /dev/null || fail "during carol's flood bob is not served at all: $tries tries"
  tries=$((tries + 1))
done
wait "$flood"
[ "$(number "$(cat "$logs/flood")" connects)" -ge 2000 ] || fail "the flood was none: $(cat "$logs/flood")"
say "the flood: $(cat "$logs/flood"); bob was served at try $tries"
wait_until 10 "carol, whose flood it was, is served again" eval 'user_call carol Status > /dev/null 2>&1'
