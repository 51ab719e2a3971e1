#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# TM-12: hours are those of the signed policy's zone. What the host, the agent or whoever asks says of zone and language
# changes nothing, with the real sudo: alice's hours are open now (the control), carol's begin in two hours.
. "$(dirname "$0")/../../tools/world.sh"

make_daypass_host 'import datetime, zoneinfo
def hours(first, last):
  wall = datetime.datetime.now(zoneinfo.ZoneInfo("Europe/Berlin"))
  at = lambda hour: (wall + datetime.timedelta(hours=hour)).strftime("%H:%M")
  return [{"days": ["sun", "mon", "tue", "wed", "thu", "fri", "sat"], "from": at(first), "to": at(last),
           "zone": "Europe/Berlin"}]
d["zones"] = {"Europe/Berlin": "CET-1CEST,M3.5.0,M10.5.0/3"}
d["roles"].append({**role, "name": "later", "windows": hours(2, 5)})
role["windows"] = hours(-1, 2)'
make_grant now
expect_taken now
make_grant later 'd["role"] = "later"; d["role_digest"] = digest(roles["later"]); d["subject"] = d["requester"] = "carol"'
expect_taken later

decides_as_before() { # decides_as_before VARIABLE...: of whoever asks
  expect_allowed alice "$@" systemctl restart nginx
  expect_denied carol outside_hours "$@" systemctl restart nginx
}
decides_as_before
decides_as_before TZ=Asia/Tokyo LC_ALL=tr_TR.UTF-8
for zone in Pacific/Kiritimati America/Los_Angeles Asia/Kathmandu right/UTC; do
  [ -e "/usr/share/zoneinfo/$zone" ] || continue
  ln -sfn "/usr/share/zoneinfo/$zone" /etc/localtime
  echo "$zone" > /etc/timezone
  decides_as_before
  stop_agent
  start_agent env "TZ=$zone" LC_ALL=tr_TR.UTF-8 LANG=ar_EG.UTF-8
  put_status > /dev/null
  decides_as_before
  say "on a host in $zone"
done
