#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# The end of a window, a revocation and a user who kills his own sudo: the running command goes, with children that left
# the session, ignore signals or were orphaned. A role that only notifies is the control: there it goes on.
. "$(dirname "$0")/../../tools/world.sh"

helpers() { pgrep -cf 'sleep 700' || true; }
watch_as() { # watch_as USER: starts web-watch and waits until it and its helpers run
  : > "$logs/watch"
  as "$1" sudo -n web-watch > "$logs/watch" 2>&1 &
  wait_until 5 "web-watch runs" grep -q watching "$logs/watch"
  wait_until 5 "its helpers run" eval '[ "$(helpers)" -ge 4 ]'
}
expect_gone_within() { # expect_gone_within MS SINCE
  wait_until 5 "web-watch and all its children are gone ($(pgrep -af 'sleep 700'))" eval '[ "$(helpers)" = 0 ]'
  [ $(($(now_ms) - $2)) -lt "$1" ] || fail "gone only after $(($(now_ms) - $2)) ms"
  pgrep -f web-watch > /dev/null && fail "web-watch itself still runs"
  say "gone $(($(now_ms) - $2)) ms after the end, with all its children"
}

make_daypass_host 'd["roles"].append({**role, "name": "lenient", "on_end": "notify"})'

make_grant window 'd["duration_s"] = 5'
taken=$(now_ms)
expect_taken window
watch_as alice
mark
expect_gone_within 2000 $((taken + 5000))
expect_event "^command.ended window\$" DAYPASS_EVENT DAYPASS_ENDED_BY

make_grant revoked 'd["subject"] = d["requester"] = "admin"; d["duration_s"] = 60'
expect_taken revoked
watch_as admin
mark
gone=$(now_ms)
put_status "d['revoked'] = [{'id': '$grant_id', 'at_ms': now_ms()}]" > /dev/null
expect_gone_within 2000 "$gone"
expect_denied admin revoked systemctl restart nginx
put_status > /dev/null # a status that omits the revocation takes nothing back
expect_denied admin revoked systemctl restart nginx

make_grant killed 'd["subject"] = d["requester"] = "carol"; d["duration_s"] = 60'
expect_taken killed
watch_as carol
mark
gone=$(now_ms)
as carol pkill -KILL -f "^sudo -n web-watch"
expect_gone_within 2000 "$gone"
expect_event "^command.ended killed" DAYPASS_EVENT DAYPASS_ENDED_BY
expect_allowed carol systemctl restart nginx

# sudo -b: the sudo that asked is gone at once, and a child of it goes on in its name until somebody kills that one.
as carol sudo -n -b web-watch > "$logs/watch" 2>&1
wait_until 5 "its helpers run" eval '[ "$(helpers)" -ge 4 ]'
sleep 1
[ "$(helpers)" -ge 4 ] || fail "what sudo -b left running should go on"
gone=$(now_ms)
as carol pkill -KILL -f "^sudo -n -b web-watch"
expect_gone_within 2000 "$gone"

# The control: the same command under a role whose end only notifies.
make_grant lenient 'd["role"] = "lenient"
d["role_digest"] = digest(roles["lenient"]); d["duration_s"] = 4'
taken=$(now_ms)
expect_taken lenient
watch_as alice
wait_until 7 "two seconds past the end" eval "[ \$(now_ms) -ge $((taken + 6000)) ]"
[ "$(helpers)" -ge 4 ] || fail "a role that only notifies must leave the command running"
expect_denied alice expired systemctl restart nginx
