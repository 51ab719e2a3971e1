#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# forge.sh OUT [PYTHON]: what an attacker can make who owns the server: a grant for alice that looks right in
# every field, with a signature of every key that the server has, and none of an approver.
set -euo pipefail
here=/source/tools/world
server_keys=/var/lib/daypass-server/keys
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$here/document.py" statement "$work/payload" "d['duration_s'] = 3600; ${2:-}" > /dev/null
{
  printf 'daypass-envelope 1 grant %s\n' "$(stat -c %s "$work/payload")"
  cat "$work/payload"
  echo
  for key in "$server_keys"/*.key; do
    "$here/openssh_key.py" "$key" "$work/key" || cp "$key" "$work/key"
    chmod 600 "$work/key"
    ssh-keygen -y -f "$work/key" > "$work/key.pub"
    ssh-keygen -Y sign -q -f "$work/key" -n grant@daypass < "$work/payload"
  done
} > "$1"
chmod 644 "$1"
echo "forged: $(grep -c 'BEGIN SSH SIGNATURE' "$1") signatures, by $(cd "$server_keys" && echo *.key)"
