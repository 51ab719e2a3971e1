#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# The decider as its unit runs it: sockets that systemd opened, a network namespace that was made for it, and no
# capability but the three that daypassd.service leaves. It decides, records and ends what runs, and can open no door that
# it could not with all powers. (A booted systemd with the unit's other limits is a later test.)
. "$(dirname "$0")/../../tools/world.sh"

start_agent_as_its_unit() {
  local bounds
  bounds=$(sed -n 's/^CapabilityBoundingSet=//p' /usr/lib/systemd/system/daypassd.service | tr 'A-Z' 'a-z' | sed 's/cap_/+/g; s/ /,/g')
  say "capabilities: $bounds"
  rm -f /run/daypass/*.sock
  launch agent unshare --net setpriv --bounding-set "-all,$bounds" --no-new-privs \
    systemd-socket-activate --fdname=check:user:courier -l /run/daypass/check.sock -l /run/daypass/user.sock \
    -l /run/daypass/courier.sock /usr/libexec/daypass/daypassd
  wait_until 5 "the sockets are there" test -S /run/daypass/courier.sock
  chmod 600 /run/daypass/check.sock # what the .socket units do
  chmod 666 /run/daypass/user.sock
  chgrp daypass-sync /run/daypass/courier.sock && chmod 660 /run/daypass/courier.sock
  "$world/ipc.py" --probe /run/daypass/check.sock
  wait_until 5 "it has become daypassd" eval "pgrep -f ^/usr/libexec/daypass/daypassd > /dev/null"
}
helpers() { pgrep -cf 'sleep 700' || true; }

make_daypass_host
stop_agent
start_agent_as_its_unit
wait_until 5 "it answers" eval 'user_call alice Status > /dev/null 2>&1'
expect_equal "0000000000080024" "$(sed -n 's/^CapBnd:\t//p' "/proc/$(pgrep -of ^/usr/libexec/daypass/daypassd)/status")" "its bounding set"
put_status > /dev/null

expect_denied alice no_grant systemctl restart nginx
make_grant first 'd["duration_s"] = 6'
taken=$(now_ms)
expect_taken first
expect_allowed alice systemctl restart nginx
expect_denied alice wrong_command id
# A path that only CAP_DAC_READ_SEARCH can look into.
as alice mkdir -m 700 /home/alice/closed
as alice cp /usr/bin/systemctl /home/alice/closed/systemctl
expect_denied alice path_unsafe /home/alice/closed/systemctl restart nginx
as alice sudo -n web-watch > "$logs/watch" 2>&1 &
wait_until 5 "web-watch runs" has watching "$logs/watch"
wait_until 10 "the window's end" eval "[ \$(now_ms) -ge $((taken + 6000)) ]"
wait_until 2 "web-watch is gone with all its children" eval '[ "$(helpers)" = 0 ]'
expect_denied alice expired systemctl restart nginx
