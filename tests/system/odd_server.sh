#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# SV-03: the server takes connections and says nothing, a byte a second, all of it half a minute late, or half of what
# it says is lost: what this host decides is as quick as before, people can ask, and with a good line again all goes on.
# SV-07: its name is not found, not told, told as somebody else's: the same. The control of each: the line or the name
# as it should be, and an answer from the server.
. "$(dirname "$0")/../../tools/world.sh"
. /source/tools/demo/show.sh
. /source/tools/demo/setup.sh

server_url=https://daypass.example:8443

set_up_server() { # behind a line that can be made worse
  works root@server "daypass-server init --name daypass.example,localhost --listen 127.0.0.1:8444"
  read_server_keys
  install -m 644 /var/lib/daypass-server/keys/ca.pem /run/world/ca.pem
  echo good > /run/world/names
  printf 'nameserver 127.0.0.1\noptions timeout:1 attempts:2\n' > /etc/resolv.conf
  sed -i 's/^hosts:.*/hosts: files dns/' /etc/nsswitch.conf
  launch names "$world/nameserver.py" /run/world/names
  echo pass > /run/world/line
  launch line "$world/line.py" 8443 8444 /run/world/line
  wait_until 10 "the line is there" port_answers 8443 line
}
start_server() {
  launch server setpriv --reuid daypass-server --regid daypass-server --init-groups --no-new-privs \
    env -i PATH=/usr/bin:/bin /usr/sbin/daypass-server run
  wait_until 10 "daypass-server listens" port_answers 8444 server
}
heard() { as alice daypass status --json 2> /dev/null | sed -n 's/.*"server_ok_ms": *\([0-9]*\).*/\1/p'; }
is_heard_again() { [ "$(heard)" -gt "$1" ]; }
decides_as_before() { # decides_as_before WHAT
  local asked
  asked=$("$world/strangers.py" ask "${DAYPASS_ROUNDS:-50}")
  has 'failures=0 ' <<< "$asked" || fail "$1: root's questions: $asked"
  expect_allowed alice systemctl restart nginx
  expect_denied alice wrong_command cat /etc/shadow
  ask "$1" > /dev/null || fail "$1: alice cannot ask"
  say "$1: $asked"
}
good_again() { # the control: a courier that begins anew is answered
  local before
  echo pass > /run/world/line
  echo good > /run/world/names
  stop_courier
  before=$(heard)
  start_courier
  wait_until 30 "the server is heard again" is_heard_again "$before"
}

mkdir -p "$logs"
set_up > "$logs/setup" 2>&1 || { cat "$logs/setup" && fail "the set-up"; }
ask() { as alice daypass request --role web-operator --for 10m --reason "$1" | grep -oE 'g-[a-z2-7]{16}' | sed -n 1p; }
grant_short=$(ask nginx)
is_waiting() { as bob daypass requests --waiting 2> /dev/null | has "$grant_short"; }
wait_until 10 "the request has reached the server" is_waiting
as bob daypass approve "$grant_short" --yes > "$logs/approve" 2>&1 || fail "bob approves: $(cat "$logs/approve")"
wait_until 10 "the window is open" eval 'as alice sudo -n systemctl restart nginx > /dev/null 2>&1'
decides_as_before "the server as it should be"

for how in silent drip late lossy; do
  echo "$how" > /run/world/line
  stop_courier
  start_courier
  decides_as_before "line: $how"
done
good_again

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -keyout /run/world/other.key \
  -out /run/world/other.pem -subj /CN=daypass.example -addext subjectAltName=DNS:daypass.example > /dev/null 2>&1
launch other openssl s_server -accept 127.0.0.2:8443 -cert /run/world/other.pem -key /run/world/other.key -quiet
for how in nxdomain servfail silent six other passing; do
  echo "$how" > /run/world/names
  stop_courier
  : > "$logs/courier"
  start_courier
  decides_as_before "name: $how"
  if [ "$how" != passing ]; then
    wait_until 20 "the courier says what is wrong" grep -q '^daypass-sync: server: ' "$logs/courier"
  fi
  say "$(grep -m 1 '^daypass-sync: server: ' "$logs/courier" || echo 'daypass-sync: content')"
  [ "$how" != other ] || has certificate < "$logs/courier" || fail "somebody else's server was not recognised"
done
good_again
