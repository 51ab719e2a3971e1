#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# The journal tells a grant's whole story, from the agent's own process, each event with its fields, its MESSAGE_ID and
# words in the catalog; what a user writes there himself does not look the same.
. "$(dirname "$0")/../../tools/world.sh"

make_daypass_host
journalctl --update-catalog 2> /dev/null
mark
make_grant first 'd["duration_s"] = 4; d["ticket"] = "OPS-7"'
expect_taken first
expect_allowed alice systemctl restart nginx
expect_denied alice wrong_command cat $'/etc/\nshadow\e[31m'
wait_until 10 "the window has ended" eval 'recorded "^window.ended" DAYPASS_EVENT'

story=$(journalctl -q "DAYPASS_GRANT=$grant_short" -o json)
for event in grant.imported grant.started decision.allowed decision.denied command.started command.ended window.ended; do
  grep -q "\"DAYPASS_EVENT\":\"$event\"" <<< "$story" || fail "the story of $grant_short lacks $event"
  id=$(awk -v e="$event" '$1 == e { print $2 }' /usr/share/daypass/events.txt)
  grep "\"DAYPASS_EVENT\":\"$event\"" <<< "$story" | has "\"MESSAGE_ID\":\"$id\"" || fail "$event has not its MESSAGE_ID"
done
allowed=$(grep '"DAYPASS_EVENT":"decision.allowed"' <<< "$story" | head -n 1)
for field in SEQ PREV HOST CLOCK TIME MODE POLICY FRESHNESS USER UID PID DOOR COMMAND ARGV ARGV_B64 CWD RUNAS ROLE RULE \
  GRANT TICKET WHY VERDICT EFFECT REASON UNTIL DIGEST; do
  grep -q "\"DAYPASS_$field\":" <<< "$allowed" || missing="${missing:-} $field"
done
expect_equal "" "${missing:-}" "fields that decision.allowed lacks"
grep '"DAYPASS_EVENT":"grant.imported"' <<< "$story" | has '"DAYPASS_APPROVERS":"bob:SHA256:' || fail "grant.imported names its approvers"
grep '"DAYPASS_EVENT":"command.started"' <<< "$story" | has '"DAYPASS_QUERY":' || fail "command.started names its decision"
journalctl -q -x "DAYPASS_GRANT=$grant_short" | has 'The window of grant' || fail "the catalog's words"
journalctl -q "DAYPASS_GRANT=$grant_short" | has $'\e' && fail "an escape sequence from a command line reaches the terminal"

# Somebody who forges such a line himself is not the agent, and the journal says so.
cat > /tmp/forged << LINE
MESSAGE=forged
SYSLOG_IDENTIFIER=daypassd
DAYPASS_EVENT=decision.allowed
DAYPASS_GRANT=$grant_short
LINE
as alice logger --journald=/tmp/forged
wait_until 5 "the forged line is there" eval 'journalctl -q "DAYPASS_GRANT=$grant_short" -o cat | has -x forged'
journalctl -q "DAYPASS_GRANT=$grant_short" _EXE=/usr/libexec/daypass/daypassd _UID=0 -o cat | has -x forged && fail "a forged line passes for the agent's"
journalctl -q "DAYPASS_GRANT=$grant_short" _EXE=/usr/libexec/daypass/daypassd _UID=0 -o cat | has . || fail "the agent's own lines have its name"
