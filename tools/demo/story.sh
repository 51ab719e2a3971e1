# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# The story itself, act by act; each step is checked. Sourced by tools/demo.sh.

story() {
  before_the_window
  without_a_person
  asking
  approving
  during_the_window
  without_the_server
  forging
  the_end
  the_journal
}

before_the_window() {
  act "alice logs in and has no access"
  note "Logging in is free on this host; what she may do as root is not."
  printf '%salice@laptop%s$ %sssh web-1%s\n' "$dim" "$plain" "$bold" "$plain"
  log_in_by_ssh alice && log_in_by_ssh bob || broken "this should have worked: $(cat "$logs/ssh")"
  refused alice@web-1 "sudo -n systemctl restart nginx" "daypass request"
  checked "refused; the command did not run; the text says why and what to do"
}

without_a_person() {
  act "What the policy lets the server approve: ten minutes of the log"
  note "The role names the server's automatic key, for whom, where, how long and how often; every host checks" \
    "that. The server adds how unusual the request is, and keeps quiet above a score that the role sets."
  works alice@web-1 "daypass request --role log-reader --for 10m --reason 'what does nginx say?' --wait" 'g-[a-z2-7]{16}'
  local short
  short=$(grep -oE 'g-[a-z2-7]{16}' <<< "$output" | head -n 1)
  works alice@web-1 "sudo journalctl --no-pager -u nginx -n 20"
  refused alice@web-1 "sudo -n journalctl --no-pager -u sshd -n 20" "wrong_argument|argument"
  works bob@laptop "daypass show $short" "the automatic approver"
  checked "allowed at once, by nobody's hand, and this command only; the record says so, and what the risk was made of"
}

asking() {
  act "alice asks, at the prompt of sudo itself"
  note "She is at a terminal, so sudo asks for the role that is missing, and waits. Her account is known from the" \
    "process that was denied; the host signs that it was her."
  printf '%salice@web-1%s$ %ssudo systemctl restart nginx%s\n' "$dim" "$plain" "$bold" "$plain"
  as alice "$world/terminal.py" wait "for those who approve" type "nginx does not answer, OPS-7" wait "for how long" type "30s" \
    wait "approved and in force" -- sudo systemctl restart nginx > "$logs/prompt" 2>&1 &
  prompting=$!
  wait_until 10 "the request has reached the server" request_waits
}

request_waits() {
  grant_short=$(as bob daypass requests --waiting 2> /dev/null | grep -oE '^g-[a-z2-7]{16}')
}

approving() {
  act "bob, elsewhere, reads and signs"
  note "What he reads comes from the very bytes that his own SSH key signs, and the commands from a policy" \
    "that his CLI has verified itself. The server only carried them."
  works bob@laptop "daypass requests --waiting" "$grant_short"
  works bob@laptop "daypass approve $grant_short --yes" "web-operator"
  approved=$(now_ms)
  wait "$prompting" || broken "sudo should have gone on: $(cat "$logs/prompt")"
  took=$(($(now_ms) - approved))
  note "Meanwhile, at alice's terminal:"
  sed 's/\r$//; s/.*\r//; s/.*\x1b\[K//' "$logs/prompt" | indent
  [ "$took" -lt 1000 ] && checked "her sudo went on by itself, $took ms after the approval" || broken "it took $took ms"
}

during_the_window() {
  act "The window is open: 30 seconds"
  works alice@web-1 "sudo systemctl restart nginx" "nginx restarted"
  refused alice@web-1 "sudo -n cat /etc/shadow" "command"
  checked "a command outside the role is refused"
  refused bob@web-1 "sudo -n systemctl restart nginx" "no grant|daypass request"
  checked "bob has approved, which gives him nothing"
  works alice@web-1 "sudo -l" "may run"
  echo
  note "A command that would outlive the window, with children that do not want to end:"
  printf '%salice@web-1%s$ %ssudo web-watch &%s\n' "$dim" "$plain" "$bold" "$plain"
  in_ssh -tt alice "sudo web-watch" > "$logs/watch" 2>&1 &
  watch_pid=$!
  wait_until 5 "web-watch runs" grep -q watching "$logs/watch"
  indent < "$logs/watch"
  checked "$(helpers) processes of it are running as root"
}

helpers() { pgrep -cf 'web-watch|sleep 700' || true; }

without_the_server() {
  act "The server and the courier are down"
  works root@web-1 "kill -9 ${pid_of[server]} ${pid_of[courier]}   # daypass-server and daypass-sync"
  stop server KILL
  stop courier KILL
  works alice@web-1 "sudo systemctl restart nginx" "nginx restarted"
  checked "allowed from what the host holds; it needs nobody to decide"
}

forging() {
  act "A forger with all of the server's keys, but no approver's"
  note "He owns the server: its status key, its CA, its TLS key. He writes a grant of an hour for alice, signs it" \
    "with each of them and hands it to the host as the courier would."
  works root@server "ls -x /var/lib/daypass-server/keys; /source/tools/world/forge.sh /run/world/forged.envelope"
  type_as daypass-sync@host "/source/tools/world/ipc.py /run/daypass/courier.sock org.daypass.Courier.Put \\
    '{\"type\":\"grant\"}' --document /run/world/forged.envelope"
  grep -qE 'key_unknown|approvals_missing|approver_not_allowed|key_refused' <<< "$output" || broken "this should have been refused"
  checked "refused: none of those keys belongs to an approver"
}

the_end() {
  act "The window ends"
  note "Waiting for the end of the 30 seconds ..."
  local last=0 end=0
  wait_until 30 "28 seconds have passed" eval "[ \$(now_ms) -ge $((approved + 28000)) ]"
  while perform alice@web-1 "sudo -n systemctl restart nginx" > /dev/null 2>&1; do
    last=$(now_ms)
    sleep 0.5
  done
  end=$(now_ms)
  [ "$end" -lt $((approved + 31000)) ] || broken "still open $((end - approved)) ms after the approval"
  [ "$last" -gt $((approved + 20000)) ] || broken "closed already $((last - approved)) ms after the approval"
  wait_until 2 "the running command and all its children are gone" no_helpers
  refused alice@web-1 "sudo -n systemctl restart nginx" "expired|ended|daypass request"
  checked "refused, and web-watch is gone with all its children"
  wait "$watch_pid" 2> /dev/null || true
  as alice pgrep -af 'web-watch|sleep 700' || checked "pgrep finds none of them"
}

no_helpers() { [ "$(helpers)" = 0 ]; }

the_journal() {
  act "The journal tells the whole story"
  works root@web-1 "journalctl --no-hostname --utc DAYPASS_GRANT=$grant_short" "daypassd"
  local event
  for event in request.asked grant.imported grant.started decision.allowed command.started command.ended window.ended; do
    journalctl -q DAYPASS_GRANT="$grant_short" DAYPASS_EVENT="$event" -o cat | has . || broken "the journal lacks $event"
  done
  checked "asked, approved, allowed, started, ended: each with a number, a digest and a signature in the store"
}
