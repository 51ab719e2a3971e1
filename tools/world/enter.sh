#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# enter.sh SCRIPT [ARG...]: runs SCRIPT of this tree in a private world, as root of it, and ends with
# its exit code. A world is this machine's own Debian in namespaces of its own (mount, pid, uts, ipc,
# net, cgroup): /usr, /etc and /var are overlays whose upper layers lie in memory; everything else
# (/run /tmp /home /root /dev /proc /sys) is new. SCRIPT's shell is a child of the world's own PID 1; when
# SCRIPT ends, however it ends, the kernel ends all that it started, and nothing of it is left.
#
# MUST leave the machine as it was:
#   1. no power that namespaces do not contain (clock, modules, raw devices, reboot) comes along;
#   2. every mount is made in a private mount namespace, and the machine's own tree is out of sight;
#   3. killing this process, at any moment, kills the world.
#
# DAYPASS_BUILD: the build tree to use (default: build/dev). In the world: /source and /build.
# DAYPASS_WORLD_COVERAGE: if set, programs of the build tree may write to it, what they counted.
# DAYPASS_ROUNDS: handed on to SCRIPT, which knows what it counts.
# DAYPASS_WORLD_PROGRAMS: a folder of programs that are installed in place of the build tree's.
# DAYPASS_WORLD_DISK: a folder of this machine that the world may write to, as /disk; else it writes to memory alone.
set -euo pipefail

source=$(readlink -f "$(dirname "$0")/../..")
build=$(readlink -f "${DAYPASS_BUILD:-$source/build/dev}" || true)
stage=${DAYPASS_WORLD_STAGE:-outside}
top=/mnt # exists on every Debian; covered by a tmpfs in our own mount namespace only

die() {
  echo "world: $*" >&2
  exit 2
}

# Outside: put the dangerous powers away, get a mount namespace.
outside() {
  [ "$(id -u)" = 0 ] || die "needs root: namespaces, overlays and a real sudo"
  [ -d "$build" ] || die "no build tree at ${DAYPASS_BUILD:-build/dev}; run 'make build' first"
  for program in unshare setpriv ip sshd ssh-keygen; do
    command -v "$program" > /dev/null || PATH=$PATH:/usr/sbin command -v "$program" > /dev/null ||
      die "$program is missing; 'make deps' installs what is needed"
  done
  DAYPASS_WORLD_STAGE=cgroup exec setpriv \
    --bounding-set=-sys_time,-sys_boot,-sys_module,-sys_rawio,-syslog,-mac_admin,-audit_control \
    unshare --mount --propagation private -- "$0" "$@"
}

# In a mount namespace: take a cgroup of our own, so that the world can have it as its root; wait for the
# world; tidy up. --kill-child and --pdeathsig chain our death to the world's.
cgroup() {
  mount -t tmpfs -o mode=755 tmpfs "$top"
  mkdir "$top/cgroup" "$top/root" "$top/upper" "$top/work"
  mount -t cgroup2 cgroup2 "$top/cgroup" || die "this kernel gives no cgroup2"
  local left
  for left in "$top"/cgroup/daypass-world-*; do # of worlds that were killed
    [ -d "$left" ] && [ ! -d "/proc/${left##*-}" ] && find "$left" -depth -type d -exec rmdir {} + 2> /dev/null || true
  done
  local mine=$top/cgroup/daypass-world-$$
  mkdir "$mine"
  echo $$ > "$mine/cgroup.procs"

  local code=0
  DAYPASS_WORLD_STAGE=inside setpriv --pdeathsig KILL \
    unshare --cgroup --pid --uts --ipc --net --fork --kill-child -- "$0" "$@" || code=$?

  echo $$ > "$top/cgroup/cgroup.procs"
  find "$mine" -depth -type d -exec rmdir {} + 2> /dev/null || true
  exit "$code"
}

overlay() { # overlay NAME LOWER MOUNT_POINT
  mkdir -p "$top/upper/$1" "$top/work/$1" "$3"
  mount -t overlay "world-$1" -o "lowerdir=$2,upperdir=$top/upper/$1,workdir=$top/work/$1" "$3"
}

devices() { # a /dev with nothing in it that reaches the machine
  local dev=$1 name
  mkdir -p "$dev/pts" "$dev/shm"
  for name in null zero full random urandom tty; do
    touch "$dev/$name"
    mount --bind "/dev/$name" "$dev/$name"
  done
  chmod 1777 "$dev/shm"
  mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$dev/pts"
  ln -s pts/ptmx "$dev/ptmx"
  ln -s /proc/self/fd "$dev/fd"
  ln -s /proc/self/fd/0 "$dev/stdin"
  ln -s /proc/self/fd/1 "$dev/stdout"
  ln -s /proc/self/fd/2 "$dev/stderr"
  ln -s /run/systemd/journal/dev-log "$dev/log"
}

# As PID 1 of the world: lay the root out, move onto it, hand over to init.sh.
inside() {
  local root=$top/root path
  mount --bind "$root" "$root"
  mkdir -p "$root"/{dev,proc,run,home,mnt,srv,opt,source,sys/fs/cgroup}
  mkdir -m 1777 "$root/tmp"
  mkdir -m 700 "$root/root"
  for path in usr etc var; do overlay "$path" "/$path" "$root/$path"; done
  for path in /bin /sbin /lib /lib32 /lib64 /libx32; do
    if [ -L "$path" ]; then
      cp -P "$path" "$root$path"
    elif [ -d "$path" ]; then
      overlay "${path#/}" "$path" "$root$path"
    fi
  done
  if [ -n "${DAYPASS_WORLD_COVERAGE:-}" ]; then # what ran is counted in the build tree itself
    mkdir -p "$root/build"
    mount --bind "$build" "$root/build"
  else
    overlay build "$build" "$root/build"
  fi
  mount --bind "$source" "$root/source"
  mount -o remount,bind,ro "$root/source"
  # The build tree's install rules name both by the paths that they were configured at.
  mkdir -p "$root$source"
  mount --bind "$root/source" "$root$source"
  mkdir -p "$root$build"
  mount --bind "$root/build" "$root$build"
  if [ -n "${DAYPASS_WORLD_DISK:-}" ]; then
    mkdir "$root/disk"
    mount --bind "$DAYPASS_WORLD_DISK" "$root/disk"
  fi
  if [ -n "${DAYPASS_WORLD_PROGRAMS:-}" ]; then
    mkdir "$root/programs"
    mount --bind "$DAYPASS_WORLD_PROGRAMS" "$root/programs"
  fi
  mount -t proc proc "$root/proc"
  mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
  devices "$root/dev"

  local script=$1
  shift
  [[ $script == "$source"/* ]] || die "$script is not a script of this tree"
  cd "$root"
  mount --move . /
  exec chroot . /usr/bin/env -i HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    TERM="${TERM:-dumb}" COLUMNS="${COLUMNS:-}" DAYPASS_WORLD=inside ${DAYPASS_WORLD_DEBUG:+DAYPASS_WORLD_DEBUG=1} \
    ${DAYPASS_ROUNDS:+DAYPASS_ROUNDS="$DAYPASS_ROUNDS"} \
    /bin/bash /source/tools/world/init.sh "/source${script#"$source"}" "$@"
}

"$stage" "$@"
