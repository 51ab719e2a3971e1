#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# PL-25: a user stops his own sudo before, while and after it is answered, and lets it go on when the window is over:
# nothing of it runs then. Forty sudos, stopped at forty moments.
. "$(dirname "$0")/../../tools/world.sh"

make_daypass_host
cat > /usr/bin/systemctl << 'STAND_IN'
#!/bin/sh
echo "$(date +%s%3N) systemctl $*" >> /run/world/ran
STAND_IN
make_grant first 'd["duration_s"] = 8'
taken=$(now_ms)
expect_taken first
expect_allowed alice systemctl restart nginx # the control

# Before the answer: the agent is held, so every sudo waits for it.
cat > /run/world/stop.sh << 'SCRIPT'
#!/bin/bash
# stop.sh DELAY: starts a sudo, stops it after DELAY seconds. As alice: it is her own sudo.
sudo -n systemctl restart nginx > /dev/null 2>&1 &
sleep "$1"
kill -STOP $! 2> /dev/null
wait
SCRIPT
chmod 755 /run/world/stop.sh
kill -STOP "${pid_of[agent]}"
as alice /run/world/stop.sh 0.2 2> /dev/null &
sleep 0.5
kill -CONT "${pid_of[agent]}"
for step in $(seq 0 39); do
  as alice /run/world/stop.sh "$(printf '0.%03d' "$step")" 2> /dev/null &
  [ $((step % 8)) != 7 ] || sleep 0.1
done
wait_until 10 "the window is over" eval "[ \$(now_ms) -ge $((taken + 8500)) ]"
before=$(runs)
say "$(pgrep -cx sudo || true) sudos are still there, stopped; $before commands ran inside the window"
pkill -CONT -x sudo || true
sleep 1.5
expect_equal "$before" "$(runs)" "commands that ran, before and after the stopped ones went on"
late=$(awk -v end=$((taken + 8000)) '$1 + 0 >= end' "$ran")
expect_equal "" "$late" "nothing ran after the end"
expect_denied alice expired systemctl restart nginx
