#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# LG-01: every byte value, line ends, marks of direction and a mebibyte of text, in whatever a user chooses: one record
# each, inert in the journal, whole in its base64, JSON that any reader takes; and the next question is answered.
# LG-05: sequences that a terminal would obey are shown by sudo, journalctl and the CLI, and not obeyed.
. "$(dirname "$0")/../../tools/world.sh"

every=$(python3 -c 'import sys; sys.stdout.buffer.write(bytes(range(1, 256)) + "\u202e\u2028\u200b\u2066x".encode())')
title=$'\e]0;owned\a' red=$'\e[31mRED' # what a terminal would do
look() { "$world/entries.py" "$@"; }

make_daypass_host
make_grant first 'd["duration_s"] = 600'
expect_taken first
expect_allowed alice systemctl restart nginx # the control
in_order() { # in_order WHAT: since `mark` one denial is in the journal, and it is inert
  expect_event '^decision.denied' DAYPASS_EVENT
  journalctl -q --all --after-cursor="$journal_cursor" -o json | look one-denial "${@:2}" ||
    fail "$1: the journal's entry"
  expect_equal "$(sqlite3 -readonly /var/lib/daypass/agent.db 'select count(*) from records')" "$(records | wc -l)" \
    "$1: records of one line each"
  records | look all-json || fail "$1: a record that is no JSON"
  expect_allowed alice systemctl restart nginx
  say "in order: $1"
}

# Arguments: every byte, and what makes a terminal or a reader do something.
mark
expect_refused alice systemctl restart "$every"
in_order "every byte in an argument" argv systemctl restart "$every"
line=$'\r\nSep 01 host sudo: alice : COMMAND=/bin/true' # as sudo itself would write it
mark
expect_refused alice systemctl "$title$red" "$line" ''
in_order "lines and escapes in arguments" argv systemctl "$title$red" "$line" ''

# A folder of such a name.
odd=/home/alice/$'a\nb\e[31m\xff'
install -d -o alice -g alice "$odd"
mark
(cd "$odd" && setpriv --reuid alice --regid alice --init-groups sudo -n systemctl stop nginx) < /dev/null \
  > "$logs/said" 2>&1 && fail "systemctl stop should be refused"
in_order "a folder's name"

# A mebibyte, in nine arguments.
long=$(head -c 120000 /dev/zero | tr '\0' 'x')
mark
expect_refused alice systemctl restart "$long" "$long" "$long" "$long" "$long" "$long" "$long" "$long" "$long"
in_order "a mebibyte of arguments"

# Terminal and host names, as PAM might hand them on: names are one plain line, or the question is none.
python3 -c 'import json
print(json.dumps({"door": "su", "service": "su", "user": "alice", "uid": 1001, "ruser": "alice", "pid": 1,
                  "rhost": "\u001b]0;owned\u0007", "tty": "\u001b[31mRED\r\n", "phase": "account"}))' \
  > /run/world/question
"$world/ipc.py" /run/daypass/check.sock org.daypass.Check.Account "$(cat /run/world/question)" > "$logs/said" 2>&1 &&
  fail "such a question was answered: $(cat "$logs/said")"
has protocol < "$logs/said" || fail "another fault: $(cat "$logs/said")"
look inert < "$logs/said" || fail "the answer to such a question"

# A reason and a ticket: one plain line, or nothing is asked.
ask() { as alice daypass request --role web-operator --for 5m --reason "$1"; }
for reason in "$title" $'two\nlines' $'\u202eabc' $'\u2028' "${long:0:2000}"; do
  ask "$reason" > "$logs/said" 2>&1 && fail "such a reason was taken"
  look inert < "$logs/said" || fail "the refusal of a reason"
done
ask 'plain: äöü 🙂' > /dev/null || fail "the control: a plain reason"
as alice daypass --json status | look all-json || fail "daypass --json status"

# LG-05: on a terminal. journalctl's own colours are none of the user's.
on_terminal alice "sudo systemctl \"\$(printf '\\033]0;owned\\007\\033[31mRED')\"" > "$logs/said" && fail "alice may not run that"
grep -q owned "$logs/said" || fail "sudo should show what was typed: $(cat "$logs/said")"
look inert < "$logs/said" || fail "sudo's refusal on a terminal: $(cat -v "$logs/said")"
script -qec "journalctl -q -n 200 --no-pager" /dev/null < /dev/null > "$logs/said"
grep -q 'owned' "$logs/said" || fail "journalctl should show what was typed"
look no-orders < "$logs/said" || fail "journalctl on a terminal"
script -qec "journalctl -q -n 200 --no-pager -o verbose" /dev/null < /dev/null > "$logs/said"
look no-orders < "$logs/said" || fail "journalctl -o verbose on a terminal"
for verb in drop show cancel; do
  on_terminal alice "daypass $verb \"\$(printf '\\033]0;owned\\007\\033[31mRED')\"" > "$logs/said" 2>&1 && fail "daypass $verb of no such thing"
  grep -q . "$logs/said" || fail "daypass $verb should say why not"
  look inert < "$logs/said" || fail "daypass $verb on a terminal: $(cat -v "$logs/said")"
done
printf '%s%s' "$title" "$red" | look no-orders 2> /dev/null && fail "the control: this is an order"
printf '%s' "$title" | look inert 2> /dev/null && fail "the control: this is not inert"
expect_allowed alice systemctl restart nginx
