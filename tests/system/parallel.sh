#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# PL-24: two hundred sudos of three people at once, each with a command of its own, every second one allowed (those are
# the control): each is decided, each person reads the answer to their own question, and exactly the allowed commands
# run, once each.
. "$(dirname "$0")/../../tools/world.sh"

many=200
people=(alice carol admin)

wait_and_ask() { # wait_and_ask USER UNIT: stands at the gate, and asks with all the others when it opens
  local code=0
  # shellcheck disable=SC2016  # meant for the inner shell
  as "$1" sh -c 'echo >> /run/world/ready; read -r _ < /run/world/gate; exec sudo -n systemctl restart "$0"' "$2" \
    > "/run/world/said/$2" 2>&1 || code=$?
  echo "exit $code" >> "/run/world/said/$2"
}

all_at_once() {
  local number
  rm -f /run/world/gate /run/world/said/*
  mkfifo -m 666 /run/world/gate
  : > /run/world/ready && chmod 666 /run/world/ready
  : > "$ran"
  mark
  for number in $(seq "$many"); do
    wait_and_ask "${people[number % ${#people[@]}]}" "unit-$number" &
  done
  wait_until 60 "all stand at the gate" eval '[ "$(wc -l < /run/world/ready)" = "$many" ]'
  before=$(now_ms)
  exec {gate}<> /run/world/gate
  for number in $(seq "$many"); do echo; done >&"$gate"
  wait_until 60 "all have an answer" eval '[ "$(cat /run/world/said/* | grep -c "^exit ")" = "$many" ]'
  exec {gate}>&-
  say "$many sudos in $(($(now_ms) - before)) ms"
}

mkdir -p /run/world/said
make_daypass_host 'role["rules"][0]["args"] = [{"is": "restart"}, {"re": "unit-[0-9]*[02468]"}]'
for person in "${people[@]}"; do
  make_grant "$person" "d['subject'] = d['requester'] = '$person'; d['duration_s'] = 600"
  expect_taken "$person"
done
all_at_once

for number in $(seq "$many"); do
  file=/run/world/said/unit-$number
  expect_equal "unit-$number" "$(grep -o 'unit-[0-9]*' "$file" | sort -u)" "whose answer unit-$number's sudo printed"
  if [ $((number % 2)) = 0 ]; then
    expect_equal "unit-$number restarted (by a stand-in for systemctl, as uid 0)
exit 0" "$(cat "$file")" "unit-$number is allowed"
  else
    has 'not allowed' "$file" || fail "unit-$number should be denied: $(cat "$file")"
    expect_equal "exit 1" "$(tail -n 1 "$file")" "unit-$number is denied"
  fi
done
expect_equal "$(seq 2 2 "$many" | sed 's/^/systemctl restart unit-/' | sort)" "$(sort "$ran")" "what ran"

# The agent decided each of them once, for who asked: nobody was refused for its silence.
decided() { events_since DAYPASS_EVENT DAYPASS_USER DAYPASS_ARGV | grep '^decision' | sort; }
wanted() {
  for number in $(seq "$many"); do
    verdict=allowed
    [ $((number % 2)) = 0 ] || verdict=denied
    echo "decision.$verdict ${people[number % ${#people[@]}]} systemctl restart unit-$number"
  done | sort
}
wait_until 10 "the journal has every decision" eval '[ "$(decided | wc -l)" -ge "$many" ]'
expect_equal "$(wanted)" "$(decided)" "the decisions on record"
say "each decided once, for who asked"
