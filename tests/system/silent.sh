#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# PL-02, PL-11: the agent is gone, hangs, dies in the middle of a question or answers nonsense: sudo does not run the
# command, and says so within a few seconds. IPC-19: the same for one that is stopped, and what is to restart it.
. "$(dirname "$0")/../../tools/world.sh"

make_daypass_host
make_grant first
expect_taken first
expect_allowed alice systemctl restart nginx

refused_within() { # refused_within MS WHAT
  local since
  since=$(now_ms)
  expect_refused alice systemctl restart nginx
  [ $(($(now_ms) - since)) -lt "$1" ] || fail "$2: the refusal took $(($(now_ms) - since)) ms"
  say "refused after $(($(now_ms) - since)) ms: $2"
}

# IPC-19: a stopped agent is silent. The PAM gate waits two seconds for it, and so does the plugin: that is all.
stopped_agent_refuses() { # stopped_agent_refuses FROM_MS TO_MS WHAT: the quickest of three, as the machine may be busy
  local since took best=60000
  for _ in 1 2 3; do
    since=$(now_ms)
    expect_refused alice systemctl restart nginx
    took=$(($(now_ms) - since))
    [ "$took" -ge "$1" ] || fail "$3: refused after $took ms, which is not $1 ms of patience"
    [ "$took" -ge "$best" ] || best=$took
    [ "$best" -ge "$2" ] || break
  done
  [ "$best" -lt "$2" ] || fail "$3: refused after $best ms at best; at most $2"
  say "refused after $best ms: $3"
}
kill -STOP "${pid_of[agent]}"
stopped_agent_refuses 3900 5000 "the agent is stopped"
expect_said 'agent|daypassd|silent|answer' "people read who did not answer"
sed -i '/^account.*pam_daypass/d' /etc/pam.d/sudo
stopped_agent_refuses 1900 3000 "the agent is stopped, and asked by the plugin alone"
sed -i '1i account required pam_daypass.so' /etc/pam.d/sudo
mv /etc/sudo.conf /run/world/sudo.conf
stopped_agent_refuses 1900 3000 "the agent is stopped, and asked by the PAM gate alone"
mv /run/world/sudo.conf /etc/sudo.conf
kill -CONT "${pid_of[agent]}"
wait_until 5 "the agent answers again" as alice sudo -n systemctl restart nginx

stop_agent KILL
refused_within 2500 "the agent is gone"
start_agent
expect_allowed alice systemctl restart nginx

# IPC-19: systemd restarts it, for a stopped agent sends no sign of life. (Here a listener stands for systemd.)
cat > /run/world/signs.py << 'LISTENER'
import socket
signs = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
signs.bind("/run/world/notify")
while True:
    with open("/run/world/signs", "a") as file:
        file.write(signs.recv(4096).decode() + "\n")
LISTENER
signs() { grep -c '^WATCHDOG=1$' /run/world/signs || true; }
more_signs_than() { [ "$(signs)" -gt "$1" ]; }
launch listener python3 /run/world/signs.py
wait_until 5 "the listener listens" test -S /run/world/notify
stop_agent
start_agent env NOTIFY_SOCKET=/run/world/notify WATCHDOG_USEC=1000000
wait_until 10 "signs of life" more_signs_than 2
kill -STOP "${pid_of[agent]}"
sleep 0.3
before=$(signs)
sleep 2
expect_equal "$before" "$(signs)" "signs of life of a stopped agent"
kill -CONT "${pid_of[agent]}"
wait_until 10 "signs of life again" more_signs_than "$before"
unit=/usr/lib/systemd/system/daypassd.service
grep -qE '^WatchdogSec=([1-9]|10)s$' "$unit" || fail "$unit asks for no sign of life"
grep -qx 'Restart=always' "$unit" || fail "$unit does not restart it"

# Answers that are none, from a socket that is root's own: a stand-in for an agent gone mad.
stand_in() {
  rm -f /run/daypass/check.sock
  launch mad "$world/fake_agent.py" --answer "$1"
  wait_until 5 "the stand-in listens" socket_answers /run/daypass/check.sock mad
}
stop_agent KILL
for answer in nothing close garbage wrong-type verdict-7 no-verdict huge; do
  stand_in "$answer"
  refused_within 6000 "the agent answers: $answer"
  stop mad KILL
done
# The control: the same stand-in, saying yes in the right words.
stand_in allow
as alice sudo -n systemctl restart nginx > /dev/null || fail "the stand-in's yes should have been taken, as it is root"
stop mad KILL
rm -f /run/daypass/check.sock
start_agent
expect_allowed alice systemctl restart nginx
