#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# What bash completes: every verb and option that the program has, by its own help; roles and grants of this host.
. "$(dirname "$0")/../../tools/world.sh"

make_daypass_host
make_grant first
expect_taken first

completes() { # completes WORD... : what alice's bash offers for the last word
  as alice bash -c '
    . /usr/share/bash-completion/completions/daypass
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
    _daypass
    echo "${COMPREPLY[*]}"' completes "$@"
}

expect_equal "request revoke requests" "$(completes daypass re)" "verbs"
expect_equal "extend" "$(completes daypass --json ext)" "verbs behind an option"
expect_equal "suggest" "$(completes daypass policy su)" "verbs of a verb"
expect_equal "--role --reason" "$(completes daypass request --r)" "options of a verb"
expect_equal "web-operator" "$(completes daypass request --role '')" "roles of this host"
expect_equal "$(as alice daypass status | grep -oE 'g-[a-z2-7]{16}' | head -n 1)" "$(completes daypass drop '')" "alice's own grants"
expect_equal "" "$(as carol bash -c '. /usr/share/bash-completion/completions/daypass; _daypass_status short')" "nobody else's"

# Nothing is forgotten: each verb of the help completes to itself, and each of its options.
for verb in $(as alice daypass --help | sed -n '/^Subcommands:/,/^$/p' | sed -nE 's/^  ([a-z]+) .*/\1/p'); do
  completes daypass "$verb" | has -w "$verb" || fail "$verb is not completed"
  for option in $(as alice daypass "$verb" --help | grep -oE '^  --[a-z-]+' | tr -d ' '); do
    completes daypass "$verb" "$option" | has -w -- "$option" || fail "$verb $option is not completed"
  done
done
