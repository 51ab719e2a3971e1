#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# PL-26: `sudo -l` and `sudo -v` work without a grant, with Daypass in the stack; a refusal names its reason and the
# command that asks, on a terminal and without one, and never waits for a person who is not there.
. "$(dirname "$0")/../../tools/world.sh"

make_daypass_host
on_terminal alice 'sudo -l' | has 'may run' || fail "sudo -l on a terminal"
as alice sudo -n -l | has 'may run' || fail "sudo -l"
as alice sudo -n -v || fail "sudo -v"
as alice sudo -n -l /usr/bin/systemctl | has systemctl || fail "sudo -l of one command"
as alice sudo -k || fail "sudo -k"

expect_denied alice no_grant systemctl restart nginx
expect_said 'daypass request' "without a terminal"
since=$(now_ms)
said=$(on_terminal alice 'sudo systemctl restart nginx; echo code=$?')
expect_said 'code=1' "on a terminal sudo ends with 1"
expect_said 'you can ask for web-operator' "on a terminal"
expect_said 'not asked' "a terminal at whose end nobody sits"
[ $(($(now_ms) - since)) -lt 3000 ] || fail "the refusal waited for somebody"
expect_equal "" "$(as alice sudo -n systemctl restart nginx 2> /dev/null || true)" "nothing on standard output: it may be a pipe"

make_grant first
expect_taken first
expect_allowed alice systemctl restart nginx
as alice sudo -n -l | has 'may run' || fail "sudo -l with a grant"
