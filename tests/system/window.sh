#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# The shortest whole way: policy, status and grant made by hand and signed with ssh-keygen, no server, no
# courier, no CLI; sudo is denied, allowed during the window, and denied again from its end on.
# TM-02: at the system's own grain; the exact milliseconds are in unit.core.decision.
. "$(dirname "$0")/../../tools/world.sh"

make_daypass_host
start_sshd

expect_denied alice no_grant systemctl restart nginx
expect_said 'daypass request' "the refusal names the command that asks"

make_grant first 'd["duration_s"] = 8'
started=$(now_ms)
expect_taken first
expect_allowed alice systemctl restart nginx
[ $(($(now_ms) - started)) -lt 1000 ] || fail "allowed later than one second after the grant arrived"
expect_allowed alice /bin/systemctl restart nginx
expect_equal "nginx restarted (by a stand-in for systemctl, as uid 0)" "$(in_ssh alice sudo -n systemctl restart nginx)" "by ssh"
expect_denied alice wrong_command cat /etc/shadow
expect_denied bob no_grant systemctl restart nginx
expect_denied carol no_grant systemctl restart nginx
as alice sudo -n -l > /dev/null || fail "sudo -l works during the window"

while [ "$(now_ms)" -lt $((started + 8000)) ]; do
  as alice sudo -n systemctl restart nginx > /dev/null 2>&1 || break
  last=$(now_ms)
done
[ $((last - started)) -lt 8000 ] || fail "allowed $((last - started - 8000)) ms after the end"
wait_until 3 "the end has come" eval "[ \$(now_ms) -ge $((started + 8000)) ]"
expect_denied alice expired systemctl restart nginx
# GF-39: the same grant, sent again after its end, is the same grant: nothing begins anew.
expect_taken first
expect_denied alice expired systemctl restart nginx

expect_equal "command.ended command.started decision.allowed grant.imported grant.started window.ended" \
  "$(journalctl -q "DAYPASS_GRANT=$grant_short" -o json --output-fields=_EXE,DAYPASS_EVENT | "$world/ipc.py" --fields DAYPASS_EVENT |
    grep -v denied | sort -u | tr '\n' ' ' | sed 's/ $//')" "the journal tells the grant's story"
