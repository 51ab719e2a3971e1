#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# The shape of a built shim: what it exports, which libraries it needs, what it imports from them.
#
#   shape.sh exports SHIM SYMBOL...      exactly these
#   shape.sh needs SHIM LIBRARY...       these at most
#   shape.sh imports SHIM LIST           what LIST names at most (see imports.txt)
#   shape.sh avoids OBJECT...            our own objects, before any library is linked in
set -euo pipefail

fail() {
  echo "$*" >&2
  exit 1
}

what=$1
shift
case $what in
  exports)
    shim=$1
    shift
    got=$(nm -D --defined-only "$shim" | awk '{ print $NF }' | sort | tr '\n' ' ')
    want=$(printf '%s\n' "$@" | sort | tr '\n' ' ')
    [ "$got" = "$want" ] || fail "exports: $got; wanted: $want"
    ;;
  needs)
    shim=$1
    shift
    for library in $(readelf -d "$shim" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'); do
      case " $* " in
        *" $library "*) ;;
        *) fail "needs $library; allowed: $*" ;;
      esac
    done
    ;;
  imports)
    symbols=$(nm -D --undefined-only "$1" | awk '{ sub(/@.*/, "", $NF); print $NF }' | sort -u)
    unlisted=$(comm -23 - <(sed 's/ *#.*//; /^$/d' "$2" | sort -u) <<< "$symbols")
    [ -z "$unlisted" ] || fail "imports what $2 does not list:" $unlisted
    ;;
  avoids) # PL-16
    forbidden='signal|sigaction|system|popen|getenv|secure_getenv|getpw.*|getgr.*|dlopen|dlsym|fork|exec[lv].*|posix_spawn.*|pthread_create|setenv|putenv|setuid|setgid|chdir|umask|set_robust_list|.*printf(_chk)?'
    found=$(nm -A --undefined-only "$@" | awk -v forbidden=" (__)?($forbidden)\$" '
      { sub(/@.*/, "", $NF); symbol = $1 " " $NF } symbol ~ forbidden { print symbol }')
    [ -z "$found" ] || fail "our own objects use: $found"
    ;;
  *) fail "$0: $what?" ;;
esac
