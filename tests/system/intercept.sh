#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# sudo's intercept: what an allowed command starts is decided too, each exec of it, in the command's name; and no more
# once the grant is over, inside of a shell that runs. DAYPASS_ROUNDS: execs under make.
. "$(dirname "$0")/../../tools/world.sh"

rounds=${DAYPASS_ROUNDS:-300}
dash=$(readlink -f /bin/sh)
make_daypass_host "role.update(intercept=True, rules=[
  {'id': 'make', 'path': '/usr/bin/make', 'args': [], 'rest': 'any', 'may_run': ['/usr/bin/true', '$dash']},
  {'id': 'status', 'path': '/usr/bin/status', 'args': [], 'rest': 'none', 'may_run': ['/usr/bin/pager']},
  {'id': 'report', 'path': '/usr/bin/report', 'args': [], 'rest': 'none', 'may_run': ['/usr/bin/pager', '$dash']},
  {'id': 'alone', 'path': '/usr/bin/alone', 'args': [], 'rest': 'none'},
  {'id': 'parent', 'path': '/usr/bin/parent', 'args': [], 'rest': 'none'}])
shell = {**role, 'name': 'shell', 'rules': [], 'full': True, 'on_end': 'notify'}
d['roles'] += [shell, {**shell, 'name': 'unwatched', 'unwatched': True},
               {**role, 'name': 'plain', 'intercept': False, 'rules': role['rules'][4:]}]
d['standing'] = [{'name': 'nightly', 'accounts': ['carol'], 'intercept': True, 'rules': role['rules'][1:3],
                  **{key: role[key] for key in ('hosts', 'doors', 'run_as')}}]"
intercept() { # intercept DEFAULTS: what our line of sudoers and these defaults make of it
  printf 'Defaults %s\nALL ALL=(ALL:ALL) NOPASSWD: NOSETENV: ALL\n' "$1" > /etc/sudoers.d/daypass
}
make_program() { # make_program PATH COMMAND...: notes that it ran, and runs these
  printf '#!%s\necho "%s" >> /run/world/ran\n%s\n' "$dash" "$1" "$2" > "$1"
  chmod 755 "$1"
}
rm -f /usr/bin/pager
make_program /usr/bin/pager 'sh -c "echo SHELL >> /run/world/ran"'
make_program /usr/bin/status pager
make_program /usr/bin/report pager
make_program /usr/bin/alone :
make_program /usr/bin/parent /usr/bin/true
make_grant first "d['duration_s'] = 3600"
expect_taken first
expect_sub_command() { # expect_sub_command PATTERN: event, reason, command, rule, and the record of its parent
  expect_event "^$1\$" DAYPASS_EVENT DAYPASS_REASON DAYPASS_COMMAND DAYPASS_RULE DAYPASS_PARENT
}

# The role wants it, and sudo does not do it, or only reports. The control: sudo does.
for defaults in '!intercept' 'log_subcmds'; do
  intercept "$defaults"
  expect_denied alice intercept_missing alone
done
printf 'Defaults!/usr/bin/report intercept\n' >> /etc/sudoers.d/daypass
expect_denied alice intercept_missing alone
as alice sudo -n report > "$logs/report" 2>&1 || fail "intercepted by itself, report should be allowed: $(cat "$logs/report")"
intercept intercept
expect_allowed alice alone

# A role that does not speak of it: what its command starts runs unasked, and where sudo asks, is not in it.
make_grant plain "d['role'] = 'plain'; d['role_digest'] = digest(roles['plain']); d['subject'] = d['requester'] = 'admin'"
expect_taken plain
intercept '!intercept'
expect_allowed admin parent
intercept intercept
mark
as admin sudo -n parent > "$logs/parent" 2>&1 && fail "sudo asks, so what it starts should be denied"
expect_sub_command "decision.denied wrong_command /usr/bin/true - [0-9]+"

# SC-16: the pager of an allowed command may run, and a shell from inside of it may not. The control: a rule that names
# both.
: > "$ran"
mark
as alice sudo -n status > "$logs/status" 2>&1 && fail "its pager could not start what it starts"
expect_sub_command "decision.allowed granted /usr/bin/pager status [0-9]+"
expect_sub_command "decision.denied wrong_command /usr/bin/sh - [0-9]+"
has '^/usr/bin/pager$' "$ran" || fail "the pager should have run: $(cat "$logs/status")"
has SHELL "$ran" && fail "a shell ran from inside of the pager"
has 'not allowed' "$logs/status" || fail "the person should read why: $(cat "$logs/status")"
has 'daypass request' "$logs/status" && fail "no role would help: $(cat "$logs/status")"
as alice sudo -n report > "$logs/report" 2>&1 || fail "report and its shell should be allowed: $(cat "$logs/report")"
has SHELL "$ran" || fail "the shell should have run: $(cat "$logs/report")"
say "a pager may run, and no shell from it, unless the rule names it"

# The same on a terminal, and under a standing rule of an account without a grant.
shells() { grep -c SHELL "$ran"; }
with_and_without() { # with_and_without WHAT COMMAND...: runs report, whose shell runs, and status, whose shell does not
  local before
  before=$(shells)
  "${@:2}" 'sudo -n status' > "$logs/status" 2>&1 && fail "status, $1, should fail with its pager"
  expect_equal "$before" "$(shells)" "shells by status, $1: $(cat "$logs/status")"
  "${@:2}" 'sudo -n report' > "$logs/report" 2>&1 || fail "report, $1: $(cat "$logs/report")"
  expect_equal "$((before + 1))" "$(shells)" "shells by report, $1: $(cat "$logs/report")"
  say "the same $1"
}
with_and_without "on a terminal" on_terminal alice
with_and_without "by a standing rule" as carol sh -c
# sudo's other way is a library in the command's own process, which may do without it: that is no intercept.
intercept 'intercept, intercept_type=dso'
mark
as alice sudo -n report > "$logs/report" 2>&1 && fail "a preloaded library was taken for intercept"
expect_event '^decision.denied intercept_missing$' DAYPASS_EVENT DAYPASS_REASON
intercept intercept

# A permissive host denies for the record alone; root's exempt account is nobody's child and passes.
gate() { printf '%s\nexempt alice ssh\n' "$1" > /etc/daypass/gate.conf; }
gate 'mode permissive'
mark
as bob sudo -n status > "$logs/status" 2>&1 || fail "a permissive host should let it pass: $(cat "$logs/status")"
expect_event '^decision.denied no_grant allow /usr/bin/sh [0-9]+$' DAYPASS_EVENT DAYPASS_REASON DAYPASS_EFFECT \
  DAYPASS_COMMAND DAYPASS_PARENT
gate 'exempt bob sudo'
mark
as bob sudo -n status > "$logs/status" 2>&1 || fail "an exempt account should pass: $(cat "$logs/status")"
expect_event '^decision.allowed exempt allow /usr/bin/sh [0-9]+$' DAYPASS_EVENT DAYPASS_REASON DAYPASS_EFFECT \
  DAYPASS_COMMAND DAYPASS_PARENT
gate 'mode enforce'
mark
as bob sudo -n status > "$logs/status" 2>&1 && fail "bob has no grant"
expect_event '^decision.denied no_grant$' DAYPASS_EVENT DAYPASS_REASON

# A root shell that stays: each exec inside of it is decided, and it outlives the agent's restart, but not the grant.
make_program /run/world/session 'while read -r line < /run/world/do; do
  eval "$line" > /run/world/out 2>&1
  echo $? > /run/world/did
done'
mkfifo /run/world/do /run/world/did
take_role() { # take_role NAME SECONDS: alice's grant of it
  make_grant "$1" "d['role'] = '$1'; d['role_digest'] = digest(roles['$1']); d['duration_s'] = $2"
  expect_taken "$1"
}
open_shell() {
  as alice sudo -n /bin/sh /run/world/session > "$logs/session" 2>&1 &
  session=$!
}
expect_exit() { # expect_exit CODE COMMAND: what the shell says of it
  echo "$2" > /run/world/do
  expect_equal "$1" "$(timeout 20 cat /run/world/did)" "the shell's '$2' ($(cat /run/world/out), $(cat "$logs/session"))"
}
close_shell() {
  echo 'exit 0' > /run/world/do
  wait "$session" || fail "the shell ended with $?: $(cat "$logs/session")"
}
take_role unwatched 3600
open_shell
mark
expect_exit 0 'systemctl restart nginx'
expect_sub_command "decision.allowed granted /usr/bin/systemctl - [0-9]+"
stop_agent
expect_exit 126 'systemctl restart nginx'
start_agent
put_status > /dev/null
expect_exit 0 'systemctl restart nginx'
put_status "d['revoked'] = [{'id': '$grant_id', 'at_ms': now_ms()}]" > /dev/null
mark
expect_exit 126 'systemctl restart nginx'
expect_sub_command "decision.denied revoked /usr/bin/systemctl - [0-9]+"
expect_exit 0 'echo built in' # the control: it is the same shell, and it lives
close_shell
say "a root shell goes on over a restart of the agent, and can start nothing more once its grant is revoked"

take_role shell 8
open_shell
expect_exit 0 'systemctl restart nginx'
wait_until 30 "the window is over" recorded '^window.ended$' DAYPASS_EVENT
mark
expect_exit 126 'systemctl restart nginx'
expect_sub_command "decision.denied expired /usr/bin/systemctl - [0-9]+"
expect_exit 0 'echo built in'
close_shell
expect_equal 3 "$(grep -c '^systemctl restart' "$ran")" "restarts, of six attempts"
say "a root shell can start nothing more once its window is over"

# SC-34: make and its many execs, four at once; every eleventh is of something that the rule does not name. Each is
# decided, once.
mkdir /srv/build
{
  printf 'all:%s\n' "$(seq -f ' yes-%.0f' "$rounds" | tr -d '\n')$(seq -f ' no-%.0f' $((rounds / 10)) | tr -d '\n')"
  printf 'yes-%%: ; @/usr/bin/true $@\nno-%%: ; @/usr/bin/id $@\n'
} > /srv/build/Makefile
started=$(now_ms)
as alice timeout $((60 + rounds / 5)) sudo -n make -k -j 4 -C /srv/build > "$logs/make" 2>&1 && fail "some of it should be denied"
say "make with $((rounds + rounds / 10)) execs took $(($(now_ms) - started)) ms"
decided() { # decided EVENT COMMAND NAME: how many different execs of NAME-... have a record
  records | grep "\"event\":\"decision.$1\"" | grep "\"command\":\"$2\"" | grep '"parent":' | grep -o "\"argv\":\"$2 $3-[0-9]*\"" |
    sort "${@:4}" | wc -l
}
expect_equal "$rounds" "$(decided allowed /usr/bin/true yes)" "execs that were allowed"
expect_equal "$rounds" "$(decided allowed /usr/bin/true yes -u)" "different ones"
expect_equal "$((rounds / 10))" "$(decided denied /usr/bin/id no -u)" "execs that were denied"
expect_allowed alice alone

# How long a decision takes, with sudo's own work around it, for whoever measures; beside it the same without sudo.
take_role shell 3600
say "exec, without sudo: $(/source/tests/system/spawn.py "$rounds")"
say "exec, under intercept: $(as alice sudo -n /usr/bin/python3 /source/tests/system/spawn.py "$rounds")"
