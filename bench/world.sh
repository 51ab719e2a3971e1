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

# make_bench_host disk|memory [PYTHON]: ready, enforcing, with alice allowed to run "true" for an hour.
make_bench_host() {
  mkdir -p "$keys"
  "$bench/bench_grants" key "$keys/bob" && : > "$keys/bob"
  make_host
  install_product
  make_daypass_documents "role['rules'].append({'id': 'true', 'path': '/usr/bin/true', 'args': [], 'rest': 'none'}); ${2:-}"
  fresh_agent "$1"
}

# A policy of 100 roles with 50 rules each, in which what alice may run is the last rule of the last role.
large_policy='
def rule(n):
    args = [{"one_of": ["start", "stop"]}, {"re": "unit-%d-[a-z]+" % n}]
    return {"id": "rule-%d" % n, "path": "/usr/bin/tool-%d" % n, "args": args, "rest": "none"}
role["rules"] = [rule(n) for n in range(49)] + role["rules"][-1:]
d["roles"] = [dict(role, name="role-%d" % n, rules=[rule(m) for m in range(50)]) for n in range(99)] + [role]
'

memory() { # private and resident KiB of the agent
  awk '/^Rss:/ { rss = $2 } /^Private_/ { own += $2 } END { printf "\"private_kib\":%d,\"resident_kib\":%d", own, rss }' \
    "/proc/${pid_of[agent]}/smaps_rollup"
}

# fresh_agent disk|memory [COUNT]: the agent on a new store, with COUNT grants of other people.
fresh_agent() {
  stop_agent
  store_on "$1"
  start_agent
  expect_taken policy >&2
  put_status > /dev/null
  make_statement hour 'd["duration_s"] = 3600; d["role_digest"] = digest(roles["web-operator"])'
  if [ "${2:-0}" -gt 0 ]; then
    stop_agent
    "$bench/bench_grants" fill /var/lib/daypass/agent.db "$keys/bob.pem" "$papers/hour.json" "$2"
    launch agent /usr/libexec/daypass/daypassd
    wait_until 300 "daypassd listens" socket_answers /run/daypass/check.sock agent
  fi
  "$bench/bench_grants" seal "$keys/bob.pem" "$papers/hour.json" "$papers/hour.envelope"
  expect_taken hour >&2
}
