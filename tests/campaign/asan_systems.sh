#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# System tests with decider, courier, server and CLI built with AddressSanitizer and UndefinedBehaviorSanitizer; each
# finding fails, leaks too. The shims cannot run so in a real sudo: the ABI tests do that. About ten minutes.
# asan_systems.sh [TEST...]; DAYPASS_BUILD: a build tree without sanitizers, for all else; DAYPASS_ASAN: one with them.
set -euo pipefail
here=$(readlink -f "$0")

if [ "${DAYPASS_WORLD:-}" = inside ]; then
  mkdir -m 1777 /run/findings
  code=0
  bash "/source/tests/system/$1.sh" || code=$?
  daemons='^daypass[d-]'
  if pkill "$daemons"; then # so that they look for what they have not given back
    for ((i = 0; i < 300; ++i)); do pgrep "$daemons" > /dev/null && sleep 0.1 || break; done
    ! pgrep -a "$daemons" || { echo "still there after thirty seconds" && code=1; }
  fi
  cat /run/findings/* 2> /dev/null && code=1
  ! grep -rhA 20 'runtime error:' /run/world/logs || code=1
  exit "$code"
fi

cd "$(dirname "$here")/../.."
asan=${DAYPASS_ASAN:-build/asan}
programs=$(mktemp -d)
trap 'rm -rf "$programs"' EXIT
cmake --preset asan -B "$asan" > /dev/null
cmake --build "$asan" --target daypass daypassd daypass_sync daypass-server
cp "$asan/cli/daypass" "$asan/agent/daypassd" "$asan/agent/sync/daypass-sync" "$asan/server/daypass-server" "$programs"
[ $# != 0 ] || set -- window end forged strangers lost broken_courier list journal identity enrol workflow odd_server story
failed=()
for test in "$@"; do
  echo "== $test"
  DAYPASS_WORLD_PROGRAMS=$programs tools/world/enter.sh "$here" "$test" || failed+=("$test")
done
[ ${#failed[@]} = 0 ] || { echo "asan_systems: failed: ${failed[*]}" >&2 && exit 1; }
