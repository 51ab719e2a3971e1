# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# The first act: a server, a policy that an administrator signs, a host that enrols. What the README tells
# people to do by hand, done by the same commands. Sourced by tools/demo.sh and by the tests that need all of it.

server_url=https://localhost:8443

set_up() {
  make_host
  install_product
  act "A server, a policy, a host"
  set_up_server
  set_up_policy
  set_up_people
  set_up_host
}

set_up_server() {
  works root@server "daypass-server init --name localhost --listen 127.0.0.1:8443"
  read_server_keys
  install -m 644 /var/lib/daypass-server/keys/ca.pem /run/world/ca.pem
}

read_server_keys() { # of what init has printed
  status_key=$(sed -n 's/^status key: *//p' <<< "$output")
  automatic_key=$(sed -n 's/^automatic key: *//p' <<< "$output")
}

# The tree as an administrator writes it. Short, because it is shown.
write_policy_tree() {
  local tree=$1
  mkdir -p "$tree/people" "$tree/roles" "$tree/tests"
  cat > "$tree/policy.toml" << TOML
realm = "$(od -An -tx1 -N16 /dev/urandom | tr -d ' \n')"
version = 1

[administrators]
threshold = 1
people = ["admin"]

[server]
status_keys = ["$status_key"]
automatic_keys = ["$automatic_key"]

[limits]
max_duration = "8h"
max_pending = "1d"
max_offline = "1d"
TOML
  {
    person_toml alice '"web"' '"signin"'
    person_toml bob '"web-leads"' '"approve", "signin"'
    person_toml admin '' '"administer", "signin"'
  } > "$tree/people/people.toml"
  cat > "$tree/roles/web-operator.toml" << 'TOML'
[[role]]
name = "web-operator"
description = "Restart and watch the web server"
doors = ["sudo"]
max_duration = "1h"
max_offline = "1h"
start = ["approval"]
on_end = "terminate"

[role.hosts]
all = { env = "demo" }

[role.run_as]
users = ["root"]
groups = []

[role.subjects]
groups = ["web"]

[[role.rules]]
id = "restart"
path = "/usr/bin/systemctl"
args = [{ is = "restart" }, { is = "nginx" }]
rest = "none"

[[role.rules]]
id = "watch"
path = "/usr/bin/web-watch"
args = []
rest = "none"

[[role.approve]]
count = 1
groups = ["web-leads"]
keys = "any"
TOML
  cat > "$tree/roles/log-reader.toml" << 'TOML'
[[role]]
name = "log-reader"
description = "Read the web server's log"
doors = ["sudo"]
max_duration = "1h"
max_offline = "1h"
start = ["approval"]
on_end = "terminate"

[role.hosts]
all = { env = "demo" }

[role.run_as]
users = ["root"]
groups = []

[role.subjects]
groups = ["web"]

[[role.rules]]
id = "log"
path = "/usr/bin/journalctl"
args = ["--no-pager", "-u", "nginx", "-n", { int = [1, 1000] }]

[[role.approve]]
count = 1
groups = ["web-leads"]
keys = "any"

# No person is needed for ten minutes of it, three times a day, if nothing about it is unusual.
[role.automatic]
subjects = { groups = ["web"] }
hosts = { all = { env = "demo" } }
max_duration = "10m"
per_day = 3

[role.server]
max_risk = 70
TOML
  cat > "$tree/tests/log-reader.toml" << 'TOML'
[[scenario]]
name = "the log, and nothing else of the journal"
now = 2027-03-01T10:00:00Z
host = { name = "web-1", labels = { env = "demo" } }
steps = [
  { as = "alice", run = ["/usr/bin/journalctl", "--no-pager", "-u", "nginx", "-n", "20"], expect = "no_grant" },
  { as = "alice", ask = "log-reader", for = "10m" },
  { approve = "bob" },
  { as = "alice", run = ["/usr/bin/journalctl", "--no-pager", "-u", "nginx", "-n", "20"], expect = "allow" },
  { as = "alice", run = ["/usr/bin/journalctl", "--no-pager", "-u", "sshd", "-n", "20"], expect = "wrong_argument" },
  { as = "alice", run = ["/usr/bin/journalctl", "-u", "nginx", "-n", "20"], expect = "wrong_argument" },
]
TOML
  cat > "$tree/tests/web-operator.toml" << 'TOML'
[[scenario]]
name = "alice restarts nginx for twenty minutes, and nothing else"
now = 2027-03-01T10:00:00Z
host = { name = "web-1", labels = { env = "demo" } }
steps = [
  { as = "alice", run = ["/usr/bin/systemctl", "restart", "nginx"], expect = "no_grant" },
  { as = "alice", ask = "web-operator", for = "20m" },
  { approve = "bob" },
  { as = "alice", run = ["/usr/bin/systemctl", "restart", "nginx"], expect = "allow" },
  { as = "alice", run = ["/usr/bin/web-watch"], expect = "allow" },
  { as = "alice", run = ["/usr/bin/web-watch", "now"], expect = "wrong_argument" },
  { as = "alice", run = ["/usr/bin/systemctl", "stop", "nginx"], expect = "wrong_argument" },
  { as = "alice", run = ["/usr/bin/systemctl", "restart", "sshd"], expect = "wrong_argument" },
  { as = "alice", run = ["/usr/bin/systemctl", "restart", "nginx", "sshd"], expect = "wrong_argument" },
  { wait = "20m" },
  { as = "alice", run = ["/usr/bin/systemctl", "restart", "nginx"], expect = "expired" },
]
TOML
}

person_toml() { # person_toml NAME GROUPS USES
  printf '[[person]]\nname = "%s"\naccounts = ["%s"]\ngroups = [%s]\n\n[[person.key]]\nkey = "%s"\nuses = [%s]\n\n' \
    "$1" "$1" "$2" "$(cut -d' ' -f1,2 "$keys/$1.pub")" "$3"
}

set_up_policy() {
  write_policy_tree /home/admin/policy
  chown -R admin: /home/admin/policy
  works admin@laptop "cat policy/roles/web-operator.toml"
  works admin@laptop "daypass policy check policy"
  works admin@laptop "daypass policy test policy"
  works admin@laptop "daypass policy build policy -o policy.envelope"
  works admin@laptop "daypass policy sign policy.envelope --key ~/.ssh/id_ed25519"
  works admin@laptop "daypass policy digest policy.envelope" '^[0-9a-f]{64}'
  policy_digest=$(grep -oE '[0-9a-f]{64}' <<< "$output" | head -n 1)
  install -m 644 /home/admin/policy.envelope /run/world/policy.envelope
  daypass doc extract /run/world/policy.envelope --payload /run/world/policy.json --signatures /run/world/policy.signatures > /dev/null
  works root@server "daypass-server trust /run/world/policy.envelope"
  start_server
}

log_in() { # log_in PERSON: pins the policy by the digest that came from admin, not from the server
  works "$1@laptop" "daypass login --server $server_url --ca /run/world/ca.pem --person $1 \\
    --key ~/.ssh/id_ed25519 --policy-digest $policy_digest"
}

set_up_people() {
  log_in admin
  log_in bob
}

set_up_host() {
  wire_doors
  works admin@laptop "daypass host token --name web-1"
  token=$(grep -oE 'dpj-[0-9a-f]+-[0-9a-f]+' <<< "$output" | head -n 1)
  works root@web-1 "daypass host enrol --server $server_url --ca /run/world/ca.pem --name web-1 \\
    --label env=demo --token $token \\
    --policy-digest $policy_digest"
  start_agent
  start_courier
  start_sshd
  wait_until 10 "web-1 holds the policy" host_is_ready
}

host_is_ready() { as alice daypass status --json 2> /dev/null | has -E '"policy_version": ?1\b'; }
