#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# daypass policy check as people and their CI run it: exit codes, the text, colour on a terminal alone, one JSON object.
# It needs no world: it reads a folder.
set -euo pipefail
source=$(cd "$(dirname "$0")/../.." && pwd)
daypass=${DAYPASS_BUILD:-$source/build/dev}/cli/daypass
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$work/prod

fail() { echo "FAIL: $*" >&2; cat "$work/said" >&2; exit 1; }
says() { grep -qF -- "$1" "$work/said" || fail "it does not say: $1"; }
check() { # check CODE ARGUMENT...
  local wanted=$1 code=0
  shift
  "$daypass" policy check "$@" > "$work/said" 2>&1 || code=$?
  [ "$code" = "$wanted" ] || fail "policy check $*: $code instead of $wanted"
}

cp -r "$source/docs/examples/policy" "$tree"
check 0 "$tree"
says "0 errors, 2 warnings, 0 hints"
check 3 "$tree" --strict
check 3 --strict "$tree"

# Without what it warns of, nothing is said but the sum, under --strict too.
sed -i 's/^count = 2/count = 1/' "$tree/roles/admin.toml"
sed -i 's,/etc/nginx/nginx.conf,/srv/www/index.html,' "$tree/roles/web.toml"
check 0 --strict "$tree"
[ "$(cat "$work/said")" = "$tree: 0 errors, 0 warnings, 0 hints" ] || fail "more than the sum"

# Several things at once, in order, each with why and what to do.
sed -i 's,/usr/bin/systemctl,/usr/bin/vim,; s/^max_duration = .*/max_duration = "9h"/' "$tree/roles/web.toml"
sed -i 's/"carol"\]/"carl"]/' "$tree/policy.toml"
check 3 "$tree"
says "$tree/policy.toml:11:20  error"
says "$tree/roles/web.toml:9:16  error"
says "$tree/roles/web.toml:21:8  error"
says "vim(1), command :!"
says "write equals_root = true in the rule"
says "3 errors, 0 warnings, 0 hints"
order=$(grep -oE '(policy|web)\.toml:[0-9]+' "$work/said" | tr '\n' ' ')
[ "$order" = "policy.toml:11 web.toml:9 web.toml:21 " ] || fail "the order: $order"

# For programs: one object, with numbers.
"$daypass" --json policy check "$tree" > "$work/said" && fail "errors, and exit 0"
python3 - "$work/said" << 'END' || fail "the JSON"
import json, sys
said = json.load(open(sys.argv[1]))
assert (said["errors"], said["warnings"], said["hints"]) == (3, 0, 0), said
first = said["findings"][0]
assert first["severity"] == "error" and first["line"] == 11 and first["column"] == 20, first
assert first["file"].endswith("/policy.toml") and "carl" in first["message"], first
END

# A file that is no TOML, a folder that is none.
echo 'x = = 1' >> "$tree/people/people.toml"
check 3 "$tree"
says "people.toml:"
says "1 error, 0 warnings"
check 1 "$work/nowhere"
check 2
check 2 "$tree" --frob

# Colour where a person looks, and nowhere else.
escape=$(printf '\033')
check 3 "$tree"
! grep -qF "$escape" "$work/said" || fail "colour in a file"
on_a_terminal() { # on_a_terminal WORD...: these of daypass, exit 3
  local code=0
  TERM=xterm script -qec "$daypass $*" /dev/null > "$work/said" || code=$?
  [ "$code" = 3 ] || fail "daypass $* on a terminal: exit $code: $(cat "$work/said")"
}
on_a_terminal policy check "$tree"
grep -qF "${escape}[31merror" "$work/said" || fail "no colour on a terminal"
on_a_terminal --no-color policy check "$tree"
! grep -qF "${escape}[3" "$work/said" || fail "colour despite --no-color"

# On a host: its own files are looked at only when asked.
rm -rf "$tree" && cp -r "$source/docs/examples/policy" "$tree"
sed -i 's,/usr/bin/systemctl,/nowhere/web-tool,' "$tree/roles/web.toml"
check 0 "$tree"
! grep -qF missing-path "$work/said" || fail "it looked at this machine unasked"
check 0 "$tree" --on-host
says "/nowhere/web-tool is not on this host"
check 3 "$tree" --on-host --strict
echo "PASS"
