#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# sudo's own configuration is broken in every way that sudo forgives or does not, with a scoped grant held: nothing runs
# that the grant does not allow. Behind the plugin stands the PAM gate; behind a missing plugin stands sudo itself.
. "$(dirname "$0")/../../tools/world.sh"

plugin=/usr/libexec/sudo/sudo_daypass.so

make_daypass_host
make_grant first
expect_taken first
in_order() { # the control, after each repair
  expect_allowed alice systemctl restart nginx
  expect_denied alice wrong_command cat /etc/shadow
}
nothing_runs() { # nothing_runs WHAT: neither what the grant allows nor anything else
  expect_refused alice systemctl restart nginx
  expect_refused alice cat /etc/shadow
  expect_refused carol systemctl restart nginx
  say "nothing runs: $1"
}
in_order

# PL-05: sudo.conf that sudo ignores. Without the plugin's Watch the PAM gate refuses a scoped grant.
chown alice /etc/sudo.conf && nothing_runs "sudo.conf is owned by a user"
chown root:root /etc/sudo.conf && chmod 666 /etc/sudo.conf && nothing_runs "sudo.conf is writable by all"
rm /etc/sudo.conf && nothing_runs "sudo.conf is missing"
write_sudo_conf && sed -i 's/^Plugin/Plugn/' /etc/sudo.conf && nothing_runs "sudo.conf has a typo in both lines"
write_sudo_conf && sed -i '/daypass_audit/d' /etc/sudo.conf && nothing_runs "the audit line is missing"
chown root:root /etc/sudo.conf && write_sudo_conf && sed -i '/daypass_approval/d' /etc/sudo.conf
expect_refused alice cat /etc/shadow
expect_refused carol systemctl restart nginx
say "nothing outside the grant runs: the approval line is missing"
write_sudo_conf && in_order

# PL-06: the plugin's file is broken: sudo refuses everybody, root's other ways stay.
cp "$plugin" /run/world/plugin.so
rm "$plugin" && nothing_runs "the plugin is missing"
: > "$plugin" && nothing_runs "the plugin is an empty file"
head -c 1000 /run/world/plugin.so > "$plugin" && nothing_runs "the plugin is cut off"
printf '\x7fELF\x02\x01\x01' | dd of="$plugin" conv=notrunc status=none && printf '\xb7' | dd of="$plugin" bs=1 seek=18 conv=notrunc status=none
nothing_runs "the plugin is for another machine"
cp /usr/libexec/sudo/system_group.so "$plugin" && nothing_runs "the plugin has none of our symbols"
expect_equal bob "$(su bob -c 'id -un')" "root's own su works meanwhile"
cp /run/world/plugin.so "$plugin" && in_order

# The PAM module alone is gone: sudo refuses.
mv "$(find /usr/lib -name pam_daypass.so)" /run/world/pam.so
nothing_runs "the PAM module is missing"
cp /run/world/pam.so "$(dirname "$(find /usr/lib -name pam_unix.so | head -n 1)")/pam_daypass.so" && in_order
