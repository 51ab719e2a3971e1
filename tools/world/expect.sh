# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# The words that tests are written in: act as somebody, expect something, wait for something. Sourced
# by tools/world.sh. The first expectation that fails ends the script with exit code 1 and shows why.

# has GREP_ARGUMENTS: whether a pipe holds a line that matches. Unlike grep -q it reads to the end, so that who
# writes into the pipe is never cut off, which pipefail would take for a failure.
has() { [ "$(grep -c "$@")" != 0 ]; }

now_ms() { date +%s%3N; }

shown() { printf '%q ' "$@" | sed 's/ $//'; } # a command as one could type it, whatever bytes it has

say() { printf '  %s\n' "$*"; }

fail() {
  printf '\nFAILED: %s\n' "$*" >&2
  local log
  for log in "$logs"/agent "$logs"/courier "$logs"/server; do
    [ ! -s "$log" ] || { printf -- '--- %s\n' "${log##*/}" && tail -n 15 "$log"; } >&2
  done
  exit 1
}

# wait_until SECONDS WHAT COMMAND...: polls until COMMAND succeeds; fails after SECONDS.
wait_until() {
  local deadline=$(($(now_ms) + $1 * 1000)) what=$2
  shift 2
  until "$@"; do
    [ "$(now_ms)" -lt "$deadline" ] || { fail "waited in vain until $what" && return 1; }
    sleep 0.05
  done
}

# as USER COMMAND...: like a fresh login of USER, without a terminal.
as() {
  local user=$1
  shift
  (cd "$(home_of "$user")" && exec setpriv --reuid "$user" --regid "$(id -g "$user")" --init-groups --reset-env -- \
    /usr/bin/env PATH=/usr/bin:/bin LANG=C.UTF-8 "$@" < /dev/null)
}

# on_terminal USER SHELL_COMMAND: the same, on a terminal of its own.
on_terminal() {
  as "$1" script -qec "$2" /dev/null | sed 's/\^[@D]//g; s/\x08//g; s/\r//g' # without the echo of script's own end of input
}

home_of() { getent passwd "$1" | cut -d: -f6; }

# in_ssh [-tt] USER COMMAND: through the real sshd, from somewhere else; -tt: on a terminal.
in_ssh() {
  local terminal=-T user=$1
  [ "$user" != -tt ] || { terminal=-tt user=$2 && shift; }
  shift
  # Through the login that log_in_by_ssh keeps open, if there is one.
  ssh "$terminal" -o ControlPath=/run/world/ssh-%r -i "$keys/$user" -o BatchMode=yes -o IdentitiesOnly=yes -o LogLevel=ERROR "$user@127.0.0.1" "$@" < /dev/null
}

# log_in_by_ssh USER: one login that stays, for all that in_ssh does as USER from now on.
log_in_by_ssh() {
  ssh -M -N -f -S "/run/world/ssh-$1" -i "$keys/$1" -o BatchMode=yes -o IdentitiesOnly=yes "$1@127.0.0.1" \
    < /dev/null > "$logs/ssh" 2>&1
}

# A cursor to the journal's end: events_since shows what has been recorded after it.
mark() { journal_cursor=$(journalctl -q -n 0 --show-cursor -o cat 2> /dev/null | sed -n 's/^-- cursor: //p'); }

# No match for journalctl here: with one, --after-cursor of systemd 252 passes over the first entry that matches.
events_since() { # events_since FIELD...: the values of these fields of the agent's entries, one event a line
  local fields
  fields=$(printf '%s,' "$@")
  journalctl -q --after-cursor="$journal_cursor" -o json --output-fields="_EXE,${fields%,}" 2> /dev/null |
    "$world/ipc.py" --fields "$@"
}

recorded() { events_since "${@:2}" | has -E -- "$1"; } # recorded PATTERN FIELD...

# expect_event PATTERN FIELD...: within $patience seconds (five) the journal has an event since `mark` whose fields,
# joined by spaces, match.
expect_event() {
  local deadline=$(($(now_ms) + ${patience:-5} * 1000))
  until recorded "$@"; do
    [ "$(now_ms)" -lt "$deadline" ] ||
      fail "the journal should have an event '$1', but has: $(events_since "${@:2}" | tr '\n' ';')"
    sleep 0.05
  done
}

runs() { wc -l < "$ran"; }

# expect_allowed USER COMMAND...: sudo runs it.
expect_allowed() {
  local user=$1 before said
  shift
  before=$(runs)
  said=$(as "$user" sudo -n "$@" 2>&1) || fail "$user: sudo $* should be allowed, but: $said"
  [ "$(runs)" -gt "$before" ] || fail "$user: sudo $* was allowed, but the command did not run"
  say "allowed: $user: sudo $(shown "$@")"
}

# expect_denied USER REASON COMMAND...: sudo refuses, the command does not run, the reason is in the record.
expect_denied() {
  local user=$1 reason=$2
  shift 2
  mark
  expect_refused "$user" "$@"
  expect_event "^decision.denied $reason\$" DAYPASS_EVENT DAYPASS_REASON
  say "denied ($reason): $user: sudo $(shown "$@")"
}

# expect_refused USER COMMAND...: the same where there is nobody to record it. What sudo said is in $said.
expect_refused() {
  local user=$1 before
  shift
  before=$(runs)
  if said=$(as "$user" sudo -n "$@" 2>&1); then fail "$user: sudo $* should be refused, but: $said"; fi
  [ "$(runs)" = "$before" ] || fail "$user: sudo $* was refused, but the command ran"
}

# expect_said PATTERN WHAT: the last refusal told the person so.
expect_said() {
  grep -qiE -- "$1" <<< "$said" || fail "$2: expected /$1/, but the person read: $said"
}

expect_equal() { # expect_equal WANTED GOT WHAT
  [ "$1" = "$2" ] || fail "$3: wanted '$1', got '$2'"
}
