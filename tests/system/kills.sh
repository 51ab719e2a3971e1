#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# AG-01: the decider is killed at random moments under a load of checks, and started at once again: every answer that
# anybody got is on record, nobody is allowed who may not be, a counted grant is not used more often than it counts, a
# revocation stays, and the chain holds. The control is in the load: who may is allowed, before and after.
# DAYPASS_ROUNDS: how many kills (500).
. "$(dirname "$0")/../../tools/world.sh"

rounds=${DAYPASS_ROUNDS:-500}
load() { python3 /source/tests/system/load.py "$@"; }

make_daypass_host
make_grant plain 'd["duration_s"] = 3600'
expect_taken plain
make_grant counted 'd["subject"] = d["requester"] = "admin"; d["duration_s"] = 3600; d["uses"] = 50'
expect_taken counted
make_grant revoked 'd["subject"] = d["requester"] = "carol"; d["duration_s"] = 3600'
revoked_id=$grant_id
expect_taken revoked
host_key=$(courier PublicKey | sed 's/.*"line": "\(.*\)".*/\1/')
stop_agent

load run --answers "$logs/first" --kills $((rounds / 2)) alice alice:wrong admin carol bob
start_agent
put_status "d['revoked'] = [{'id': '$revoked_id', 'at_ms': now_ms()}]" > /dev/null
stop_agent KILL
load run --answers "$logs/second" --kills $((rounds - rounds / 2)) alice alice:wrong admin carol bob

start_agent
expect_allowed alice systemctl restart nginx
expect_denied carol revoked systemctl restart nginx
expect_denied admin used_up systemctl restart nginx
wait_until 5 "no scope is left of all these" eval '[ -z "$(find /sys/fs/cgroup -name "daypass-*.scope")" ]'
stop_agent
sqlite3 /var/lib/daypass/agent.db 'pragma integrity_check' | has -x ok || fail "the store is damaged"
records | has '"event":"store.damaged"' && fail "a kill was taken for damage"
cat "$logs/first" "$logs/second" > "$logs/answers"
load verify --answers "$logs/second" --host-key "$host_key" --denied carol --denied bob || fail "see above"
load verify --answers "$logs/answers" --host-key "$host_key" --denied bob --at-most admin=50 || fail "see above"
[ "$(grep -c '"alice".*"verdict": "allow"' "$logs/answers")" -gt $((rounds / 3)) ] || fail "too few were allowed to show anything"
expect_equal "$(records | grep -c 'agent.started.*last run was killed')" "$(records | grep -c '"event":"agent.started".*"ended_by":"killed"')" \
  "each start says how the run before it ended"
