#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# SV-01: without a server a held grant works until its end or until the role's max_offline has passed since the
# last status, whichever comes first; a new status makes it work again.
. "$(dirname "$0")/../../tools/world.sh"

make_daypass_host 'role["max_offline_s"] = 5
d["roles"].append({**role, "name": "patient", "max_offline_s": 3600})'
heard=$(now_ms)

make_grant impatient 'd["duration_s"] = 60'
expect_taken impatient
expect_allowed alice systemctl restart nginx
wait_until 8 "the last word of the server is five seconds old" eval "[ \$(now_ms) -ge $((heard + 5000)) ]"
expect_denied alice status_stale systemctl restart nginx

put_status > /dev/null
expect_allowed alice systemctl restart nginx

# The control: a role with patience, and nothing else changed.
make_grant patient 'd["subject"] = "admin"; d["requester"] = "admin"; d["role"] = "patient"
d["role_digest"] = digest(roles["patient"]); d["duration_s"] = 9'
taken=$(now_ms)
expect_taken patient
wait_until 7 "the last word is old again" eval "[ \$(now_ms) -ge $((taken + 6000)) ]"
expect_denied alice status_stale systemctl restart nginx
expect_allowed admin systemctl restart nginx
wait_until 5 "the window's end" eval "[ \$(now_ms) -ge $((taken + 9000)) ]"
expect_denied admin expired systemctl restart nginx
