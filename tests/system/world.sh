#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# The world itself, before anything of Daypass is in it: real sudo, su, sshd and journald that do what
# Debian's do. Without this, a refusal in the other tests could be the world's own fault.
. "$(dirname "$0")/../../tools/world.sh"

make_host
start_sshd

expect_equal 1 "$(ps -o ppid= $$ | tr -d ' ')" "the script is a child of the world's PID 1"
expect_equal "uid=0(root)" "$(as alice sudo -n id | cut -d' ' -f1)" "sudo without Daypass makes alice root"
expect_allowed alice systemctl restart nginx
expect_allowed alice /bin/systemctl restart nginx
expect_equal "alice" "$(in_ssh alice id -un)" "alice logs in by ssh"
expect_equal "root" "$(in_ssh alice sudo -n id -un)" "sudo in a login by ssh"
expect_equal "root" "$(on_terminal alice 'sudo id -un')" "sudo on a terminal"
expect_equal "bob" "$(su bob -c 'id -un')" "su by root"
mark
as alice logger -t world "a line for the journal"
wait_until 5 "the line is in the journal" \
  grep -q "a line for the journal" <(journalctl -q --after-cursor="$journal_cursor" -o cat)
expect_equal " lo" "$(ip -o link | cut -d: -f2)" "the networks, of which the loopback is the only one"
expect_equal "0::/" "$(grep ^0:: /proc/self/cgroup)" "the world's cgroup is its root"
touch /etc/left /usr/left /var/left /tmp/left /root/left # none of it reaches the machine
