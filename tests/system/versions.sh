#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# Policies from version to version, by the verbs alone: a second administrator who sees what changes before signing,
# the history of who signed what, and a policy that reaches a host by hand while the server is down.
# GF-17, GF-29: an older version, and one with too few signatures, are not taken by hand either.
. "$(dirname "$0")/../../tools/world.sh"
. /source/tools/demo/show.sh
. /source/tools/demo/setup.sh

mkdir -p "$logs"
set_up > "$logs/setup" 2>&1 || { cat "$logs/setup" && fail "the set-up"; }

# says CODE WORD WHO [--root FOLDER] VERB...: WHO runs "daypass policy VERB..."; the exit code and a word of what is said.
says() {
  local code=$1 word=$2 who=$3 root=() got=0
  shift 3
  if [ "$1" = --root ]; then root=("$1" "$2") && shift 2; fi
  said=$(as "$who" daypass "${root[@]}" policy "$@" 2>&1 < /dev/null) || got=$?
  [ "$got" = "$code" ] && has -- "$word" <<< "$said" || fail "policy $* by $who: $got, not $code with \"$word\": $said"
  say "policy $1: $got, \"$word\""
}
next_version() { # next_version N SED: the tree before, as version N, changed
  local digest
  digest=$(as admin daypass policy digest "v$(($1 - 1)).envelope" | grep -oE '^[0-9a-f]{64}')
  cp -r "/home/admin/tree$(($1 - 1))" "/home/admin/tree$1"
  sed -i "/^previous/d; s/^version = .*/version = $1\nprevious = \"$digest\"/" "/home/admin/tree$1/policy.toml"
  sed -i "$2" "/home/admin/tree$1"/*.toml "/home/admin/tree$1"/*/*.toml
  chown -R admin: "/home/admin/tree$1"
  as admin daypass policy build "tree$1" -o "v$1.envelope" > /dev/null || fail "version $1 is not built"
}
hand() { install -o "$2" -g "$2" -m 644 "/home/$1/$3" "/home/$2/$3"; } # hand FROM TO FILE
host_holds() { as alice daypass status --json 2> /dev/null | has -E "\"policy_version\": ?$1\\b"; }

cp -r /home/admin/policy /home/admin/tree1
cp /home/admin/policy.envelope /home/admin/v1.envelope
chown -R admin: /home/admin/tree1 /home/admin/v1.envelope

# Version 2: bob becomes an administrator, too, and from now on it takes both.
next_version 2 's/^threshold = 1/threshold = 2/; s/people = \["admin"\]/people = ["admin", "bob"]/; s/"approve", "signin"/"approve", "signin", "administer"/'
hand admin bob v2.envelope
says 6 "no administrator has signed it yet" bob cosign v2.envelope --key /home/bob/.ssh/id_ed25519 --yes
says 0 "1 of 2 wanted" admin sign v2.envelope --key /home/admin/.ssh/id_ed25519
[ "$(as admin daypass policy push v2.envelope --yes > "$logs/push" 2>&1 && echo in force)" = "" ] || fail "one of two was enough"
hand admin bob v2.envelope
before=$(sha256sum < /home/bob/v2.envelope)
says 3 "Becomes possible" bob cosign v2.envelope --key /home/bob/.ssh/id_ed25519
[ "$(sha256sum < /home/bob/v2.envelope)" = "$before" ] || fail "signed without having been asked"
says 0 "2 of 2 wanted" bob cosign v2.envelope --key /home/bob/.ssh/id_ed25519 --yes
hand bob admin v2.envelope
says 0 "in force" admin push v2.envelope --yes
wait_until 10 "the host holds version 2" host_holds 2

# Who signed what; a server that shows another past is found out.
says 0 "admin, bob" bob history
has -E "^1 +.* admin .*the first" <<< "$said" || fail "version 1 in the history: $said"
says 0 '"version":2' bob history --last 1 --json
! has '"version":1' <<< "$said" || fail "more than --last: $said"

# Midnight, no server: the next version reaches the host by hand, if both have signed.
next_version 3 's/"nginx" }/"apache2" }/'
stop_server
says 0 "1 of 2 wanted" admin sign v3.envelope --key /home/admin/.ssh/id_ed25519
hand admin alice v3.envelope
says 6 "" alice import v3.envelope # GF-29
host_holds 2 || fail "a policy with one signature of two was taken"
hand admin bob v3.envelope
says 0 "apache2" bob cosign v3.envelope --key /home/bob/.ssh/id_ed25519 --yes
hand bob alice v3.envelope
says 0 "version 3" alice import v3.envelope
host_holds 3 || fail "the host did not take version 3"
hand admin alice v2.envelope
says 6 "" alice import v2.envelope # GF-17
host_holds 3 || fail "an older version was taken"
sed 's/web-leads/web-loads/' /home/alice/v3.envelope > /home/alice/forged.envelope
says 6 "" alice import forged.envelope
# Where no agent is, the reader holds it.
says 0 "You hold policy version 3" bob --root /home/bob/elsewhere import v3.envelope
hand admin bob v1.envelope
says 6 "" bob --root /home/bob/elsewhere import v1.envelope
