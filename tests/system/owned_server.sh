#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# GF-24, GF-25: somebody owns the server, its database and all of its keys. He approves a request in the database, signed
# with the server's keys under an approver's name, and appoints an approver of his own in a policy. The host, which gets all
# of it from its own courier, allows nothing but what a role lets the automatic key approve, as long and as often as the
# role says. The control: one real approval.
. "$(dirname "$0")/../../tools/world.sh"
. /source/tools/demo/show.sh
. /source/tools/demo/setup.sh

sql() { sqlite3 -cmd '.timeout 5000' /var/lib/daypass-server/server.db "$@"; }
tell_hosts="update changes set cursor = cursor + 1; update hosts set cursor = (select cursor from changes)"
stolen_signature() { # stolen_signature KEY NAMESPACE FILE: by a key of the server's
  "$world/openssh_key.py" "/var/lib/daypass-server/keys/$1.key" /run/world/stolen
  chmod 600 /run/world/stolen
  ssh-keygen -Y sign -q -f /run/world/stolen -n "$2" < "$3"
}
ask() { # ask REASON [ROLE [FOR]]: alice asks on the host; sets grant_short
  grant_short=$(as alice daypass request --role "${2:-web-operator}" --for "${3:-2m}" --reason "$1" |
    grep -oE 'g-[a-z2-7]{16}' | head -n 1)
  wait_until 40 "the request has reached the server" eval 'as bob daypass requests --waiting 2> /dev/null | has "$grant_short"'
}

mkdir -p "$logs"
patience=40 # the courier comes back to a server that was away when it likes
set_up > "$logs/setup" 2>&1 || { cat "$logs/setup" && fail "the set-up"; }

approve_as() { # approve_as KEY PERSON FINGERPRINT: in the database, the request asked for last
  local id
  id=$(sql "select id from requests where short_id = '$grant_short'")
  sql "select writefile('/run/world/statement', statement) from requests where id = '$id'" > /dev/null
  stolen_signature "$1" grant@daypass /run/world/statement > /run/world/signature
  sql "insert into approvals values ('$id', '$2', '$3', cast(readfile('/run/world/signature') as text), $(now_ms));
    $tell_hosts; update requests set state = 'approved', changed = (select cursor from changes) where id = '$id'"
  stop_server
  start_server
}
journal() { as alice sudo -n journalctl --no-pager -u nginx -n 1 > /dev/null 2>&1; }

# An approval in the database: bob's name and key, a signature of the server's; then the automatic key's own, for a role
# that does not name it, and for longer than the role that does.
ask "approved by nobody"
mark
approve_as status bob "$(ssh-keygen -lf "$keys/bob.pub" | cut -d' ' -f2)"
expect_event '^grant.refused (key_unknown|key_refused|approvals_missing|approver_not_allowed)' DAYPASS_EVENT DAYPASS_REASON
expect_denied alice no_grant systemctl restart nginx
automatic=$(ssh-keygen -lf /var/lib/daypass-server/keys/automatic.pub | cut -d' ' -f2)
ask "approved by a machine"
mark
approve_as automatic '' "$automatic"
expect_event '^grant.refused (key_unknown|key_refused|approvals_missing|approver_not_allowed)' DAYPASS_EVENT DAYPASS_REASON
expect_denied alice no_grant systemctl restart nginx
ask "longer than the machine may" log-reader 11m
mark
approve_as automatic '' "$automatic"
expect_event '^grant.refused (key_unknown|key_refused|approvals_missing|approver_not_allowed)' DAYPASS_EVENT DAYPASS_REASON
! journal || fail "eleven minutes of the log, where the machine may give ten"

# A policy in the database: the next version, with an approver and administrator of his own.
make_key mallory
mkdir -p "$papers"
sql "select writefile('$papers/first', envelope) from policies where version = 1" > /dev/null
daypass doc extract "$papers/first" --payload "$papers/coup.json" --signatures "$papers/signatures" > /dev/null
mallory=$(cut -d' ' -f1,2 "$keys/mallory.pub")
python3 - "$papers/coup.json" "$mallory" << 'PYTHON'
import hashlib, json, sys
with open(sys.argv[1], "rb") as file:
    held = file.read()
d = json.loads(held)
d["version"], d["previous"] = 2, hashlib.sha256(held).hexdigest()
d["people"].append({"name": "mallory", "accounts": [], "groups": ["web-leads"],
                    "keys": [{"key": sys.argv[2], "uses": ["administer", "approve"]}]})
d["administrators"]["people"] = ["mallory"]
with open(sys.argv[1], "wb") as file:
    file.write(json.dumps(d, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())
PYTHON
sign coup policy mallory
mark
sql "insert into policies values (2, '$(sha256sum < "$papers/coup.json" | cut -d' ' -f1)',
  cast(readfile('$papers/coup.envelope') as text), $(now_ms)); $tell_hosts"
stop_server
start_server
expect_event '^policy.refused (below_threshold|key_unknown)' DAYPASS_EVENT DAYPASS_REASON
expect_denied alice no_grant systemctl restart nginx
sql "delete from policies where version = 2; $tell_hosts"
stop_server
start_server

# The control: bob approves for real, through the same server.
ask "approved by bob"
as bob daypass approve "$grant_short" --yes > "$logs/approve" 2>&1 || fail "bob approves: $(cat "$logs/approve")"
wait_until 40 "bob's approval opens the window" eval 'as alice sudo -n systemctl restart nginx > /dev/null 2>&1'
expect_allowed alice systemctl restart nginx
expect_denied alice wrong_command id

# What the role gives it, it gives: ten minutes, three times a day, of exactly this.
as alice daypass request --role log-reader --for 10m --reason "within the limits" --wait > "$logs/automatic" 2>&1 ||
  fail "approved automatically: $(cat "$logs/automatic")"
wait_until 40 "ten minutes of the log" journal
expect_denied alice wrong_argument journalctl --no-pager -u sshd -n 1
