#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# SV-02: the host boots again while the server is down: a new boot id, a boot clock that starts anew, an empty /run. The
# grant held before still works from disk, ends when it would have ended, and stays ended.
. "$(dirname "$0")/../../tools/world.sh"

# reboot: what a boot changes, made in namespaces: /run is empty, the boot id is new, CLOCK_BOOTTIME is at ten seconds.
reboot() {
  stop_agent KILL
  rm -rf /run/daypass
  systemd-tmpfiles --create /usr/lib/tmpfiles.d/daypass.conf > /dev/null 2>&1
  [ ! -e /run/world/boot_id ] || umount /proc/sys/kernel/random/boot_id
  cat /proc/sys/kernel/random/uuid > /run/world/boot_id
  mount --bind /run/world/boot_id /proc/sys/kernel/random/boot_id
  start_agent unshare --time --boottime "$((10 - $(cut -d. -f1 /proc/uptime)))"
}

make_daypass_host 'role["max_offline_s"] = 3600'
make_grant first 'd["duration_s"] = 14'
taken=$(now_ms)
expect_taken first
expect_allowed alice systemctl restart nginx
old_boot=$(cat /proc/sys/kernel/random/boot_id)

reboot
[ "$old_boot" != "$(cat /proc/sys/kernel/random/boot_id)" ] || fail "the boot id should be new"
expect_allowed alice systemctl restart nginx
expect_denied alice wrong_command id

wait_until 15 "the window's end" eval "[ \$(now_ms) -ge $((taken + 14000)) ]"
expect_denied alice expired systemctl restart nginx
reboot
expect_denied alice expired systemctl restart nginx
