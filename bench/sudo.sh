#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# What Daypass adds to `sudo -n true`, beside what a bare plugin adds. sudo.sh ROUNDS
. "$(dirname "$0")/world.sh"
rounds=${1:-300}

# another_sudo NAME [PLUGIN_LINE]: a mount namespace in which sudo is as Debian has it, or with that plugin.
another_sudo() {
  local name=$1 line=${2:-}
  gate='' pam_stack sudo.bare common-session-noninteractive
  echo "$line" > "/run/world/sudo.conf.$name"
  # shellcheck disable=SC2016  # meant for the inner shell
  launch "ns-$name" unshare --mount --propagation private sh -c '
    mount --bind "$0" /etc/sudo.conf && mount --bind /etc/pam.d/sudo.bare /etc/pam.d/sudo && exec sleep 3600' \
    "/run/world/sudo.conf.$name"
  wait_until 5 "sudo of its own for $name" \
    nsenter "--mount=/proc/${pid_of[ns-$name]}/ns/mnt" cmp -s /etc/sudo.conf "/run/world/sudo.conf.$name"
  side=/proc/${pid_of[ns-$name]}/ns/mnt
}

bare() { # bare NAME ARG...: a bare daemon at /run/bare-NAME
  launch "bare-$1" "$bench/bench_bare_daemon" "/run/bare-$1" "${@:2}"
  wait_until 5 "the bare daemon listens" test -S "/run/bare-$1"
}

make_bench_host disk
install -m 644 "$bench/bare_plugin.so" /usr/libexec/sudo/
bare trip
bare sync each /disk/bare.log
bare contain contain /disk/bare-contain.log
another_sudo plain && plain=$side
another_sudo trip 'Plugin bare_approval bare_plugin.so /run/bare-trip' && trip=$side
another_sudo sync 'Plugin bare_approval bare_plugin.so /run/bare-sync' && sync=$side
another_sudo contain 'Plugin bare_approval bare_plugin.so /run/bare-contain' && contain=$side

pairs() { # pairs CLAIM: all of them, turn about
  "$bench/bench_pairs" "$alice_uid" "$rounds" "$plain" "$trip" "$sync" "$contain" - -- /usr/bin/sudo -n true > "$logs/pairs"
  awk -v name="$1" '{ printf "{\"claim\":\"%s\",\"plain\":%s,\"trip\":%s,\"sync\":%s,\"contain\":%s,\"daypass\":%s}\n",
    name, $1, $2, $3, $4, $5 }' "$logs/pairs"
}

# The first process that is moved into another cgroup waits for a grace period of the kernel's (10 ms and more); one
# that follows at once does not. A hierarchy mounted with "favordynmods" spares everybody the wait; that cannot be
# changed for this world alone, so somebody moves back and forth all the time.
keep_moving() {
  mkdir -p /sys/fs/cgroup/mover/a /sys/fs/cgroup/mover/b
  # shellcheck disable=SC2016  # meant for the inner shell
  launch mover bash -c 'while :; do for to in a b; do echo $$ > /sys/fs/cgroup/mover/$to/cgroup.procs; read -rt 0.002 <> <(:) || :; done; done'
}

pairs sudo_disk
fresh_agent memory
pairs sudo_memory
keep_moving
pairs sudo_memory_moving
fresh_agent disk
pairs sudo_disk_moving
