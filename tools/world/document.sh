# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# Documents made and signed by hand with ssh-keygen, and handed to the agent over its own sockets: a host of
# Daypass without a server, a courier or the CLI. Sourced by tools/world.sh.

papers=/run/world/papers # payloads (.json), signatures and envelopes (.envelope)

# sign NAME TYPE KEY...: seals $papers/NAME.json into $papers/NAME.envelope with these people's keys. TYPE
# names both the envelope and the signatures' namespace; TYPE:NAMESPACE where a test wants them apart.
sign() {
  local payload=$papers/$1.json type=${2%%:*} namespace=${2#*:} key
  shift 2
  [ "$namespace" != "$type" ] || namespace=$type@daypass
  {
    printf 'daypass-envelope 1 %s %s\n' "$type" "$(stat -c %s "$payload")"
    cat "$payload"
    echo
    for key in "$@"; do
      ssh-keygen -Y sign -q -f "$keys/$key" -n "$namespace" < "$payload" || fail "$key cannot sign"
    done
  } > "${payload%.json}.envelope"
}

# make_policy [PYTHON]: the world's policy, signed by admin; becomes the one that statements refer to.
make_policy() {
  mkdir -p "$papers"
  policy_digest=$("$world/document.py" policy "$papers/policy.json" "${1:-}")
  cp "$papers/policy.json" /run/world/policy.json
  sign policy policy admin
}

# make_grant NAME [PYTHON]: a statement approved by bob, in $papers/NAME.envelope. Sets grant_id, grant_short.
make_grant() {
  make_statement "$1" "${2:-}"
  sign "$1" grant bob
}

make_statement() {
  grant_id=$("$world/document.py" statement "$papers/$1.json" "${2:-}")
  grant_short=$(short_id "$grant_id")
}

short_id() { # short_id DIGEST: g- and 16 characters of base32 of it
  printf 'g-%s\n' "$(xxd_reverse "$1" | base32 -w0 | tr 'A-Z' 'a-z' | cut -c1-16)"
}

xxd_reverse() { # hexadecimal to bytes
  # shellcheck disable=SC2059  # the escapes are the point
  printf "$(sed 's/../\\x&/g' <<< "$1")"
}

# enrol_by_hand: host.toml as enrolment writes it, pinning the policy that make_policy made.
enrol_by_hand() {
  mkdir -p /etc/daypass
  cat > /etc/daypass/host.toml << TOML
realm = "$(cat /run/world/realm)"
name = "web-1"

[labels]
env = "test"

[policy]
version = 1
digest = "$policy_digest"
TOML
  chmod 644 /etc/daypass/host.toml
}

courier() { as daypass-sync "$world/ipc.py" /run/daypass/courier.sock "org.daypass.Courier.$1" "${@:2}"; }
user_call() { as "$1" "$world/ipc.py" /run/daypass/user.sock "org.daypass.User.$2" "${@:3}"; }

put() { # put NAME [TYPE]: hands $papers/NAME.envelope to the agent as the courier would. Prints the answer.
  local type=${2:-$(sed -n '1s/^daypass-envelope 1 \([a-z]*\) .*/\1/p' "$papers/$1.envelope")}
  chmod 644 "$papers/$1.envelope"
  courier Put "{\"type\":\"$type\"}" --document "$papers/$1.envelope"
}

put_status() { # put_status [PYTHON]: a fresh status, signed with the status key, for a number just drawn
  courier Nonce | sed 's/.*"number": *"\([0-9a-f]*\)".*/\1/' > /run/world/number
  "$world/document.py" status "$papers/status.json" "${1:-}" > /dev/null
  sign status status "${status_signer:-status}"
  put status
}

expect_taken() { # expect_taken NAME: the agent takes the envelope
  local answer
  answer=$(put "$@") || fail "$1 should be taken, but: $answer"
  grep -q '"ok": true' <<< "$answer" || fail "$1 should be taken, but: $answer"
  say "taken: $1"
}

expect_not_taken() { # expect_not_taken REASON NAME [TYPE]: it refuses it, for this reason
  local reason=$1 answer
  shift
  answer=$(put "$@") || true
  grep -qE "\"ok\": false.*\"reason\": \"$reason\"|\"reason\": \"$reason\".*\"ok\": false|org.daypass.$reason\b" <<< "$answer" ||
    fail "$1 should be refused as $reason, but: $answer"
  say "refused ($reason): $1"
}

# make_daypass_documents [PYTHON]: what a host needs before its agent starts: a policy, the pin, wired doors.
make_daypass_documents() {
  mkdir -p "$papers"
  od -An -tx1 -N16 /dev/urandom | tr -d ' \n' > /run/world/realm
  make_key status
  make_policy "${1:-}"
  enrol_by_hand
  wire_doors
}

# make_daypass_host [PYTHON]: a host of Daypass without server and courier, ready and enforcing: policy
# pinned and held, time anchored by a status. What the tests of the agent and the doors start from.
make_daypass_host() {
  make_host
  install_product
  make_daypass_documents "${1:-}"
  start_agent
  expect_taken policy
  put_status > /dev/null
}

# records: the agent's records as they are stored, one a line.
records() { sqlite3 /var/lib/daypass/agent.db 'select bytes from records order by seq'; }
