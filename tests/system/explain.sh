#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# daypass explain says what sudo does: on the host from what is held there, on the laptop from the policy. It asks for
# nothing, spends nothing and leaves no record; what another account may, only root is told.
. "$(dirname "$0")/../../tools/world.sh"
. /source/tools/demo/show.sh
. /source/tools/demo/setup.sh

mkdir -p "$logs"
set_up > "$logs/setup" 2>&1 || { cat "$logs/setup" && fail "the set-up"; }

# explains CODE WORD WHO WORDS...: WHO runs "daypass explain" with WORDS; the exit code and a word of the answer.
explains() {
  local code=$1 word=$2 who=$3 got=0
  shift 3
  said=$(as "$who" daypass explain "$@" 2>&1) || got=$?
  [ "$got" = "$code" ] && has -E -- "$word" <<< "$said" || fail "explain $* by $who: $got, not $code with \"$word\": $said"
  say "explained ($code, $word): $*"
}
records() { sqlite3 /var/lib/daypass/agent.db 'select count(*) from records'; }

# Without a grant: no, and what to type. On the laptop: the role would do, once somebody approves.
explains 1 "daypass request --role web-operator" alice -- /usr/bin/systemctl restart nginx
expect_denied alice no_grant systemctl restart nginx
explains 1 "no role of the policy" alice -- /usr/bin/systemctl stop nginx
explains 0 "1 of web-leads" admin --user alice --host web-1 --labels env=demo --policy policy -- systemctl restart nginx
explains 1 "hosts: where env is demo" admin --user alice --host web-1 --labels env=other --policy policy -- /usr/bin/systemctl restart nginx
explains 1 "restart nginx" admin --user alice --host web-1 --labels env=demo --policy policy.envelope -- /usr/bin/systemctl stop nginx

# With one: the same verdicts as sudo's, from the real cache.
short=$(as alice daypass request --role web-operator --for 5m --reason "to be explained" | grep -oE 'g-[a-z2-7]{16}' | head -n 1)
wait_until 10 "the request has reached the server" eval 'as bob daypass requests --waiting 2> /dev/null | has "$short"'
as bob daypass approve "$short" --yes > "$logs/approve" 2>&1 || fail "bob approves: $(cat "$logs/approve")"
wait_until 10 "alice's grant is in force" eval 'as alice daypass status | has "$short"'
before=$(records)
explains 0 "rule.*restart" alice -- /usr/bin/systemctl restart nginx
explains 1 "argument" alice -- /usr/bin/systemctl restart apache2
explains 1 "$short" alice -- /usr/bin/web-watch now
explains 1 "file|command" alice -- sudoedit /etc/hosts
explains 1 "run.as|account" alice --run-as bob -- /usr/bin/systemctl restart nginx
explains 0 "web-operator" root --user alice -- systemctl restart nginx
[ "$(records)" = "$before" ] || fail "a question left a record"
expect_allowed alice systemctl restart nginx
expect_denied alice wrong_argument systemctl restart apache2

# Nobody is told what another may; what is wrong is named.
explains 5 "only root" carol --user alice -- /usr/bin/systemctl restart nginx
explains 1 "none here" carol -- /usr/bin/systemctl restart nginx
explains 2 "COMMAND is required" alice
explains 3 "which command" alice -- sudoedit
explains 1 "no such command" alice -- no-such-command
explains 3 "--user" admin --host web-1 --policy policy -- /usr/bin/systemctl restart nginx
explains 1 "there is no account" alice --run-as nobody-here -- /usr/bin/true
# Asked too often, one account is told to wait, and sudo goes on.
for _ in $(seq 40); do as alice daypass explain -- /usr/bin/systemctl restart nginx > "$logs/many" 2>&1 || break; done
has "in a minute" < "$logs/many" || fail "40 questions in a minute: $(cat "$logs/many")"
expect_allowed alice systemctl restart nginx
