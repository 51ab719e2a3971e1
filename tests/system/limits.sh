#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# PL-14: a user takes memory, descriptors, file size or processes away from his own sudo before he starts it, a little
# more each time: what is denied never runs, whatever gives way first. (Each single request: abi.*_faults.)
. "$(dirname "$0")/../../tools/world.sh"

make_daypass_host
make_grant first
expect_taken first

ran_anyway=0
ran_as_allowed=0
tried=0
under() { # under ULIMIT_OPTION VALUE...: with each of these limits, a command that is denied and one that is allowed
  local value before
  for value in "${@:2}"; do
    before=$(runs)
    # shellcheck disable=SC2016  # meant for the inner shell
    as alice sh -c 'ulimit "$0" "$1" || exit 9; shift; exec sudo -n "$@"' "$1" "$value" systemctl stop nginx \
      > "$logs/limit" 2>&1 && ran_anyway=$((ran_anyway + 1))
    [ "$(runs)" = "$before" ] || ran_anyway=$((ran_anyway + 1))
    # shellcheck disable=SC2016
    as alice sh -c 'ulimit "$0" "$1" || exit 9; shift; exec sudo -n "$@"' "$1" "$value" systemctl restart nginx \
      > "$logs/limit" 2>&1 && ran_as_allowed=$((ran_as_allowed + 1))
    tried=$((tried + 1))
  done
  expect_equal 0 "$ran_anyway" "denied commands that ran under ulimit $1"
}
# shellcheck disable=SC2046  # words
under -v $(seq 4000 1000 40000)
# shellcheck disable=SC2046
under -n $(seq 3 16)
under -f 0 1 8
under -s 64 128 256 1024
under -d 100 1000 2000 4000
under -l 0
under -t 1
say "$tried limits: nothing ran that is denied; what is allowed ran $ran_as_allowed times"
[ "$ran_as_allowed" -gt 5 ] || fail "the control: some of these limits leave enough"
expect_allowed alice systemctl restart nginx
