#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# RX-01: 10,000 grants of other people are held, by a policy of 100 roles with 50 rules each. Whoever has a grant is
# allowed what the last rule of the last role says, and nothing else; checks stay quick, and memory small. The limits
# here are of safety, ten times what is promised and more; `make bench` has the figures.
. "$(dirname "$0")/../../bench/world.sh"

make_bench_host memory "$large_policy"
expect_equal 100 "$(grep -o '"max_offline_s":3600,' "$papers/policy.json" | wc -l)" "roles of the policy"
fresh_agent memory 10000
expect_equal 10001 "$(sqlite3 /var/lib/daypass/agent.db 'select count(*) from grants')" "grants held"
as alice sudo -n true || fail "alice should be allowed to run true"
expect_denied alice wrong_command systemctl restart nginx
expect_denied carol no_grant true

result=$("$bench/bench_checks" daypass /run/daypass/check.sock 1 2 "$alice_uid")
p99=$(field p99_us <<< "$result")
resident=$(memory | field resident_kib)
say "p99 of a check: $p99 us; resident: $resident KiB"
awk "BEGIN { exit !($p99 <= 50000) }" || fail "p99 of a check is $p99 us"
[ "$resident" -le $((128 * 1024)) ] || fail "the agent holds $resident KiB"
