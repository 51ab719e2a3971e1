#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# LG-12: no durable record, no allow. The store lies on a small disk that fills up: what needs a record is refused and
# nothing runs; with room again it works, and the chain of records has no gap.
. "$(dirname "$0")/../../tools/world.sh"

make_host
install_product
mount -t tmpfs -o size=4m,mode=700 small-disk /var/lib/daypass
make_daypass_documents
start_agent
expect_taken policy
put_status > /dev/null
make_grant first
expect_taken first
expect_allowed alice systemctl restart nginx

dd if=/dev/zero of=/var/lib/daypass/ballast bs=4k status=none 2> /dev/null || true
for _ in $(seq 400); do # pages that the store already has may take a few records more
  as alice sudo -n systemctl restart nginx > /dev/null 2>&1 || break
done
before=$(runs)
expect_refused alice systemctl restart nginx
expect_said 'store|record|disk' "people read why"
expect_equal "$before" "$(runs)" "nothing ran without a record"
expect_refused carol systemctl restart nginx

rm /var/lib/daypass/ballast
wait_until 10 "with room it works again" eval "as alice sudo -n systemctl restart nginx > /dev/null 2>&1"
stop_agent
sqlite3 /var/lib/daypass/agent.db 'pragma integrity_check' | has -x ok || fail "the store is damaged"
allowed=$(records | grep -c '"event":"decision.allowed"')
expect_equal "$(grep -c systemctl "$ran")" "$allowed" "commands that ran, and records that say so"
