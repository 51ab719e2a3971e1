#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# The decider can reach no network: it lives in a network namespace of its own whose loopback is down, so even with its
# whole memory taken over it can connect to nothing. The control: the same connect from the world itself works.
. "$(dirname "$0")/../../tools/world.sh"

make_daypass_host
start_sshd
agent=${pid_of[agent]}
[ "$(readlink /proc/self/ns/net)" != "$(readlink "/proc/$agent/ns/net")" ] || fail "daypassd shares the host's network"
port_answers 22 || fail "the control: sshd is reachable from the world"
for process in $agent $(pgrep -P "$agent"); do
  nsenter -t "$process" --net bash -c 'exec 3<> /dev/tcp/127.0.0.1/22' 2> /dev/null && fail "$process reaches sshd"
  expect_equal "lo DOWN" "$(nsenter -t "$process" --net ip -br link | awk '{ print $1, $2 }')" "links of $process"
done
say "daypassd and its helpers ($agent $(pgrep -P "$agent" | tr '\n' ' ')) reach nothing"
make_grant first
expect_taken first
expect_allowed alice systemctl restart nginx
