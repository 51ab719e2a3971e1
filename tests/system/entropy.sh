#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# AG-23: early in a boot the kernel has no entropy yet (faked at the edge of the OS, entropy.c). Whoever needs a number
# that nobody can guess waits for it: a host's key, the numbers of statuses, a server's keys; none is made before, and
# sudo is refused meanwhile. The controls: the same processes, once entropy is there.
. "$(dirname "$0")/../../tools/world.sh"

poor=(env LD_PRELOAD=/build/tests/system/world_entropy.so)
no_entropy() { rm -f /run/world/entropy /run/world/waits; }
waits() { [ -e /run/world/waits ]; }

# A host that starts for the first time.
make_host
install_product
make_daypass_documents
no_entropy
launch agent "${poor[@]}" /usr/libexec/daypass/daypassd
wait_until 10 "the agent waits" waits
sleep 0.5
[ ! -e /var/lib/daypass/host.key ] || fail "a key was made without entropy"
"$world/ipc.py" --probe /run/daypass/check.sock 2> /dev/null && fail "the agent answers without a key"
: > /run/world/entropy
wait_until 10 "daypassd listens" socket_answers /run/daypass/check.sock agent
expect_taken policy
put_status > /dev/null
make_grant now
expect_taken now
expect_allowed alice systemctl restart nginx

# One that has its key: no number for a status is drawn before, either, and what it held is held.
stop_agent
no_entropy
launch agent "${poor[@]}" /usr/libexec/daypass/daypassd
wait_until 10 "the agent waits" waits
sleep 0.5
courier Nonce > "$logs/nonce" 2>&1 && fail "a number was drawn without entropy: $(cat "$logs/nonce")"
expect_refused alice systemctl restart nginx
: > /run/world/entropy
wait_until 10 "daypassd listens" socket_answers /run/daypass/check.sock agent
put_status > /dev/null
expect_allowed alice systemctl restart nginx
expect_denied alice wrong_command id
stop_agent

# A server that makes its keys.
no_entropy
"${poor[@]}" daypass-server init --name localhost --listen 127.0.0.1:8443 > "$logs/init" 2>&1 &
made=$!
wait_until 10 "the server waits" waits
sleep 0.5
[ -z "$(find /var/lib/daypass-server -name '*.pem' -size +0)" ] || fail "the server made a key without entropy"
: > /run/world/entropy
wait "$made" || fail "daypass-server init: $(cat "$logs/init")"
[ -s /var/lib/daypass-server/keys/ca.pem ] || fail "the server made no key"
