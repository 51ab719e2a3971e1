#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# AG-14: a host was without its server for so long that its store is full of records, and comes back. What people wait
# for comes first: a request, its approval and a revocation pass while most of the records are still on the host. Those
# come in order, without a gap, and nobody's memory grows with their number. The control: before that, all was sent.
# DAYPASS_ROUNDS: mebibytes of records (48).
. "$(dirname "$0")/../../tools/world.sh"
. /source/tools/demo/show.sh
. /source/tools/demo/setup.sh

count=$((${DAYPASS_ROUNDS:-48} * 256)) # of about four kibibytes each
here() { sqlite3 'file:/var/lib/daypass/agent.db?mode=ro' 'select max(seq) from records'; }
there() { sqlite3 -cmd '.timeout 10000' /var/lib/daypass-server/server.db "select $1 from records where host = 'web-1'"; }
peak() { awk '/^VmHWM:/ { print $2 }' "/proc/${pid_of[$1]}/status"; } # KiB that a daemon ever had

mkdir -p "$logs"
set_up > "$logs/setup" 2>&1 || { cat "$logs/setup" && fail "the set-up"; }
wait_until 20 "all records are at the server" eval '[ "$(there "max(seq)")" = "$(here)" ]'

stop_courier
stop_agent
stop_server
before=$(here)
realm=$(sed -n 's/^realm = "\(.*\)"/\1/p' /etc/daypass/host.toml)
/build/bench/bench_grants records /var/lib/daypass/agent.db /var/lib/daypass/host.key "$realm" web-1 "$count" 3500
say "$(($(stat -c %s /var/lib/daypass/agent.db) / 1048576)) MiB of records on the host"
start_agent
start_server
start_courier

started=$(now_ms)
grant_short=$(as alice daypass request --role web-operator --for 5m --reason "a backlog" | grep -oE 'g-[a-z2-7]{16}' | head -n 1)
wait_until 60 "the request has reached the server" eval 'as bob daypass requests --waiting 2> /dev/null | has "$grant_short"'
as bob daypass approve "$grant_short" --yes > "$logs/approve" 2>&1 || fail "bob approves: $(cat "$logs/approve")"
wait_until 60 "the window is open" eval 'as alice sudo -n systemctl restart nginx > /dev/null 2>&1'
as bob daypass revoke "$grant_short" --reason "enough" > /dev/null || fail "bob revokes"
wait_until 60 "it is closed" eval '! as alice sudo -n systemctl restart nginx > /dev/null 2>&1'
passed=$(($(there "max(seq)") - before))
say "asked, approved, used and revoked after $(($(now_ms) - started)) ms; $passed of $count records had been sent"
[ "$passed" -lt $((count * 9 / 10)) ] || fail "people had to wait for the backlog, or it is too short to tell"

wait_until 1200 "the backlog is sent" eval '[ "$(there "max(seq)")" -ge $((before + count)) ]'
say "the whole backlog was sent after $(($(now_ms) - started)) ms"
wait_until 20 "all records are at the server" eval '[ "$(there "max(seq)")" = "$(here)" ]'
expect_equal "$(there "max(seq)")" "$(there "count(*)")" "records without a gap"
expect_equal 0 "$(sqlite3 /var/lib/daypass-server/server.db 'select count(*) from chain_faults')" "faults of the chain"
for name in courier agent server; do
  say "$name: $(($(peak "$name") / 1024)) MiB at most"
  [ "$(peak "$name")" -lt $((96 * 1024)) ] || fail "$name grew to $(peak "$name") KiB"
done
# By the store, as the journal gets a copy of each record in its turn.
expect_refused alice systemctl restart nginx
sqlite3 'file:/var/lib/daypass/agent.db?mode=ro' 'select bytes from records order by seq desc limit 5' |
  has '"reason":"revoked"' || fail "the revocation was forgotten"
