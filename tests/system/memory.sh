#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# AG-08: the decider's control group has a memory limit, of the version of control groups that has the controller here,
# and questions of many mebibytes make it hit that under load: the kernel kills it, it is started again, each start says
# what became of the run before it, and nobody was told anything that is not on record. The control: the same load
# without a limit kills nobody. DAYPASS_ROUNDS: seconds of load (6).
. "$(dirname "$0")/../../tools/world.sh"

seconds=${DAYPASS_ROUNDS:-6}
load() { python3 /source/tests/system/load.py "$@"; }
kills() { sed -n 's/^oom_kill //p' "$group"/memory.{oom_control,events} 2> /dev/null || true; }

make_group() { # a group with a limit of memory for the decider alone
  local top=/run/memory
  mkdir -p "$top"
  if grep -qw memory /sys/fs/cgroup/cgroup.controllers; then
    top=/sys/fs/cgroup
    echo +memory > "$top/cgroup.subtree_control"
  else
    mount -t cgroup -o memory memory "$top" || fail "no version of control groups has memory here"
  fi
  group=$top/daypass-memory-$(od -An -tx1 -N4 /dev/urandom | tr -d ' ')
  mkdir "$group"
}
limit() { # limit MEBIBYTES, while nothing runs in the group
  local file bytes=$(($1 * 1048576))
  for file in memsw.limit_in_bytes limit_in_bytes memsw.limit_in_bytes max; do # the first never below the second
    [ ! -e "$group/memory.$file" ] || echo "$bytes" 2> /dev/null > "$group/memory.$file" || true
  done
  grep -qsx "$bytes" "$group"/memory.{limit_in_bytes,max} || fail "cannot limit memory to $1 MiB"
}
supervise() { # as systemd would; what each run ended with is kept
  local code
  while [ ! -e /run/world/enough ]; do
    code=0
    (echo "$BASHPID" > "$group/cgroup.procs" && exec /usr/libexec/daypass/daypassd) >> "$logs/agent" 2>&1 || code=$?
    echo "$code" >> "$logs/codes"
    sleep 0.05
  done
}
start() {
  rm -f /run/world/enough
  supervise &
  supervisor=$!
  wait_until 10 "daypassd listens" "$world/ipc.py" --probe /run/daypass/check.sock 2> /dev/null
}
finish() {
  : > /run/world/enough
  pkill -x daypassd || true
  wait "$supervisor" 2> /dev/null || true
  wait_until 10 "the group is empty" eval '[ -z "$(cat "$group/cgroup.procs")" ]'
}
work() { load run --answers "$logs/$1" --seconds "$seconds" --big 4194304 alice alice:wrong carol; }

make_daypass_host
make_grant plain 'd["duration_s"] = 3600'
expect_taken plain
host_key=$(courier PublicKey | sed 's/.*"line": "\(.*\)".*/\1/')
stop_agent
make_group
trap 'finish; rmdir "$group"' EXIT

start
work free
finish
expect_equal 0 "$(kills)" "kills without a limit"
starts=$(records | grep -c '"event":"agent.started"')

limit 20
start
work tight
finish
[ "$(kills)" -gt 1 ] || fail "the limit was hit $(kills) times"
limit 1024
start
expect_allowed alice systemctl restart nginx
expect_denied carol no_grant systemctl restart nginx
finish

told=$(records | grep -c 'for lack of memory.*"event":"agent.started"')
say "$told runs ended for lack of memory, of $(($(records | grep -c '"event":"agent.started"') - starts)) starts"
[ "$told" -gt 1 ] || fail "agent.started should say how the last run ended"
sqlite3 /var/lib/daypass/agent.db 'pragma integrity_check' | has -x ok || fail "the store is damaged"
cat "$logs/free" "$logs/tight" > "$logs/answers"
expect_equal "" "$(sort -u "$logs/codes" | grep -vxE '0|137|143')" "what it ended with, besides the kernel's kill and our own"
load verify --answers "$logs/answers" --host-key "$host_key" --denied carol --unrecorded arguments_too_long \
  --unrecorded store_unavailable --unrecorded internal || fail "see above"
[ "$(grep -c '"alice".*"verdict": "allow"' "$logs/free")" -gt 1 ] || fail "too few were allowed to show anything"
