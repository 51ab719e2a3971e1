#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# What is installed: units that systemd reads without a complaint and calls well closed, accounts, folders, the catalog.
. "$(dirname "$0")/../../tools/world.sh"

make_host
install_product
units=(daypassd.service daypassd.socket daypassd-user.socket daypassd-courier.socket daypass-sync.service daypass-server.service)
said=$(systemd-analyze verify --man=no "${units[@]/#//usr/lib/systemd/system/}" 2>&1 | grep -i daypass || true)
expect_equal "" "$said" "systemd-analyze verify"
for pair in daypassd.service:25 daypass-sync.service:20 daypass-server.service:25; do
  systemd-analyze security --offline=true --threshold="${pair#*:}" --no-pager "/usr/lib/systemd/system/${pair%:*}" > "$logs/security" 2>&1 ||
    { tail -n 3 "$logs/security" && fail "${pair%:*} is more open than ${pair#*:} of 100"; }
  say "${pair%:*}: $(tail -n 1 "$logs/security" | sed 's/[^ -~]//g')"
done
# The decider refuses internet sockets twice: it has no network, and the kernel does not even make the socket.
grep -qx 'PrivateNetwork=yes' /usr/lib/systemd/system/daypassd.service || fail "daypassd.service has a network"
grep -qx 'RestrictAddressFamilies=AF_UNIX' /usr/lib/systemd/system/daypassd.service || fail "daypassd.service has sockets"

expect_equal "0 root 755" "$(stat -c '%u %G %a' /etc/daypass)" "/etc/daypass"
expect_equal "root 700" "$(stat -c '%U %a' /var/lib/daypass)" "/var/lib/daypass"
expect_equal "daypass-sync 700" "$(stat -c '%U %a' /var/lib/daypass-sync)" "/var/lib/daypass-sync"
expect_equal "daypass-server 700" "$(stat -c '%U %a' /var/lib/daypass-server)" "/var/lib/daypass-server"
for file in /usr/bin/daypass /usr/sbin/daypass-server /usr/libexec/daypass/daypassd /usr/libexec/daypass/daypass-sync \
  /usr/libexec/sudo/sudo_daypass.so /usr/lib/systemd/catalog/daypass.catalog; do
  [ -f "$file" ] || fail "$file is not installed"
done
find /usr/lib -path '*/security/pam_daypass.so' | has . || fail "pam_daypass.so is not where PAM looks"

journalctl --update-catalog 2> "$logs/catalog" || fail "the catalog: $(cat "$logs/catalog")"
while read -r event id; do
  journalctl --dump-catalog "$id" | has '^Subject: ' || fail "$event has no words in the catalog"
done < <(grep -v '^#' /usr/share/daypass/events.txt)
say "$(grep -vc '^#' /usr/share/daypass/events.txt) events have their words"
