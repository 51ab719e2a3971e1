#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# The decider is killed and started again inside a window: the same answers before and after, the start does not move,
# what was running stays known and ends with the window. While it is away everything is refused.
# PL-02: the agent is down, so the plugin's open succeeds, its check refuses, and nothing runs.
# TM-09: killed just before the end, back just after it.
. "$(dirname "$0")/../../tools/world.sh"

make_daypass_host
make_grant first 'd["duration_s"] = 12'
taken=$(now_ms)
expect_taken first
expect_allowed alice systemctl restart nginx
as alice sudo -n web-watch > "$logs/watch" 2>&1 &
wait_until 5 "web-watch runs" grep -q watching "$logs/watch"
helpers() { pgrep -cf 'sleep 700' || true; }
before=$(helpers)

stop_agent KILL
expect_refused alice systemctl restart nginx
expect_said 'daypass|agent|silent' "with the decider gone people read why"
expect_equal "$before" "$(helpers)" "what was allowed goes on while the decider is away"

start_agent
expect_allowed alice systemctl restart nginx
expect_denied alice wrong_command id
expect_equal "$before" "$(helpers)" "what was allowed goes on when the decider is back"

expect_taken first # again: a latched start does not move
wait_until 12 "one second before the end" eval "[ \$(now_ms) -ge $((taken + 11000)) ]"
expect_allowed alice systemctl restart nginx
stop_agent KILL
wait_until 12 "one second after the end" eval "[ \$(now_ms) -ge $((taken + 13000)) ]"
expect_refused alice systemctl restart nginx
back=$(now_ms)
start_agent
expect_denied alice expired systemctl restart nginx
wait_until 2 "what outlived the window with the decider away ends when it is back" eval '[ "$(helpers)" = 0 ]'
[ $(($(now_ms) - back)) -lt 4000 ] || fail "that took $(($(now_ms) - back)) ms"
