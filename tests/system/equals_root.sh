#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# SC-15: a rule that looks small and hands out root, from its author to the real sudo: no policy is built of it until it
# says so, then every view warns; and on a host such a rule truly gives a shell, which is why.
. "$(dirname "$0")/../../tools/world.sh"

make_daypass_host 'role["rules"] = [
  {"id": "any", "path": "/usr/bin/find", "args": [{"is": "/srv"}], "rest": "any", "equals_root": True}]
d["roles"].append({**role, "name": "exact", "rules": [
  {"id": "old", "path": "/usr/bin/find", "args": [{"is": "/srv"}, {"is": "-mtime"}, {"int": [1, 99]}], "rest": "none"}]})'

# The author's side.
tree=/run/world/tree
rule() { # rule PATH MORE: the example's policy with this program for its first rule
  rm -rf "$tree" && cp -r /source/docs/examples/policy "$tree"
  sed -i "s,^path = \"/usr/bin/systemctl\",path = \"$1\"\\nrest = \"any\"$2," "$tree/roles/web.toml"
}
build() { daypass policy build "$tree" -o /run/world/built.json > "$logs/build" 2>&1; }
for program in vi less man find tar awk git docker rsync apt systemctl; do
  rule "/usr/bin/$program" ''
  build && fail "$program: a rule that gives a shell should not be built"
  has 'write equals_root = true in the rule' "$logs/build" || fail "$program: $(cat "$logs/build")"
  rule "/usr/bin/$program" '\nequals_root = true'
  build || fail "$program: the control, with equals_root: $(cat "$logs/build")"
  daypass policy show /run/world/built.json > "$logs/show"
  has 'EQUALS ROOT' "$logs/show" || fail "$program: the view should warn: $(cat "$logs/show")"
done
rule /usr/bin/uptime ''
build || fail "the control, a program without a way out: $(cat "$logs/build")"
daypass policy show /run/world/built.json | has 'EQUALS ROOT' && fail "a warning of nothing"
say "refused without equals_root, and shown with it: eleven programs with a shell inside"

# The host's side: the rule gives what the warning says, and exact arguments do not.
make_grant exact 'd["role"] = "exact"; d["role_digest"] = digest(roles["exact"])'
expect_taken exact
escape=(find /srv -maxdepth 0 -exec sh -c 'echo "shell as uid $(id -u)" >> /run/world/ran' \;)
as alice sudo -n find /srv -mtime 9 > "$logs/find" 2>&1 || fail "the control: $(cat "$logs/find")"
expect_denied alice wrong_argument "${escape[@]}"
make_grant any
expect_taken any
expect_allowed alice "${escape[@]}"
has -x 'shell as uid 0' "$ran" || fail "the escape should have worked, or this shows nothing"
