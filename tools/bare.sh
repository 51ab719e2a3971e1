#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# bare.sh [TARGET...]: proves what the README promises to somebody with a bare Debian 12: makes one (mmdebstrap, kept as a
# tar in the cache), puts a clean clone of this repository's last commit into it, and runs make TARGET there for each
# target, timed (default: deps demo demo test; the second demo is the one that must be quick). The tree has apt, make and
# what Debian calls essential, and nothing else. Needs root and mmdebstrap; takes apt's sources from this machine.
set -euo pipefail

repository=$(readlink -f "$(dirname "$0")/..")
cache=${XDG_CACHE_HOME:-/var/cache}/daypass
place=${BARE:-/var/tmp/daypass-bare}
[ $# -gt 0 ] || set -- deps demo demo test

command -v mmdebstrap > /dev/null || { echo "bare.sh needs mmdebstrap: apt-get install mmdebstrap" >&2 && exit 2; }
mkdir -p "$cache"
tar=$cache/bare-bookworm.tar
if [ ! -s "$tar" ]; then
  echo "making a bare Debian 12 ..."
  TMPDIR=${TMPDIR:-/dev/shm} mmdebstrap --quiet --mode=root --variant=minbase --format=tar --include=make,ca-certificates \
    --aptopt='Acquire::Languages "none"' --aptopt='APT::Install-Recommends "false"' \
    bookworm "$tar.new" /etc/apt/sources.list.d/debian.sources
  mv "$tar.new" "$tar"
fi

rm -rf "$place"
mkdir -p "$place"
tar -C "$place" --xattrs --numeric-owner -xf "$tar"
cp -rL /etc/apt/apt.conf.d "$place/etc/apt/"
cp -L /etc/resolv.conf /etc/hosts "$place/etc/"
git clone -q --no-hardlinks "file://$repository" "$place/root/daypass"

# In namespaces of its own, so that nothing that runs there outlives this script.
inside() {
  unshare --mount --pid --uts --ipc --fork --kill-child --propagation private bash -c '
    set -e
    mount --bind "$1" "$1"
    mount -t proc proc "$1/proc"
    mount --rbind /dev "$1/dev"
    mount -t tmpfs tmpfs "$1/run"
    exec chroot "$1" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 TERM=dumb \
      ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
      bash -c "cd /root/daypass && exec make $2"' bare "$place" "$1" < /dev/null
}

results=()
for target in "$@"; do
  since=$SECONDS
  echo "=== make $target"
  inside "$target" || { printf '%s\n' "${results[@]}" "make $target failed after $((SECONDS - since)) s" && exit 1; }
  results+=("make $target: $((SECONDS - since)) s")
done
printf '=== on a bare Debian 12, commit %s\n' "$(git -C "$place/root/daypass" rev-parse --short HEAD 2> /dev/null || echo '?')"
printf '%s\n' "${results[@]}"
