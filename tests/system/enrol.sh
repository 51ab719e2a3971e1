#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# Enrolment: root on the host pins the first policy by a digest that came from an administrator; the server can neither
# give that digest nor ask for another one later.
. "$(dirname "$0")/../../tools/world.sh"
. /source/tools/demo/show.sh
. /source/tools/demo/setup.sh

make_host
install_product
set_up_server
set_up_policy
log_in admin
wire_doors
works admin@laptop "daypass host token --name web-1"
token=$(grep -oE 'dpj-[0-9a-f]+-[0-9a-f]+' <<< "$output" | head -n 1)
enrol() { daypass host enrol --server "$server_url" --ca /run/world/ca.pem --token "$token" --name web-1 --label env=demo "$@"; }
expect_not_enrolled() { [ ! -e /etc/daypass/host.toml ] || fail "host.toml was written by an enrolment that failed"; }

# EN-02: without the digest, or with one that is not the policy's.
enrol > "$logs/enrol" 2>&1 && fail "enrolled without --policy-digest"
grep -q policy-digest "$logs/enrol" || fail "the error should name --policy-digest: $(cat "$logs/enrol")"
expect_not_enrolled
enrol --policy-digest "$(printf '0%.0s' {1..64})" > "$logs/enrol" 2>&1 && fail "enrolled with a digest that no policy has"
expect_not_enrolled
enrol --policy-digest nonsense > "$logs/enrol" 2>&1 && fail "enrolled with a digest that is none"
expect_not_enrolled

# The control: the administrator's digest. The token is still good: it was refused before it was used up, or is drawn anew.
enrol --policy-digest "$policy_digest" > "$logs/enrol" 2>&1 || {
  works admin@laptop "daypass host token --name web-1"
  token=$(grep -oE 'dpj-[0-9a-f]+-[0-9a-f]+' <<< "$output" | head -n 1)
  enrol --policy-digest "$policy_digest" || fail "enrolment with the right digest"
}
grep -q "$policy_digest" /etc/daypass/host.toml || fail "host.toml pins the policy"
used=$token
start_agent
start_courier
wait_until 10 "web-1 holds the policy" host_is_ready
rm -f /etc/daypass/host.toml.test
token=$used
cp /etc/daypass/host.toml /run/world/host.toml
enrol --policy-digest "$policy_digest" > "$logs/enrol" 2>&1 && fail "a join token was good twice"
cmp -s /etc/daypass/host.toml /run/world/host.toml || fail "a refused enrolment changed host.toml"
grep -q -- --replace "$logs/enrol" || fail "the error should name --replace: $(cat "$logs/enrol")"

# Enrolled anew: only with --replace, and with a token of its own; a used one changes nothing.
enrol --policy-digest "$policy_digest" --replace > "$logs/enrol" 2>&1 && fail "a used token enrolled the host anew"
cmp -s /etc/daypass/host.toml /run/world/host.toml || fail "a refused --replace changed host.toml"
works admin@laptop "daypass host token --name web-1"
token=$(grep -oE 'dpj-[0-9a-f]+-[0-9a-f]+' <<< "$output" | head -n 1)
enrol --policy-digest "$policy_digest" --replace --label env=anew > "$logs/enrol" 2>&1 || fail "--replace: $(cat "$logs/enrol")"
grep -q anew /etc/daypass/host.toml || fail "--replace did not write the new labels"
cp /etc/daypass/host.toml /run/world/host.toml

# EN-08: the server, with an administrator of its own making, offers the host another first policy. Only root could pin it.
mkdir -p "$papers"
sed -n 's/.*"realm":"\([0-9a-f]*\)".*/\1/p' /run/world/policy.json > /run/world/realm
make_key mallory
make_key status
"$world/document.py" policy "$papers/other.json" \
  'd["people"].append(person("mallory", [], ["administer"])); d["administrators"]["people"] = ["mallory"]' > /dev/null
sign other policy mallory
expect_not_taken 'equivocation|below_threshold|key_unknown|rollback' other
cmp -s /etc/daypass/host.toml /run/world/host.toml || fail "the pin changed"
host_is_ready || fail "the host should still hold its policy"
