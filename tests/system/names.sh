#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# Accounts whose names are traps, accounts that share a uid, and a login that is not the account that asks: who somebody
# is comes from the kernel, a name is only what people read, and no name ever becomes a path.
. "$(dirname "$0")/../../tools/world.sh"

make_daypass_host
make_grant first
expect_taken first
cp -a /etc/passwd /run/world/passwd
cp -a /etc/shadow /run/world/shadow
accounts_as_before() { cat /run/world/passwd > /etc/passwd && cat /run/world/shadow > /etc/shadow; }

# as_uid UID COMMAND...: `as`, by number: whatever name that number has now.
as_uid() {
  (cd / && exec setpriv --reuid "$1" --regid "$1" --clear-groups --reset-env -- \
    /usr/bin/env PATH=/usr/bin:/bin LANG=C.UTF-8 "${@:2}" < /dev/null)
}
allowed_uid() { # allowed_uid UID
  local before
  before=$(runs)
  as_uid "$1" sudo -n systemctl restart nginx > "$logs/named" 2>&1 || fail "uid $1 should be allowed: $(cat "$logs/named")"
  expect_equal "$((before + 1))" "$(runs)" "it ran"
}
refused_uid() { # refused_uid UID
  local before
  before=$(runs)
  mark
  as_uid "$1" sudo -n systemctl restart nginx > "$logs/named" 2>&1 && fail "uid $1 should be refused"
  expect_equal "$before" "$(runs)" "nothing ran"
}
named() { # named UID NAME: the account of this uid has this name now
  awk -F: -v OFS=: -v uid="$1" -v name="$2" '$3 == uid { $1 = name } { print }' /run/world/passwd > /etc/passwd
  echo "$2:*:19000:0:99999:7:::" >> /etc/shadow
}
paths() { find /etc /run /var /tmp /srv /home /root -xdev 2> /dev/null; find /tmp /run -xdev; }

# SC-31: names that would be a path, an option, a column more, another script; none of them is alice's, so none has her
# grant, and none leaves a file.
allowed_uid 1001
paths | sort -u > /run/world/paths
long=$(head -c 256 /dev/zero | tr '\0' n)
for name in 'a/evil' '../../tmp/evil' '..' '.' 'jo evil' 'jörg' 'alice evil' 'alice/' "$long" "${long}evil"; do
  named 1001 "$name"
  refused_uid 1001
  if [ ${#name} -le 256 ]; then
    expect_event '^decision.denied no_grant 1001$' DAYPASS_EVENT DAYPASS_REASON DAYPASS_UID
    events_since DAYPASS_EVENT DAYPASS_USER | has -xF "decision.denied $name" || fail "the record names $name otherwise"
  fi
  say "denied: $(shown "$name" | cut -c1-40)"
  accounts_as_before
  allowed_uid 1001 # the control: the same uid under the name that the grant binds
done
named 1001 $'evil\x1b[31m'
refused_uid 1001
LC_ALL=C grep -q $'\x1b' "$logs/named" && fail "a terminal would obey the name"
accounts_as_before
expect_equal "" "$(paths | sort -u | comm -13 /run/world/paths - | grep -E 'evil|rg$|nnnn' || true)" "files by these names"
[ "$(stat -c %s /tmp)" ] && [ ! -e /tmp/evil ] || fail "a name was followed out of a folder"

# SC-31: two names, one uid. The kernel knows no difference, and neither is more than the account that the uid is.
awk -F: -v OFS=: '{ print } $1 == "alice" { $1 = "twin"; print }' /run/world/passwd > /etc/passwd
allowed_uid 1001
awk -F: -v OFS=: '$1 == "alice" { first = $0; $1 = "twin"; print; print first; next } { print }' /run/world/passwd > /etc/passwd
echo 'twin:*:19000:0:99999:7:::' >> /etc/shadow
refused_uid 1001 # the uid is called twin now, and twin holds nothing
expect_event '^decision.denied no_grant 1001 twin$' DAYPASS_EVENT DAYPASS_REASON DAYPASS_UID DAYPASS_USER
say "denied: twin, who has alice's uid"
# "root" is a uid, not a name: carol called root is not, and root called otherwise is.
accounts_as_before
named 1003 root
refused_uid 1003
expect_event '^decision.denied [a-z_]* 1003$' DAYPASS_EVENT DAYPASS_REASON DAYPASS_UID
accounts_as_before
sed -i '1i toor:x:0:0::/root:/bin/bash' /etc/passwd
echo 'toor:*:19000:0:99999:7:::' >> /etc/shadow
mark
allowed_uid 0
expect_event '^decision.allowed root 0$' DAYPASS_EVENT DAYPASS_REASON DAYPASS_UID
accounts_as_before
say "root is uid 0, and no name"

# SC-32: alice logs in, becomes carol, and uses carol's grant: the record has both. The control is carol herself.
printf 'mode enforce\nexempt alice ssh\nexempt carol ssh\nexempt alice su\n' > /etc/daypass/gate.conf
sed -i 's/^auth sufficient pam_rootok.so/auth sufficient pam_permit.so/' /etc/pam.d/su
sed -i '1i session required pam_loginuid.so' /etc/pam.d/sshd
make_grant carols 'd["subject"] = d["requester"] = "carol"'
expect_taken carols
sleep 1 # the agent has seen gate.conf change
start_sshd
mark
in_ssh alice "su carol -c 'sudo -n systemctl restart nginx'" > /dev/null || fail "carol's grant should work by su"
expect_event '^decision.allowed carol 1003 1001 sudo$' DAYPASS_EVENT DAYPASS_USER DAYPASS_UID DAYPASS_LOGINUID DAYPASS_DOOR
mark
in_ssh carol sudo -n systemctl restart nginx > /dev/null || fail "carol's grant should work by ssh"
expect_event '^decision.allowed carol 1003 1003 sudo$' DAYPASS_EVENT DAYPASS_USER DAYPASS_UID DAYPASS_LOGINUID DAYPASS_DOOR
records | has '"loginuid":1001,.*"uid":1003,.*"user":"carol"' || fail "the stored record should have both too"
say "on record: carol, who logged in as alice"
