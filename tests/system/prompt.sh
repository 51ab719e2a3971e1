#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# sudo at a terminal asks for what is missing, waits, and goes on by itself. What it must not do: read a pipe, wait without
# a terminal, forget a request that was left, or hang once the terminal is gone.
# PL-26: with no grant the prompt appears though PAM's gate is in place, and sudo -l and -v work.
. "$(dirname "$0")/../../tools/world.sh"
. /source/tools/demo/show.sh
. /source/tools/demo/setup.sh

mkdir -p "$logs"
set_up > "$logs/setup" 2>&1 || { cat "$logs/setup" && fail "the set-up"; }

code=0
at_terminal() { # at_terminal STEP... -- COMMAND...: alice types; sets code, what was shown is in $logs/terminal
  code=0
  as alice "$world/terminal.py" "$@" > "$logs/terminal" 2>&1 || code=$?
}
shown() { has -F -- "$1" < "$logs/terminal" || fail "the terminal should have shown \"$1\": $(cat "$logs/terminal")"; }
hidden() { ! has -F -- "$1" < "$logs/terminal" || fail "the terminal should not have shown \"$1\": $(cat "$logs/terminal")"; }
waiting() { as bob daypass requests --waiting --json | tr ',' '\n' | sed -n 's/.*"short": *"\(g-[a-z2-7]*\)".*/\1/p' | head -n 1; }
approve_soon() { # approve_soon: bob says yes to what alice is about to ask
  (
    wait_until 30 "the request has reached the server" eval '[ -n "$(waiting)" ]'
    as bob daypass approve "$(waiting)" --yes
  ) > "$logs/approve" 2>&1 &
  approving=$!
}
gone() { ! pgrep -u root -x sudo > /dev/null; }

# The way of an SRE: a reason, the usual time, a yes from elsewhere; sudo goes on by itself.
approve_soon
before=$(runs)
at_terminal wait "web-operator, up to 1h; needs 1 of web-leads" wait "why, for those who approve" type "nginx does not answer" \
  wait "for how long [30m]" type "2h" wait "at most 1h" wait "for how long" type "1m" \
  wait "to approve: daypass approve g-" wait " left (Ctrl-C keeps the request)" wait "approved" \
  -- sudo systemctl restart nginx
wait "$approving" || fail "bob approves: $(cat "$logs/approve")"
expect_equal 0 "$code" "sudo goes on: $(cat "$logs/terminal")"
expect_equal $((before + 1)) "$(runs)" "the command ran once"
shown "nginx restarted"
say "prompt, approval, command: allowed"

# Within the window nobody is asked anything.
at_terminal -- sudo systemctl restart nginx
expect_equal 0 "$code" "within the window"
hidden "for those who approve"
drop_all() { for id in $(as alice daypass status | grep -oE 'g-[a-z2-7]{16}' | sort -u); do as alice daypass drop "$id" > /dev/null 2>&1 || true; done; }
drop_all

# Enter asks for nothing, and a pipe is never read, under -S neither.
before=$(runs)
at_terminal wait "why, for those who approve" type "" wait "not asked" -- sudo systemctl restart nginx
expect_equal 1 "$code" "left with Enter"
echo "this is somebody's pipe" > /home/alice/pipe
for options in "" "-S"; do
  at_terminal --stdin /home/alice/pipe wait "why, for those who approve" press ^D wait "not asked" -- bash -c "sudo $options systemctl restart nginx; cat"
  shown "this is somebody's pipe"
done
for way in "as alice sudo systemctl restart nginx" "at_terminal -- sudo -n systemctl restart nginx"; do
  began=$(now_ms)
  $way > "$logs/without" 2>&1 || true
  [ $(($(now_ms) - began)) -lt 10000 ] || fail "$way waited"
  cat "$logs/terminal" >> "$logs/without"
  has "try: daypass request --role web-operator" < "$logs/without" || fail "$way: $(cat "$logs/without")"
done
[ -z "$(waiting)" ] || fail "something was asked for that nobody asked for"
expect_equal "$before" "$(runs)" "nothing ran"

# PL-26: -l and -v ask nobody.
at_terminal -- sudo -l
expect_equal 0 "$code" "sudo -l"
hidden "for those who approve"
at_terminal -- sudo -v
expect_equal 0 "$code" "sudo -v"

# Ctrl-C keeps the request, and ends sudo; the same command later waits for the same request, and picks up its answer.
at_terminal wait "why, for those who approve" type "still down" wait "for how long" type "" wait "left (Ctrl-C keeps" press ^C -- sudo systemctl restart nginx
[ "$code" != 0 ] || fail "interrupted, but ran"
shown "is kept; run the command again"
wait_until 30 "the request has reached the server" eval '[ -n "$(waiting)" ]'
kept=$(waiting)
approve_soon
at_terminal wait "asked, $kept" wait approved -- sudo systemctl restart nginx
wait "$approving" || fail "bob approves: $(cat "$logs/approve")"
expect_equal 0 "$code" "the answer of the request that was kept: $(cat "$logs/terminal")"
hidden "for those who approve"
drop_all

# Ctrl-Z, a terminal that closes, SIGKILL: sudo is gone at once, nothing runs, the request stays.
before=$(runs)
at_terminal wait "why, for those who approve" type "still down" wait "for how long" type "" wait "left (Ctrl-C keeps" press ^Z pause 1 hang-up -- sudo systemctl restart nginx
wait_until 5 "sudo is gone" gone
at_terminal wait "asked, g-" wait "left (Ctrl-C keeps" hang-up -- sudo systemctl restart nginx
wait_until 5 "sudo is gone" gone
at_terminal wait "asked, g-" wait "left (Ctrl-C keeps" run "pkill -KILL -x sudo || true" pause 0.2 hang-up -- sudo systemctl restart nginx
pkill -KILL -u root -x sudo || true
wait_until 5 "sudo is gone" gone
expect_equal "$before" "$(runs)" "nothing ran"
wait_until 30 "the request has reached the server" eval '[ -n "$(waiting)" ]'

# A no is told, with who and why; it is asked anew afterwards.
id=$(waiting)
(sleep 1 && as bob daypass deny "$id" --reason "not now, a deploy is running") > "$logs/deny" 2>&1 &
at_terminal wait "asked, $id" wait "denied by bob: not now, a deploy is running" -- sudo systemctl restart nginx
expect_equal 1 "$code" "denied"
at_terminal wait "why, for those who approve" press ^C -- sudo systemctl restart nginx
expect_equal "$before" "$(runs)" "nothing ran"

# IPC: a denial that another process was given is nobody's to ask with.
"$world/ipc.py" /run/daypass/check.sock org.daypass.Check.Ask '{"query":1,"role":"web-operator","duration_s":60,"reason":"x"}' > "$logs/ipc" 2>&1 || true
has "query: is no denial that the asking process was given" < "$logs/ipc" || fail "asked in another's name: $(cat "$logs/ipc")"
