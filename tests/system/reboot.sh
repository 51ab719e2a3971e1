#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# SV-02: the host boots again while the server is down: a new boot id, a boot clock that starts anew, an empty /run. The
# grant held before still works from disk, judged by the hardware clock until a status comes, ends and stays ended.
# The control: before the boot. Whether NTP disciplines this machine's clock is faked (clock.c): else the hardware clock
# would not be asked.
. "$(dirname "$0")/../../tools/world.sh"

# reboot SECONDS: what a boot changes, made in namespaces: /run is empty, the boot id is new, CLOCK_BOOTTIME is at
# ten seconds; and a hardware clock that is SECONDS ahead.
reboot() {
  sleep 1.1 # a hardware clock counts whole seconds; one behind the last signed time would not count
  stop_agent KILL
  rm -rf /run/daypass
  systemd-tmpfiles --create /usr/lib/tmpfiles.d/daypass.conf > /dev/null 2>&1
  mountpoint -q /proc/sys/kernel/random/boot_id && umount /proc/sys/kernel/random/boot_id
  cat /proc/sys/kernel/random/uuid > /run/world/boot_id
  mount --bind /run/world/boot_id /proc/sys/kernel/random/boot_id
  mkdir -p /sys/class/rtc/rtc0
  echo "$(($(date +%s) + $1))" > /sys/class/rtc/rtc0/since_epoch
  # Time namespaces want CAP_SYS_TIME, which a world does not have; in a user namespace of its own it is harmless.
  unshare --user --map-root-user --time --boottime "$((10 - $(cut -d. -f1 /proc/uptime)))" --fork \
    sh -c 'echo $$ > /run/world/boot_clock; exec sleep 600' &
  wait_until 5 "the new boot clock runs" test -s /run/world/boot_clock
  start_agent nsenter --time="/proc/$(cat /run/world/boot_clock)/ns/time" \
    env LD_PRELOAD=/build/tests/system/world_clock.so
  rm /run/world/boot_clock
  clock=$(user_call alice Status | sed 's/.*"clock": "\([a-z]*\)".*/\1/')
  say "booted; the clock is $clock"
}

make_daypass_host 'role["max_offline_s"] = 7200; d["limits"]["max_offline_s"] = 7200'
make_grant first 'd["duration_s"] = 3600'
expect_taken first
expect_allowed alice systemctl restart nginx
echo "0 0" > /run/world/clock
old_boot=$(cat /proc/sys/kernel/random/boot_id)

reboot 0
[ "$old_boot" != "$(cat /proc/sys/kernel/random/boot_id)" ] || fail "the boot id should be new"
expect_allowed alice systemctl restart nginx
expect_denied alice wrong_command id
expect_denied bob no_grant systemctl restart nginx

expect_equal hardware "$clock" "the clock after a boot without a server"

# Behind the last signed time, a hardware clock with an empty battery: the time is unknown.
reboot -100000000
expect_equal unknown "$clock" "the clock"
expect_denied alice time_unknown systemctl restart nginx
reboot 0
expect_allowed alice systemctl restart nginx

# The hardware clock may be off by some minutes, never in the user's favour: five minutes before the end is the end, for good.
reboot 3300
expect_denied alice expired systemctl restart nginx
reboot 0
expect_denied alice expired systemctl restart nginx
