#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# The journal of a real host, exported by the real journalctl in both forms, replayed: under its own policy everything is
# as it was; under another one what changed is named. What a user writes into the journal himself is not replayed.
. "$(dirname "$0")/../../tools/world.sh"

make_daypass_host
mark
make_grant mine
expect_taken mine
expect_allowed alice systemctl restart nginx
expect_allowed alice systemctl restart nginx
expect_denied alice wrong_command cat /etc/shadow
expect_denied alice option_refused -s
printf 'MESSAGE=forged\nDAYPASS_EVENT=decision.allowed\nDAYPASS_HOST=web-1\n' > /tmp/forged
as alice logger --journald=/tmp/forged
wait_until 5 "the forged line is there" eval 'journalctl -q DAYPASS_HOST=web-1 -o cat | has -x forged'

mkdir /tmp/exports
journalctl -q -o export > /tmp/exports/web-1.export
journalctl -q -o json --all > /tmp/web-1.json

# The same policy, but nginx is no longer restarted, and another rule is there.
sed 's/{"is":"nginx"}/{"is":"haproxy"}/' "$papers/policy.json" > "$papers/new.json"
cmp -s "$papers/policy.json" "$papers/new.json" && fail "the new policy is the old one"
printf 'daypass-envelope 1 policy %s\n%s\n' "$(stat -c %s "$papers/new.json")" "$(cat "$papers/new.json")" > "$papers/new.envelope"

replay() { daypass "$@" || fail "daypass $*"; }
same=$(replay --json policy replay --journal /tmp/exports --old "$papers/policy.envelope" "$papers/policy.envelope")
has '"newly_denied":0' <<< "$same" && has '"newly_allowed":0' <<< "$same" || fail "the same policy changes something: $same"
has '"foreign":1' <<< "$same" || fail "the forged entry is counted: $same"
has '"reason":"option_refused"' <<< "$same" || fail "the shell is still one: $same"
from_json=$(replay --json policy replay --journal /tmp/web-1.json --old "$papers/policy.envelope" "$papers/policy.envelope")
expect_equal "$same" "$from_json" "both forms of the export"

text=$(replay policy replay --journal /tmp/exports --old "$papers/policy.envelope" "$papers/new.envelope")
has '2 newly denied, 0 newly allowed' <<< "$text" || fail "two restarts are newly denied: $text"
has -E '2 +web-1 +alice +root +/usr/bin/systemctl restart nginx +web-operator/restart +wrong_argument' <<< "$text" ||
  fail "they stand in one line: $text"
has -E '^web-operator +watch$' <<< "$text" || fail "the rule that nobody used: $text"
has 'Everybody asked' <<< "$text" || fail "what is assumed: $text"
for _ in 1 2; do
  again=$(env -i TZ=Asia/Tokyo LC_ALL=C /usr/bin/daypass policy replay --journal /tmp/exports --old "$papers/policy.envelope" "$papers/new.envelope")
  expect_equal "$text" "$again" "each run gives the same bytes"
done

code=0
daypass policy replay --journal /etc/passwd "$papers/new.envelope" --old "$papers/policy.envelope" > /tmp/said 2>&1 || code=$?
expect_equal 3 "$code" "a file that is no journal: $(cat /tmp/said)"
