#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# IPC-14: names that climb out of a folder, in every field of every message that takes a name, on the three sockets and
# over HTTPS. No path is made of any: bait that lies where they lead is neither opened nor made, in any spelling of its
# end. The control: the bait works, and the same messages with ordinary names are answered.
. "$(dirname "$0")/../../tools/world.sh"
. /source/tools/demo/show.sh
. /source/tools/demo/setup.sh

bait=/run/world/bait
climb=../../../../../../../../../../../..$bait/bait
taken() { grep -c '^taken .* bait' "$logs/bait" || true; }
check() { "$world/ipc.py" /run/daypass/check.sock "org.daypass.Check.$1" "$2" 2>&1 || true; }

make_daypass_host
# shellcheck disable=SC2016  # meant for the inner shell
launch bait sh -c 'sleep 1000 | exec "$0" "$1"' "$world/bait.py" "$bait"
wait_until 5 "the bait is laid" grep -qx ready "$logs/bait"
cat "$bait/bait.json" > /dev/null
wait_until 5 "the control: opening it is seen" eval '[ "$(taken)" = 1 ]'

# check.sock, as root.
account() { # account FIELD VALUE: an Account question with one field changed
  python3 -c 'import json, sys
d = {"door": "sudo", "service": "sudo", "user": "root", "uid": 0, "ruser": "root", "rhost": "", "tty": "", "pid": 1,
     "phase": "account"}
d[sys.argv[1]] = sys.argv[2]
print(json.dumps(d))' "$1" "$2"
}
check Account "$(account tty pts/0)" | has '"verdict": "allow"' || fail "the control: an ordinary question of root's"
for field in door service user ruser rhost tty phase; do
  check Account "$(account "$field" "$climb")" > /dev/null
  check Account "$(account "$field" "$bait/bait")" > /dev/null
done

# courier.sock: what it says itself, and names in documents.
for type in "$climb" policy grant status; do
  courier Put "{\"type\":\"$type\"}" --document "$bait/../ran" > /dev/null 2>&1 || true
done
courier Answered "{\"id\":\"$climb\",\"state\":\"approved\",\"text\":\"x\"}" > /dev/null 2>&1 || true
zeros=$(printf '0%.0s' {1..64})
courier Answered "{\"id\":\"$zeros\",\"state\":\"$climb\",\"text\":\"$climb\"}" > /dev/null 2>&1 || true
for field in subject requester role ticket reason; do
  make_grant "climbs_$field" "d['$field'] = '$climb'"
  put "climbs_$field" grant > /dev/null 2>&1 || true
done
make_grant climbs_host "d['hosts'] = ['$climb']"
put climbs_host grant > /dev/null 2>&1 || true
put_status "d['host'] = '$climb'" > /dev/null 2>&1 || true
put_status "d['suspended'] = {'people': ['$climb'], 'keys': ['$climb']}" > /dev/null 2>&1 || true

# user.sock, as alice.
ask="{\"role\":\"web-operator\",\"duration_s\":60,\"reason\":\"why\",\"ticket\":\"OPS-1\"}"
user_call alice Request "$ask" > /dev/null || fail "the control: an ordinary request"
user_call alice Request "${ask/web-operator/$climb}" > /dev/null 2>&1 || true
user_call alice Request "${ask/why/$climb}" > /dev/null || fail "a reason may be any line"
user_call alice Request "${ask/OPS-1/$climb}" > /dev/null || fail "a ticket may be any line"
for method in Wait Drop; do user_call alice "$method" "{\"id\":\"$climb\"}" > /dev/null 2>&1 || true; done

make_grant honest
expect_taken honest
expect_allowed alice systemctl restart nginx

# HTTPS: anybody, and an administrator with a token.
mkdir -p /home/admin/policy
set_up_server > /dev/null
set_up_policy > /dev/null
log_in admin > /dev/null
token=$(find /home/admin /run /tmp -path '*daypass/token' -exec cat {} + 2> /dev/null |
  sed 's/.*"token": *"\([^"]*\)".*/\1/')
[ -n "$token" ] || fail "no token of admin's"
https() { # https PATH [BODY]: its status
  token=$token python3 -c 'import http.client, os, ssl, sys
server = http.client.HTTPSConnection("localhost", 8443, context=ssl.create_default_context(cafile="/run/world/ca.pem"))
server.request("POST" if sys.argv[2:] else "GET", "/v1/" + sys.argv[1], *sys.argv[2:],
               headers={"Authorization": "Bearer " + os.environ["token"], "Content-Type": "application/json"})
print(server.getresponse().status)' "$@"
}
expect_equal 200 "$(https join-tokens '{"name":"web-9"}')" "the control: an ordinary name"
escaped=${climb//\//%2f}
for path in "requests/$climb" "requests/$escaped" "policies/$escaped" "grants/$escaped" "$climb" \
  "requests/..%2f..%2f$escaped/denial"; do
  code=$(https "$path")
  [[ $code == 4* ]] || fail "GET $path: $code"
done
for body in "join-tokens {\"name\":\"$climb\"}" "sign-in/challenge {\"person\":\"$climb\"}" \
  "hosts {\"token\":\"x\",\"name\":\"$climb\",\"labels\":{\"$climb\":\"$climb\"},\"host_key\":\"x\",\"csr\":\"x\"}" \
  "requests {\"statement\":\"$climb\"}" "policies {\"envelope\":\"$climb\"}" "requests/$escaped/cancel {}"; do
  code=$(https "${body%% *}" "${body#* }")
  [[ $code == 4* ]] || fail "POST $body: $code"
done

expect_equal 1 "$(taken)" "times that the bait was touched: $(grep ^taken "$logs/bait" | tail -n +2)"
made=$(find /etc /usr /var /home /root /tmp /run /srv /opt /sys/fs/cgroup -name '*bait*' ! -path "$bait*" \
  ! -path "$logs/*" ! -path "$papers/*" 2> /dev/null || true)
expect_equal "" "$made" "files that got such a name"
is_running agent && is_running server || fail "somebody has ended of it"
