#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# sudo's own options: some change as whom or where a command runs, and then the role decides; some only change how sudo
# behaves meanwhile, and then nothing changes. sudoers allows all of them.
. "$(dirname "$0")/../../tools/world.sh"

make_daypass_host 'role["run_as"] = {"users": ["postgres"], "groups": []}
d["roles"].append({**role, "name": "as-root", "run_as": {"users": ["root"], "groups": []}})'
printf 'Defaults runcwd=*, runchroot=*, user_command_timeouts, !use_pty\nALL ALL=(ALL:ALL) NOPASSWD: ALL\n' \
  > /etc/sudoers.d/daypass
make_grant database
expect_taken database

# SC-24: the account that the grant names, with its own groups, and nobody else. The first line is the control.
expect_allowed alice -u postgres systemctl restart nginx
expect_denied alice wrong_runas systemctl restart nginx
expect_denied alice wrong_runas -u root systemctl restart nginx
expect_denied alice wrong_runas -u postgres -g shadow systemctl restart nginx
expect_denied alice wrong_runas -g postgres systemctl restart nginx
expect_denied alice wrong_runas -u '#0' systemctl restart nginx
expect_denied alice wrong_runas -u daemon systemctl restart nginx
expect_denied alice option_refused -u postgres -P systemctl restart nginx

# SC-24: the same with sudo's own ticket: the password was good for postgres, and sudo asks for no other.
sed -i 's/NOPASSWD: ALL/ALL/' /etc/sudoers.d/daypass
sed -i 's/^@include common-auth/auth sufficient pam_permit.so/' /etc/pam.d/sudo
expect_refused alice -u postgres systemctl restart nginx # no ticket, no terminal
expect_said 'password is required' "sudo wants a password"
before=$(runs)
mark
on_terminal alice 'sudo -u postgres systemctl restart nginx; sudo -n -u postgres systemctl restart nginx;
  sudo -n -u root systemctl restart nginx; sudo -n -u postgres -g shadow systemctl restart nginx' > "$logs/ticket" 2>&1 && fail "the last of these should be refused"
has 'password' "$logs/ticket" && fail "the ticket should have been good: $(cat "$logs/ticket")"
expect_equal "$((before + 2))" "$(runs)" "runs with a ticket: $(cat "$logs/ticket")"
expect_event '^decision.denied wrong_runas$' DAYPASS_EVENT DAYPASS_REASON
say "denied (wrong_runas): with a ticket that sudo gave for postgres"
sed -i 's/) ALL$/) NOPASSWD: ALL/' /etc/sudoers.d/daypass

# SC-25: another root folder, in which the allowed path is whatever the user put there; and one that is root's.
make_grant root 'd["role"] = "as-root"; d["role_digest"] = digest(roles["as-root"])'
expect_taken root
expect_allowed alice systemctl restart nginx # the control
make_jail() { # make_jail FOLDER: in which /usr/bin/systemctl runs
  mkdir -p "$1"/usr/bin "$1"/run/world
  cp /bin/busybox "$1/usr/bin/systemctl" 2> /dev/null || cp /usr/bin/systemctl "$1/usr/bin/systemctl"
}
make_jail /srv/jail
make_jail /home/alice/jail
chown -R alice /home/alice/jail
for jail in /srv/jail /home/alice/jail; do
  expect_denied alice option_refused -R "$jail" /usr/bin/systemctl restart nginx
  expect_denied alice option_refused --chroot="$jail" /usr/bin/systemctl restart nginx
done
expect_denied alice option_refused -R / /usr/bin/systemctl restart nginx
expect_denied alice option_refused -D / /usr/bin/systemctl restart nginx

# SC-29: options that change nothing about what runs. What is allowed stays so, what is denied too, for its own reason.
printf '#!/bin/sh\necho secret\n' > /usr/bin/askpass && chmod 755 /usr/bin/askpass
same_decision() { # same_decision OPTION...
  local before
  before=$(runs)
  as alice env SUDO_ASKPASS=/usr/bin/askpass sudo "$@" systemctl restart nginx > "$logs/option" 2>&1 ||
    fail "sudo $* should be allowed: $(cat "$logs/option")"
  wait_until 5 "sudo $* has run it" eval "[ \"\$(runs)\" = $((before + 1)) ]"
  mark
  as alice env SUDO_ASKPASS=/usr/bin/askpass sudo "$@" cat /etc/shadow > "$logs/option" 2>&1 &&
    [ "$1" != -b ] && fail "sudo $* cat should be denied"
  expect_event '^decision.denied wrong_command$' DAYPASS_EVENT DAYPASS_REASON
  has 'root:' "$logs/option" && fail "sudo $* showed the file"
  say "the same decision with: sudo $*"
}
same_decision -n
same_decision -b
same_decision -A
same_decision -S
same_decision -n -k
same_decision -n -T 1
same_decision -n -H
same_decision -n -B
same_decision -n -p 'password? '
