# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# Starts and stops the daemons of a world, as its systemd would if it had one. Sourced by tools/world.sh.
# Each start returns when the daemon answers, each stop when it is gone.

declare -A pid_of=()

# launch NAME COMMAND...: in a session of its own; what it prints is in $logs/NAME.
launch() {
  local name=$1
  shift
  rm -f "$logs/$name.pid"
  # In an interactive shell setsid forks, so $! would not be the daemon.
  # shellcheck disable=SC2016  # meant for the inner shell
  { setsid sh -c 'echo $$ > "$0"; exec "$@"' "$logs/$name.pid" "$@" < /dev/null >> "$logs/$name" 2>&1 & } 2> /dev/null
  until [ -s "$logs/$name.pid" ]; do sleep 0.01; done
  pid_of[$name]=$(cat "$logs/$name.pid")
}

is_running() { [ -n "${pid_of[$1]:-}" ] && kill -0 "${pid_of[$1]}" 2> /dev/null; }

stop() { # stop NAME [SIGNAL]
  local pid=${pid_of[$1]:-}
  [ -n "$pid" ] || return 0
  kill "-${2:-TERM}" "$pid" 2> /dev/null || true
  wait "$pid" 2> /dev/null || true # reaped, if it is this shell's; in a demo-shell it is not
  while [ "$(ps -o stat= -p "$pid" | cut -c1)" != Z ] && kill -0 "$pid" 2> /dev/null; do sleep 0.02; done
  unset "pid_of[$1]"
}

require_running() { # for the loops that wait for a daemon: show its last words instead of waiting in vain
  is_running "$1" || { echo "$1 ended at once:" >&2 && tail -n 20 "$logs/$1" >&2 && return 1; }
}

# In namespace mode journald opens neither the kernel's log nor its audit socket: the machine's own
# are none of a world's business. The symlinks make the usual paths and a plain `journalctl` work.
start_journald() {
  local id
  id=$(cat /etc/machine-id)
  mkdir -p /run/systemd "/var/log/journal/$id.world"
  ln -sfn "$id.world" "/var/log/journal/$id"
  printf '[Journal]\nStorage=persistent\nRateLimitIntervalSec=0\nSyncIntervalSec=1s\n' > /etc/systemd/journald@world.conf
  launch journald /lib/systemd/systemd-journald world
  wait_until 10 "journald listens" test -S /run/systemd/journal.world/socket
  ln -sfn journal.world /run/systemd/journal
}

start_sshd() {
  launch sshd /usr/sbin/sshd -D
  wait_until 10 "sshd listens" port_answers 22
}

start_agent() {
  launch agent "$@" /usr/libexec/daypass/daypassd
  wait_until 10 "daypassd listens" socket_answers /run/daypass/check.sock agent
}
stop_agent() { stop agent "$@"; }

start_courier() {
  launch courier setpriv --reuid daypass-sync --regid daypass-sync --init-groups --no-new-privs \
    env -i PATH=/usr/bin:/bin /usr/libexec/daypass/daypass-sync
}
stop_courier() { stop courier "$@"; }

start_server() {
  launch server setpriv --reuid daypass-server --regid daypass-server --init-groups --no-new-privs \
    env -i PATH=/usr/bin:/bin /usr/sbin/daypass-server run
  wait_until 10 "daypass-server listens" port_answers 8443 server
}
stop_server() { stop server "$@"; }

port_answers() { # port_answers PORT [DAEMON]
  [ -z "${2:-}" ] || require_running "$2" || fail "no $2"
  (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null
}

socket_answers() { # socket_answers PATH DAEMON
  require_running "$2" || fail "no $2"
  "$world/ipc.py" --probe "$1" 2> /dev/null
}
