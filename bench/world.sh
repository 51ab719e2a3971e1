# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# What the benchmarks' worlds have in common: a host of Daypass whose grants were approved by a key that
# can sign thousands, and whose store lies on a real disk unless it is asked to lie in memory. Sourced.
. "$(dirname "${BASH_SOURCE[0]}")/../tools/world.sh"

bench=/build/bench
alice_uid=1001

# claim NAME KEY=VALUE...: one line of the result; bench/report.py knows what each name claims.
claim() {
  local name=$1 pair text=
  shift
  for pair in "$@"; do text+=",\"${pair%%=*}\":${pair#*=}"; done
  printf '{"claim":"%s"%s}\n' "$name" "$text"
}

field() { sed -n "s/.*\"$1\":\([0-9.]*\).*/\1/p"; }

store_on() { # store_on disk|memory: where /var/lib/daypass is. Everything that was there is gone.
  umount -q /var/lib/daypass || true
  mkdir -p /var/lib/daypass
  if [ "$1" = disk ]; then
    rm -rf /disk/agent && mkdir -m 700 /disk/agent
    mount --bind /disk/agent /var/lib/daypass
  else
    mount -t tmpfs -o mode=700 tmpfs /var/lib/daypass
  fi
}

# make_bench_host disk|memory: ready, enforcing, with alice allowed to run "true" for an hour.
make_bench_host() {
  mkdir -p "$keys"
  "$bench/bench_grants" key "$keys/bob" && : > "$keys/bob"
  make_host
  install_product
  make_daypass_documents 'role["rules"].append({"id": "true", "path": "/usr/bin/true", "args": [], "rest": "none"})'
  fresh_agent "$1"
}

# fresh_agent disk|memory [COUNT]: the agent on a new store, with COUNT grants of other people.
fresh_agent() {
  stop_agent
  store_on "$1"
  start_agent
  expect_taken policy >&2
  put_status > /dev/null
  make_statement hour 'd["duration_s"] = 3600'
  if [ "${2:-0}" -gt 0 ]; then
    stop_agent
    "$bench/bench_grants" fill /var/lib/daypass/agent.db "$keys/bob.pem" "$papers/hour.json" "$2"
    launch agent /usr/libexec/daypass/daypassd
    wait_until 300 "daypassd listens" socket_answers /run/daypass/check.sock agent
  fi
  "$bench/bench_grants" seal "$keys/bob.pem" "$papers/hour.json" "$papers/hour.envelope"
  expect_taken hour >&2
}
