#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# The courier has been taken over: it hands in what is not for this host, what is old, what is another's; says that
# requests were answered; acknowledges records; puts rubbish without end. Each is refused and recorded as an alarm,
# nothing that anybody holds widens, and no record leaves the host's own store. What the server makes of its records is
# in unit.server.carried.
. "$(dirname "$0")/../../tools/world.sh"

make_daypass_host
make_key mallory
held_now() { user_call alice Status | sed 's/"now_ms": [0-9]*, //'; }
stored() { sqlite3 -readonly /var/lib/daypass/agent.db "$1"; }
expect_alarm() { # expect_alarm EVENT REASON COMMAND...: refused, recorded, and alice holds what she held
  local before answer
  before=$(held_now)
  mark
  answer=$("${@:3}") || true
  grep -q '"ok": true' <<< "$answer" && fail "${*:3}: this should be refused, but: $answer"
  expect_event "^$1 $2\$" DAYPASS_EVENT DAYPASS_REASON
  expect_equal "$before" "$(held_now)" "what alice holds, after ${*:3}"
  say "refused and recorded ($1 $2): ${*:3}"
}

make_grant honest
make_grant for_carol 'd["subject"] = d["requester"] = "carol"'
make_grant for_web_2 'd["hosts"] = ["web-2"]'

# IPC-15: a status for another host; one of yesterday, truly signed; the same one twice; one that it signed itself.
expect_alarm status.refused wrong_host put_status 'd["host"] = "web-2"'
put_status > /dev/null || fail "the control: a status for this host"
cp "$papers/status.envelope" "$papers/old.envelope"
expect_alarm status.refused rollback put old status
courier Nonce > /dev/null
expect_alarm status.refused rollback put old status
status_signer=mallory expect_alarm status.refused 'key_unknown|key_refused' put_status
expect_alarm grant.refused wrong_host put for_web_2

# IPC-15: somebody else's grant is that person's, whoever waits for one.
expect_taken for_carol
expect_denied alice no_grant systemctl restart nginx
expect_allowed carol systemctl restart nginx

# IPC-16: it says that a request was approved.
request=$(user_call alice Request '{"role":"web-operator","duration_s":60,"reason":"nginx does not answer"}' |
  sed 's/.*"id": "\([0-9a-f]*\)".*/\1/')
courier Answered "{\"id\":\"$request\",\"state\":\"approved\",\"text\":\"by bob, trust me\"}" > /dev/null || true
expect_denied alice no_grant systemctl restart nginx

# IPC-16: an acknowledgement is in the status, and only the server's key signs that. Nothing is deleted, not for the
# true one either; what was taken can be taken again.
count() { stored 'select count(*) from records'; }
courier TakeRecords '{"after":0}' > "$logs/records"
before=$(count)
status_signer=mallory put_status 'd["receipt"] = {"seq": 1000000, "digest": "0" * 64}' > /dev/null || true
put_status 'd["receipt"] = {"seq": 3, "digest": "0" * 64}' > /dev/null || fail "the control: a receipt of the server's"
courier TakeRecords '{"after":0,"max":100}' > "$logs/again"
courier TakeRecords '{"after":9000000}' > /dev/null
[ "$(count)" -ge "$before" ] || fail "records are gone: $(count) of $before"
expect_equal "$(stored 'select max(seq) from records')" "$(count)" "numbers without a gap"
expect_equal "$(head -c 300 "$logs/records")" "$(head -c 300 "$logs/again")" "the first records, taken twice"
for method in DeleteRecords Acknowledge Forget Records; do
  courier "$method" '{"after":0}' > "$logs/method" 2>&1 && fail "the courier may call $method"
  has 'protocol' < "$logs/method" || fail "$method: $(cat "$logs/method")"
done

# Rubbish without end: of a flood a part is recorded, and the store does not grow with it.
size() { cat /var/lib/daypass/agent.db* | wc -c; }
before=$(count)
cat > /run/world/rubbish.py << 'PYTHON'
import array, fcntl, json, os, socket
fd = os.memfd_create("x", os.MFD_ALLOW_SEALING)
os.write(fd, b"daypass-envelope 1 policy 1000000\n" + b"x" * 1000000)
fcntl.fcntl(fd, fcntl.F_ADD_SEALS, 15)
peer = socket.socket(socket.AF_UNIX)
peer.connect("/run/daypass/courier.sock")
put = json.dumps({"method": "org.daypass.Courier.Put", "parameters": {"type": "policy"}}).encode() + b"\0"
for _ in range(600):
    peer.sendmsg([put], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [fd]))])
    answer = peer.recv(65536)
    assert b'"ok":false' in answer, answer
PYTHON
as daypass-sync python3 /run/world/rubbish.py || fail "the flood of rubbish"
grown=$(($(count) - before))
[ "$grown" -le 310 ] || fail "600 refused documents made $grown records"
[ "$(size)" -lt 20000000 ] || fail "the store has grown to $(size) bytes"
say "600 pieces of rubbish: $grown records, the store has $(size) bytes"

# The control: after all that the honest ones are taken.
put_status > /dev/null || fail "an honest status"
expect_taken honest
expect_allowed alice systemctl restart nginx
