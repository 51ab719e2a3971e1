#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# What people do with requests and grants, through server and courier, by the verbs alone: deny, cancel, revoke, drop, a
# policy that changes the role. Each ends what it should on the host and nothing else; bad input is named and does nothing.
# GF-38: the role changes while a grant of it lives.
. "$(dirname "$0")/../../tools/world.sh"
. /source/tools/demo/show.sh
. /source/tools/demo/setup.sh

mkdir -p "$logs"
set_up > "$logs/setup" 2>&1 || { cat "$logs/setup" && fail "the set-up"; }

ask() { # ask REASON: alice asks on the host; sets grant_short
  grant_short=$(as alice daypass request --role web-operator --for 5m --reason "$1" | grep -oE 'g-[a-z2-7]{16}' | head -n 1)
  wait_until 10 "the request has reached the server" eval 'as bob daypass requests --waiting 2> /dev/null | has "$grant_short"'
}
approve() {
  as bob daypass approve "$grant_short" --yes > "$logs/approve" 2>&1 || fail "bob approves: $(cat "$logs/approve")"
  wait_until 10 "the window is open" eval 'as alice sudo -n systemctl restart nginx > /dev/null 2>&1'
}
state() { as bob daypass show "$grant_short" --json | sed -nE 's/.*"state": ?"([a-z]+)".*/\1/p'; }
closes() { ! as alice sudo -n systemctl restart nginx > /dev/null 2>&1; }
code_of() { "$@" > "$logs/said" 2>&1 && echo 0 || echo $?; }

# Bad input: named, with its exit code, and nothing is asked.
expect_equal 2 "$(code_of as alice daypass request --role web-operator --for 5y --reason x)" "a length that is none"
has 90s < "$logs/said" || fail "the error shows what is allowed: $(cat "$logs/said")"
expect_equal 2 "$(code_of as alice daypass request --role web-operator)" "options that are missing"
code=$(code_of as alice daypass request --role no-such-role --for 5m --reason x)
[ "$code" != 0 ] && has no-such-role < "$logs/said" || fail "an unknown role: $code, $(cat "$logs/said")"
code=$(code_of as alice daypass request --role web-operator --for 9h --reason x)
[ "$code" != 0 ] && has 3600 < "$logs/said" || fail "longer than the role allows: $code, $(cat "$logs/said")"
expect_equal 1 "$(code_of as bob daypass approve g-aaaaaaaaaaaaaaaa --yes)" "an id that nobody has"
! as bob daypass requests --waiting --json | has '"g-' || fail "a refused request reached the server"

ask "to be denied"
as bob daypass deny "$grant_short" --reason "not today" > /dev/null || fail "bob denies"
expect_equal denied "$(state)" "its state"
wait_until 5 "alice's host knows" eval '! as alice daypass status | has "$grant_short"'
[ "$(code_of as bob daypass approve "$grant_short" --yes)" != 0 ] || fail "a denied request was approved"
closes || fail "denied, but open"

ask "to be revoked"
approve
as alice sudo -n web-watch > /dev/null 2>&1 &
wait_until 5 "the watch runs" eval 'pgrep -f "sleep 7002" > /dev/null'
as bob daypass revoke "$grant_short" --reason "enough" > /dev/null || fail "bob revokes"
wait_until 2 "the running command is gone" eval '! pgrep -f "sleep 700" > /dev/null'
expect_denied alice revoked systemctl restart nginx

# More time: what runs goes on at the end of the first window, and ends with the second.
grant_short=$(as alice daypass request --role web-operator --for 12s --reason "not long enough" | grep -oE 'g-[a-z2-7]{16}' | head -n 1)
wait_until 10 "the request has reached the server" eval 'as bob daypass requests --waiting 2> /dev/null | has "$grant_short"'
approve
first=$grant_short
began=$(now_ms)
as alice sudo -n web-watch > /dev/null 2>&1 &
wait_until 5 "the watch runs" eval 'pgrep -f "sleep 7002" > /dev/null'
[ "$(code_of as carol daypass extend "$first" --for 5m)" != 0 ] || fail "carol extended a grant of alice's"
as alice daypass request --role web-operator --for 5m --reason "once more" 2>&1 | has "daypass extend $first --for 5m" ||
  fail "asking for what is held should offer to extend it"
grant_short=$(as alice daypass extend "$first" --for 14s | grep -oE 'g-[a-z2-7]{16}' | head -n 1)
wait_until 10 "the request has reached the server" eval 'as bob daypass requests --waiting 2> /dev/null | has "$grant_short"'
as bob daypass show "$grant_short" | has -E "extends +$first" || fail "what it extends: $(as bob daypass show "$grant_short")"
mark
as bob daypass approve "$grant_short" --yes > /dev/null || fail "bob approves the extension"
extended=$(now_ms)
patience=15 expect_event '^window.extended$' DAYPASS_EVENT
[ $(($(now_ms) - began)) -ge 9000 ] || fail "extended before the first window has ended"
pgrep -f "sleep 7002" > /dev/null || fail "the command ended with its first window, though that was extended"
expect_allowed alice systemctl restart nginx
wait_until 25 "the watch ends with the second window" eval '! pgrep -f "sleep 700" > /dev/null'
[ $(($(now_ms) - extended)) -ge 12000 ] || fail "the second window was cut short"
closes || fail "ended twice, but open"
[ "$(code_of as alice daypass extend "$first" --for 5m)" != 0 ] || fail "what has ended is extended"
as bob daypass history --person alice > "$logs/history" 2>&1 || fail "history: $(cat "$logs/history")"
has -E "$grant_short +alice .*approved by bob" < "$logs/history" && has -E "denied by bob" < "$logs/history" ||
  fail "the history: $(cat "$logs/history")"
expect_equal 0 "$(as bob daypass history --json | grep -c "$grant_short" || true)" "bob's own history"

ask "to be dropped"
approve
[ "$(code_of as carol daypass drop "$grant_short")" != 0 ] || fail "carol dropped a grant of alice's"
as alice daypass drop "$grant_short" > /dev/null || fail "alice drops her own"
closes || fail "dropped, but open"

# A policy in which the role is another: the grant of the old one ends; a policy signed by nobody is not taken.
ask "to be changed"
approve
cp -r /home/admin/policy /home/admin/policy.next
chown -R admin: /home/admin/policy.next
sed -i "s/^version = 1/version = 2\nprevious = \"$policy_digest\"/" /home/admin/policy.next/policy.toml
sed -i 's/{ is = "nginx" }/{ is = "apache2" }/' /home/admin/policy.next/roles/web-operator.toml
as admin daypass policy build policy.next -o next.envelope > /dev/null || fail "the next policy"
[ "$(code_of as admin daypass policy push next.envelope --yes)" != 0 ] || fail "an unsigned policy was taken"
as alice sudo -n systemctl restart nginx > /dev/null || fail "the refused policy changed something"
as admin daypass policy sign next.envelope --key /home/admin/.ssh/id_ed25519 > /dev/null || fail "admin signs"
as admin daypass policy push next.envelope --yes > "$logs/push" 2>&1 || fail "the push: $(cat "$logs/push")"
wait_until 10 "the host holds version 2" eval "as alice daypass status --json | grep -qE '\"policy_version\": ?2\\b'"
expect_denied alice role_changed systemctl restart nginx
