# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# How the demo shows things: numbered acts, each command under the name of who types it where, its
# output, and a line that says what was checked. Sourced by tools/demo.sh.

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
  bold=$'\e[1m' dim=$'\e[2m' green=$'\e[32m' red=$'\e[31m' plain=$'\e[0m'
else
  bold='' dim='' green='' red='' plain=''
fi
act_number=0

act() { # act TITLE
  act_number=$((act_number + 1))
  local line="── $act_number. $1 "
  printf '\n%s%s%s%s\n' "$bold" "$line" "$(printf '─%.0s' $(seq $((96 - ${#line}))))" "$plain"
}

note() { echo "$*" | fold -s -w 98; }

indent() { sed 's/\x1b\[[0-9;]*m//g' | fold -s -w 98 | sed 's/^/  /; s/ *$//'; }

# type WHO COMMAND: shows the command, runs it as WHO, shows what it prints. Sets $output and $code.
type_as() {
  local who=$1 command=$2
  printf '%s%s%s %s\n' "$dim" "$who" "$([ "${who%%@*}" = root ] && echo '#' || echo '$')$plain" "$bold$command$plain"
  output=$(perform "$who" "$command" 2>&1) && code=0 || code=$?
  [ -z "$output" ] || indent <<< "$output"
}

# perform WHO@PLACE COMMAND: on web-1 people come in by ssh, with a terminal; elsewhere they sit at home.
perform() {
  local user=${1%%@*} place=${1#*@}
  case $user@$place in
    root@*) bash -c "$2" < /dev/null ;;
    *@web-1) in_ssh -tt "$user" "$2" | sed 's/\r$//; s/.*\r//; s/.*\x1b\[K//' ;; # of a line of progress its last state
    *) as "$user" bash -c "$2" ;;
  esac
}

works() { # works WHO COMMAND [PATTERN]: it must succeed, and print PATTERN
  type_as "$1" "$2"
  [ "$code" = 0 ] || broken "this should have worked (exit code $code)"
  [ -z "${3:-}" ] || has -E -- "$3" <<< "$output" || broken "this should have printed /$3/"
}

refused() { # refused WHO COMMAND PATTERN: it must fail, run nothing, and say why
  local before
  before=$(runs)
  type_as "$1" "$2"
  [ "$code" != 0 ] || broken "this should have been refused"
  [ "$(runs)" = "$before" ] || broken "this was refused, but it ran"
  grep -qiE -- "$3" <<< "$output" || broken "this should have said /$3/"
}

checked() { printf '%s  ✓ %s%s\n' "$green" "$*" "$plain"; }

broken() {
  printf '\n%s✗ %s%s\n' "$red" "$*" "$plain"
  fail "act $act_number"
}
