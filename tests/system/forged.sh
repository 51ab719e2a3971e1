#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# Documents that are not what they say, handed to the agent as the courier would hand them: refused each for its reason;
# what was held stays in force. The control is at the end: the honest ones are taken.
. "$(dirname "$0")/../../tools/world.sh"

make_daypass_host
make_key mallory
held_now() { user_call alice Status | sed 's/"now_ms": [0-9]*, //'; }
held=$(held_now)

# GF-24: every field right, every key of the server, no approver's.
make_statement owned
sign owned grant status
expect_not_taken 'key_unknown|key_refused|approvals_missing|approver_not_allowed' owned
# GF-03, GF-08, GF-16: a key that nobody has; another namespace; another type of document.
make_statement stranger && sign stranger grant mallory
expect_not_taken 'key_unknown|approver_not_allowed|approvals_missing' stranger
make_statement spaced && sign spaced grant:file bob
expect_not_taken wrong_namespace spaced
make_statement typed && sign typed request bob
expect_not_taken 'wrong_namespace|malformed' typed grant
# Self-approval, and somebody who may not approve.
make_statement self 'd["subject"] = "bob"; d["requester"] = "bob"' && sign self grant bob
expect_not_taken self_approval self
make_statement wrong && sign wrong grant admin
expect_not_taken 'approver_not_allowed|key_refused' wrong
# GF-07: the approval of another statement.
make_statement narrow && sign narrow grant bob
make_statement wide 'd["duration_s"] = 3600'
{ printf 'daypass-envelope 1 grant %s\n' "$(stat -c %s "$papers/wide.json")"
  cat "$papers/wide.json"
  echo
  sed -n '/^-----BEGIN/,$p' "$papers/narrow.envelope"; } > "$papers/wide.envelope"
expect_not_taken bad_signature wide
# GF-37: the same people, another realm.
make_statement realm 'd["realm"] = "0" * 32' && sign realm grant bob
expect_not_taken wrong_realm realm
# GF-38: another role than the host has under that name.
make_statement changed 'd["role_digest"] = "0" * 64' && sign changed grant bob
expect_not_taken role_changed changed
# GF-39: start_by has passed, however well it is signed.
make_statement late 'd["start_by_ms"] = now_ms() - 1000; d["created_ms"] = now_ms() - 3600000' && sign late grant bob
expect_not_taken 'start_out_of_range|expired|too_late' late
expect_denied alice no_grant systemctl restart nginx

# Policies: GF-25, signed by an approver whom the attacker made, or by the server; GF-17, a lower version; GF-19, the same
# version with other content; each signed by whom it takes, where the attack has that.
make_paper() { "$world/document.py" policy "$papers/$1.json" "$2" > /dev/null; }
make_paper coup 'd["version"] = 2; d["people"].append(person("mallory", ["web-leads"], ["approve", "administer"]))
d["administrators"]["people"] = ["mallory"]'
sign coup policy mallory
expect_not_taken 'below_threshold|key_unknown' coup
sign coup policy status
expect_not_taken 'below_threshold|key_unknown|key_refused' coup
make_paper same 'role["description"] = "Another"' && sign same policy admin
expect_not_taken equivocation same
make_paper foreign 'd["version"] = 2; d["realm"] = "0" * 32' && sign foreign policy admin
expect_not_taken wrong_realm foreign

# Statuses: of another host, with a number nobody drew, signed by somebody else.
refuse_status() { # refuse_status REASON PYTHON
  local answer
  answer=$(put_status "$2") || true
  grep -qE "$1" <<< "$answer" || fail "this status should be refused as $1, but: $answer"
  say "refused ($1): a status with $2"
}
refuse_status wrong_host 'd["host"] = "web-2"'
refuse_status rollback 'd["number"] = "0" * 32'
status_signer=bob refuse_status 'key_unknown|key_refused' 'd["policy_version"] = 1'

expect_equal "$held" "$(held_now)" "after all that the host holds what it held"

# The control: the same hands, honest documents.
make_grant honest
expect_taken honest
expect_allowed alice systemctl restart nginx
make_paper second 'd["version"] = 2; d["previous"] = "'"$policy_digest"'"' && sign second policy admin
expect_taken second
expect_not_taken rollback policy
expect_allowed alice systemctl restart nginx

# GF-38 again: the role changes after the approval; the grant that was approved for the old one ends.
make_paper third 'd["version"] = 3; d["previous"] = digest(__import__("json").load(open("/run/world/papers/second.json")))
role["rules"] = role["rules"][:1]; role["description"] = "Restart only"' && sign third policy admin
expect_taken third
expect_denied alice role_changed systemctl restart nginx
