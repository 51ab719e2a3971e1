#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# AG-18: the store is damaged while the decider is away: random bytes, zeros, cut off, and a page of old records that
# is met only later. It is set aside and a new chain begins with an alarm; what ran is ended; policy and status are taken
# again; grants from before are not, and new ones work. Nobody repairs anything by hand.
. "$(dirname "$0")/../../tools/world.sh"

store=/var/lib/daypass/agent.db
over() { dd conv=notrunc status=none of="$store" bs=4096 "$@"; }
helpers() { pgrep -cf 'sleep 700' || true; }

# refused_and_anew NAME: what was held before is not taken any more; a new grant of that name works.
refused_and_anew() {
  local before=$1
  expect_denied alice policy_missing systemctl restart nginx
  expect_taken policy
  put_status > /dev/null
  expect_not_taken rollback "$before"
  expect_denied alice no_grant systemctl restart nginx
  make_grant anew
  expect_taken anew
  expect_allowed alice systemctl restart nginx
}

make_daypass_host
make_grant held
expect_taken held
for kind in random zeroed 'cut off'; do
  expect_allowed alice systemctl restart nginx
  as alice sudo -n web-watch > "$logs/watch" 2>&1 &
  wait_until 5 "web-watch runs" eval '[ "$(helpers)" -ge 4 ]'
  stop_agent KILL
  case $kind in
    random) over if=/dev/urandom count=2 ;;
    zeroed) over if=/dev/zero count=$(($(stat -c %s "$store") / 4096)) ;;
    cut*) truncate -s 1234 "$store" ;;
  esac
  mark
  start_agent
  expect_event "^store.damaged 1 " DAYPASS_EVENT DAYPASS_SEQ DAYPASS_DETAIL
  wait_until 5 "what ran by a grant that nobody knows any more is ended" eval '[ "$(helpers)" = 0 ]'
  records | head -n 1 | has "\"event\":\"store.damaged\".*\"prev\":\"0*\"" || fail "the new chain should begin with the loss"
  records | head -n 1 | has 'set aside as /var/lib/daypass/agent.db.aside-' || fail "the record should say where the old store is"
  refused_and_anew held
  cp "$papers/anew.envelope" "$papers/held.envelope"
  say "$kind: set aside, and anew"
done
expect_equal 3 "$(find /var/lib/daypass -name 'agent.db.aside-?' | wc -l)" "stores set aside"

# A page of old records that cannot be read: nobody looks there at a start, so it is found while running.
for _ in $(seq 20); do as carol sudo -n id "$(printf 'x%.0s' $(seq 3000))" > /dev/null 2>&1 && fail "carol has no grant"; done
stop_agent
page=$(sqlite3 "$store" "select pageno from dbstat where name = 'records' and pagetype = 'leaf' order by path limit 1")
sqlite3 "$store" "delete from meta where key = 'mirror'" # so that the journal's copy begins anew, from the first
over if=/dev/urandom count=1 seek=$((page - 1))
launch agent /usr/libexec/daypass/daypassd
wait_until 10 "it gives the store up" eval '! is_running agent'
has 'the store is damaged|malformed' -E < "$logs/agent" || fail "it should say why it ended"
mark
start_agent
expect_event "^store.damaged 1 " DAYPASS_EVENT DAYPASS_SEQ DAYPASS_DETAIL
refused_and_anew held

# The control: killed and stopped without damage, it goes on with what it had.
for signal in KILL TERM; do
  stop_agent "$signal"
  start_agent
  expect_allowed alice systemctl restart nginx
done
expect_equal 4 "$(find /var/lib/daypass -name 'agent.db.aside-?' | wc -l)" "stores set aside"
