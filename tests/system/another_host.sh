#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# GF-10: a grant for web-1 is none for web-2, whatever the machine calls itself and whatever the server says: the name that
# counts is the one that root set in host.toml.
. "$(dirname "$0")/../../tools/world.sh"

make_daypass_host 'role["hosts"] = {"names": ["web-1", "web-2"]}'

become() { # become NAME: the same machine, enrolled under another name, with that host's own store
  local name
  name=$(sed -n 's/^name = "\(.*\)"/\1/p' /etc/daypass/host.toml)
  stop_agent
  mkdir -p "/run/world/$name" "/run/world/$1"
  mv /var/lib/daypass/* "/run/world/$name/"
  [ -z "$(ls "/run/world/$1")" ] || mv "/run/world/$1"/* /var/lib/daypass/
  sed -i "s/^name = .*/name = \"$1\"/" /etc/daypass/host.toml
  start_agent
  expect_taken policy
}

make_grant for_web_1
become web-2
expect_equal web-1 "$(hostname)" "the machine's own name is still that of the grant"
put_status 'd["host"] = "web-2"' > /dev/null
expect_not_taken wrong_host for_web_1
expect_denied alice no_grant systemctl restart nginx
# The server "maps" web-1 to web-2: a status that says so is one for another host.
answer=$(put_status 'd["host"] = "web-1"') || true
grep -q wrong_host <<< "$answer" || fail "a status for web-1 should be refused on web-2, but: $answer"
expect_not_taken wrong_host for_web_1

# The control: a grant for this host, and then the first one on its own.
make_grant for_web_2 'd["hosts"] = ["web-2"]'
expect_taken for_web_2
expect_allowed alice systemctl restart nginx
hostname other
become web-1
put_status > /dev/null
expect_taken for_web_1
expect_allowed alice systemctl restart nginx
