#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# IPC-12: root of somewhere else at check.sock: of a user namespace, of a container with the socket mounted into it, of
# another mount namespace. None is answered. The host's own root is, between all of them: that is the control.
. "$(dirname "$0")/../../tools/world.sh"

make_daypass_host
make_grant first
expect_taken first

question='{"door": "ssh", "service": "sshd", "user": "carol", "uid": 1003, "ruser": "", "rhost": "", "tty": "", "pid": 1,
  "phase": "account"}'
# asks_by COMMAND...: puts the question in a process that COMMAND makes.
asks_by() { "$@" "$world/ipc.py" "$socket" org.daypass.Check.Account "$question" > "$logs/answer" 2>&1; }
socket=/run/daypass/check.sock

hosts_root_is_answered() {
  asks_by env || fail "the host's own root should be answered: $(cat "$logs/answer")"
  has '"verdict": "deny"' "$logs/answer" || fail "no verdict: $(cat "$logs/answer")"
}
is_refused() { # is_refused PATTERN WHAT COMMAND...
  asks_by "${@:3}" && fail "$2 should be refused: $(cat "$logs/answer")"
  has -E "$1" "$logs/answer" || fail "$2 should be refused by /$1/: $(cat "$logs/answer")"
  say "refused: $2: $(tail -n 1 "$logs/answer")"
  hosts_root_is_answered
}
hosts_root_is_answered

# A user's own root: the socket's mode keeps him out; and if that were loose, his uid would.
is_refused 'PermissionError|Permission denied' "the root of alice's user namespace" as alice unshare --user --map-root-user
chmod 666 "$socket"
is_refused 'peer_refused.*only root' "the same, with a socket that everybody may open" as alice unshare --user --map-root-user
is_refused 'peer_refused.*only root' "alice herself" as alice
chmod 600 "$socket"

# uid 0 to the kernel, but of a namespace of its own.
others='peer_refused.*namespaces'
is_refused "$others" "uid 0 in a user namespace" unshare --user --map-root-user
is_refused "$others" "uid 0 in a mount namespace" unshare --mount
socket=/mnt/check.sock
for options in '' '--pid --fork --mount-proc' '--user --map-root-user' \
  '--user --map-root-user --pid --fork --mount-proc --uts --ipc --net --cgroup'; do
  # shellcheck disable=SC2086,SC2016  # options are words; the rest is meant for the inner shell
  asks_by unshare --mount $options sh -c 'mount --bind /run/daypass /mnt && exec "$@"' sh &&
    fail "a container ($options) should be refused: $(cat "$logs/answer")"
  has -E "$others" "$logs/answer" || fail "a container ($options) should be refused by name: $(cat "$logs/answer")"
  say "refused: a container with the socket mounted: --mount $options"
  (socket=/run/daypass/check.sock && hosts_root_is_answered)
done
socket=/run/daypass/check.sock

# The real sudo in such places: no answer, so nothing runs. A pid namespace alone is enough: sudo's own number is another
# there than the agent sees.
sudo_in() { # sudo_in COMMAND...: alice's sudo in a process that COMMAND makes
  "$@" setpriv --reuid alice --regid alice --init-groups --reset-env -- sudo -n systemctl restart nginx > "$logs/sudo" 2>&1
}
for options in --mount '--pid --fork' '--mount --pid --fork --mount-proc'; do
  before=$(runs)
  # shellcheck disable=SC2086  # options are words
  sudo_in unshare $options && fail "sudo in unshare $options should be refused"
  expect_equal "$before" "$(runs)" "nothing ran in unshare $options"
  has daypass "$logs/sudo" || fail "sudo in unshare $options: no word of why: $(cat "$logs/sudo")"
  say "refused: sudo in unshare $options"
  sudo_in env || fail "the control: sudo in the host's namespaces: $(cat "$logs/sudo")"
done
expect_allowed alice systemctl restart nginx
