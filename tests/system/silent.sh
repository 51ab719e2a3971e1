#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# PL-02, PL-11: the agent is gone, hangs, dies in the middle of a question or answers nonsense: sudo does not run the
# command, and says so within a few seconds.
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

kill -STOP "${pid_of[agent]}"
refused_within 6000 "the agent hangs"
expect_said 'agent|daypassd|silent|answer' "people read who did not answer"
kill -CONT "${pid_of[agent]}"
wait_until 5 "the agent answers again" as alice sudo -n systemctl restart nginx

stop_agent KILL
refused_within 2500 "the agent is gone"
start_agent
expect_allowed alice systemctl restart nginx

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
