#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# Who may be the agent, and who may ask it.
. "$(dirname "$0")/../../tools/world.sh"

make_daypass_host
make_grant first
expect_taken first
expect_allowed alice systemctl restart nginx

# IPC-01: nobody but root can take the sockets' place; a folder that others may write is not believed.
expect_equal "root root 755" "$(stat -c '%U %G %a' /run/daypass)" "/run/daypass"
expect_equal "root root 600" "$(stat -c '%U %G %a' /run/daypass/check.sock)" "check.sock"
expect_equal "root daypass-sync 660" "$(stat -c '%U %G %a' /run/daypass/courier.sock)" "courier.sock"
expect_equal "root 666" "$(stat -c '%U %a' /run/daypass/user.sock)" "user.sock"
for attempt in 'rm -f check.sock' 'mv check.sock x' 'ln -s /tmp/x check.sock.new' 'mkfifo x'; do
  as alice sh -c "cd /run/daypass && $attempt" 2> /dev/null && fail "alice can: $attempt"
done
grep -q '@.*daypass' /proc/net/unix && fail "the agent listens on an abstract socket, which anybody could have taken"
as alice "$world/ipc.py" --probe /run/daypass/check.sock && fail "alice reaches check.sock"
as bob "$world/ipc.py" --probe /run/daypass/courier.sock && fail "bob reaches courier.sock"
as daypass-sync "$world/ipc.py" --probe /run/daypass/check.sock && fail "the courier reaches check.sock"
chmod 777 /run/daypass
expect_refused alice systemctl restart nginx
chmod 755 /run/daypass && chown alice /run/daypass
expect_refused alice systemctl restart nginx
chown root /run/daypass
expect_allowed alice systemctl restart nginx

# IPC-05: askers that are gone before they are answered are nobody, least of all root; and the next one is answered.
mark
"$world/vanish.py" 2000
expect_allowed alice systemctl restart nginx
expect_denied carol no_grant systemctl restart nginx
sleep 0.5
events_since DAYPASS_EVENT DAYPASS_USER | has '^decision.allowed root' && fail "a vanished asker was taken for root"

# IPC-03, IPC-04: something else listens there and says yes; its yes counts only if it is root's.
stop_agent KILL
says_yes_as() { # says_yes_as USER
  rm -f /run/daypass/check.sock
  launch other "$world/fake_agent.py" --answer allow --user "$1"
  wait_until 5 "$1's agent listens" socket_answers /run/daypass/check.sock other
}
for user in alice daypass-sync nobody; do
  says_yes_as "$user"
  expect_refused alice systemctl restart nginx
  expect_said 'daypass' "people read why"
  stop other KILL
  say "not believed: an agent that is $user's"
done
says_yes_as root # the control
as alice sudo -n systemctl restart nginx > /dev/null || fail "root's own agent should be believed"
stop other KILL
rm -f /run/daypass/check.sock
start_agent
expect_allowed alice systemctl restart nginx
