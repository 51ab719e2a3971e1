#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# PL-25: a user stops his own sudo before, while and after it is answered, and lets it go on when the window is over:
# nothing of it runs then. Forty sudos, stopped at forty moments.
. "$(dirname "$0")/../../tools/world.sh"

make_daypass_host 'd["roles"].append({**role, "name": "all-of-it", "doors": ["su"], "full": True, "rules": []})'
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
say "$(pgrep -cx sudo) sudos are still there, stopped; $before commands ran inside the window"
pkill -CONT -x sudo || fail "the control: no sudo was stopped between its answer and its command"
sleep 1.5
expect_equal "$before" "$(runs)" "commands that ran, before and after the stopped ones went on"
late=$(awk -v end=$((taken + 8000)) '$1 + 0 >= end' "$ran")
expect_equal "" "$late" "nothing ran after the end"
expect_denied alice expired systemctl restart nginx

# The same with su, which asks by PAM alone: he stops it while it waits, and the answer waits for it.
sed -i 's/^auth sufficient pam_rootok.so/auth sufficient pam_permit.so/' /etc/pam.d/su
make_grant all-of-it 'd["role"] = "all-of-it"; d["role_digest"] = digest(roles["all-of-it"]); d["duration_s"] = 600'
expect_taken all-of-it
stopped_su() { # stopped_su SECONDS: stops a su that waits for the agent, lets it go on so long after the answer came
  rm -f /run/world/su
  kill -STOP "${pid_of[agent]}"
  as alice su root -c 'echo in > /run/world/su' > "$logs/su" 2>&1 &
  local asked=$!
  wait_until 5 "su waits for the agent" eval "pgrep -x su > /dev/null"
  sleep 0.3
  pkill -STOP -x su
  kill -CONT "${pid_of[agent]}"
  sleep "$1"
  pkill -CONT -x su
  wait "$asked" || true
}
stopped_su 0.2
[ -e /run/world/su ] || fail "the control: a su that was stopped for a moment: $(cat "$logs/su")"
stopped_su 2.5
[ ! -e /run/world/su ] || fail "an allow that waited for a stopped su was taken"
say "su: an answer that waited for it is too late"
