#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# deps.sh GROUP...: installs the Debian packages that tools/deps.txt lists for these groups.
# Says nothing and takes no time when all are there. Starts no service: a machine on which Daypass
# is only built must not find itself with an ssh server the next day.
set -euo pipefail

list=$(dirname "$0")/deps.txt
packages=$(awk -v groups=" $* " '$1 !~ /^#/ && NF && index(groups, " " $1 " ") { print $2 }' "$list")
installed=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' 2> /dev/null | awk '$1 == "ii" { print $2 }')
missing=$(comm -23 <(sort -u <<< "$packages") <(sort -u <<< "$installed"))
[ -n "$missing" ] || exit 0

echo "installing from Debian:" $missing
if [ "$(id -u)" != 0 ]; then
  echo "deps.sh: this needs root; as root: apt-get install" $missing >&2
  exit 5
fi

# While this file says 101, package scripts start nothing.
guard=/usr/sbin/policy-rc.d
if [ ! -e "$guard" ]; then
  trap 'rm -f "$guard"' EXIT
  printf '#!/bin/sh\nexit 101\n' > "$guard"
  chmod 755 "$guard"
fi

export DEBIAN_FRONTEND=noninteractive
apt=(apt-get -qq -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3)
"${apt[@]}" update
# shellcheck disable=SC2086  # a list of words
"${apt[@]}" install -y --no-install-recommends $missing > /dev/null

# Nor at the next boot, if it was this script that brought it.
if grep -qx openssh-server <<< "$missing"; then
  systemctl disable ssh.service > /dev/null 2>&1 || true
fi
