#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# Who, through which door, as whom: a grant is one person's, for one door, to become one account.
. "$(dirname "$0")/../../tools/world.sh"

make_daypass_host 'role["doors"] = ["sudo"]
d["roles"] += [
  {**role, "name": "database", "run_as": {"users": ["postgres"], "groups": []}},
  {**role, "name": "visitor", "doors": ["ssh"]},
  {**role, "name": "all-of-it", "doors": ["su"], "full": True, "rules": []},
]'
start_sshd
in_role() { printf 'd["role"] = "%s"; d["role_digest"] = digest(roles["%s"])' "$1" "$1"; }

# GF-13: a grant to become postgres is none to become root.
make_grant database "$(in_role database)"
expect_taken database
expect_allowed alice -u postgres systemctl restart nginx
expect_denied alice wrong_runas systemctl restart nginx
expect_denied alice wrong_runas -u bob systemctl restart nginx
expect_denied alice wrong_runas -u postgres -g root systemctl restart nginx
expect_denied alice wrong_runas -u '#0' systemctl restart nginx

# GF-11: it is alice's, and only as long as she is the same account: the name and the uid that were bound.
make_grant hers
expect_taken hers
expect_allowed alice systemctl restart nginx
expect_denied bob no_grant systemctl restart nginx
expect_denied carol no_grant systemctl restart nginx
cp -a /etc/passwd /run/world/passwd
sed -i 's/^alice:x:1001:/alice:x:1005:/' /etc/passwd
expect_denied alice wrong_subject systemctl restart nginx
sed -i 's/^alice:x:1005:/eve:x:1001:/' /etc/passwd
echo 'eve:*:19000:0:99999:7:::' >> /etc/shadow
expect_denied eve no_grant systemctl restart nginx
cp -a /run/world/passwd /etc/passwd
expect_allowed alice systemctl restart nginx

# GF-12: a grant for sudo opens neither ssh nor su; those for ssh and su do.
printf 'mode enforce\n' > /etc/daypass/gate.conf
sed -i 's/^auth sufficient pam_rootok.so/auth sufficient pam_permit.so/' /etc/pam.d/su
door_refuses() { # door_refuses REASON COMMAND...
  mark
  "${@:2}" > "$logs/door" 2>&1 && fail "$*: should be refused"
  expect_event "^decision.denied $1\$" DAYPASS_EVENT DAYPASS_REASON
  say "denied ($1): ${*:2}"
}
sleep 1 # the agent has seen gate.conf change
door_refuses wrong_door in_ssh alice id
door_refuses wrong_door as alice su root -c id
make_grant visitor "$(in_role visitor)"
expect_taken visitor
expect_equal alice "$(in_ssh alice id -un)" "ssh with a grant for ssh"
door_refuses wrong_door as alice su root -c id
make_grant all-of-it "$(in_role all-of-it)"
expect_taken all-of-it
expect_equal root "$(as alice su root -c 'id -un')" "su with a grant for su"
door_refuses no_grant in_ssh carol id
