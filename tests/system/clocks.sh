#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# Clocks that lie: root's, NTP's, the server's, and two of them together. The agent's wall clock is faked at the edge of
# the OS (clock.c); nobody else's is touched. No window gets longer, nothing that has ended comes back, and when the
# clocks are right again a new grant works.
. "$(dirname "$0")/../../tools/world.sh"

year=31536000
wall() { echo "$1 $2" > /run/world/clock; } # wall SECONDS_AHEAD SYNCHRONISED(0|1)
start_agent_by_that_clock() { start_agent env LD_PRELOAD=/build/tests/system/world_clock.so; }
new_boot() { # all that the anchor knows of a boot is its id
  stop_agent KILL
  mountpoint -q /proc/sys/kernel/random/boot_id && umount /proc/sys/kernel/random/boot_id
  cat /proc/sys/kernel/random/uuid > /run/world/boot_id
  mount --bind /run/world/boot_id /proc/sys/kernel/random/boot_id
  start_agent_by_that_clock
}
clock() { user_call alice Status | sed 's/.*"clock": "\([a-z]*\)".*/\1/'; }
new_grant() { # new_grant NAME SECONDS: taken, and it works
  make_grant "$1" "d['duration_s'] = $2"
  taken=$(now_ms)
  expect_taken "$1"
  expect_allowed alice systemctl restart nginx
}
refuse_status() {
  local answer
  answer=$(put_status "$2") || true
  has "\"$1\"" <<< "$answer" || fail "a status with $2 should be refused as $1, but: $answer"
}

make_host
install_product
make_daypass_documents 'd["limits"]["max_offline_s"] = role["max_offline_s"] = 7200'
wall 0 0
start_agent_by_that_clock
expect_taken policy
put_status > /dev/null

# TM-03: the wall clock a year back, by hand and by NTP, inside the window and after its end.
new_grant back 10
for synchronised in 0 1; do
  wall "-$year" "$synchronised"
  expect_equal anchored "$(clock)" "the clock"
  expect_allowed alice systemctl restart nginx
  expect_denied alice wrong_command id
done
wait_until 12 "the window is over" eval "[ \$(now_ms) -ge $((taken + 10500)) ]"
for seconds in "-$year" 0; do
  wall "$seconds" 1
  expect_denied alice expired systemctl restart nginx
done

# TM-19: NTP steps back and forth: what has begun a moment ago has perhaps not begun, what ends later still works, and one
# alarm tells of it all.
wall 0 0
new_grant stepped 1800
for step in 300 -300 300 -300 300; do
  wall "$step" 1
  sleep 1.3
  if [ "$step" -gt 0 ]; then
    expect_allowed alice systemctl restart nginx
  else
    expect_denied alice not_started systemctl restart nginx
  fi
done
wall 0 0
expect_equal 1 "$(records | grep -c '"event":"clock.changed"')" "alarms of all these steps and of the year before"

# TM-22: the server says 2100; then NTP does; then both, for a moment. What is held then ends; nothing else is spoilt.
far=$((75 * year))
refuse_status time_unknown "d['time_ms'] += $far * 1000"
expect_allowed alice systemctl restart nginx
wall "$far" 1
expect_denied alice '(status_stale|expired)' systemctl restart nginx
wait_until 10 "the agent has seen that it ended" eval 'records | has "window.ended.*$grant_id"'
wall 0 1
expect_denied alice expired systemctl restart nginx
put_status > /dev/null
new_grant after_ntp 1800
wall "$far" 1
put_status "d['time_ms'] += $far * 1000" > /dev/null || fail "two clocks that agree are followed"
expect_denied alice expired systemctl restart nginx
wall 0 1
put_status > /dev/null || fail "two clocks that agree are followed back"
expect_denied alice expired systemctl restart nginx
expect_taken after_ntp # again: "held already"; what had ended stays ended
expect_denied alice expired systemctl restart nginx
wall 0 0
put_status > /dev/null || fail "from then on the server is believed by itself, as before"
new_grant after_both 1800

# TM-04: after a boot the wall clock stands before the last signed time: nobody knows the time, and it is told.
wall "-$year" 1
mark
new_boot
expect_equal unknown "$(clock)" "the clock"
expect_denied alice time_unknown systemctl restart nginx
patience=20 expect_event '^clock.unknown' DAYPASS_EVENT
wall 5 1 # the control: one that is right is enough for what was held before
expect_equal synced "$(clock)" "the clock"
expect_allowed alice systemctl restart nginx
