#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# Paths that lead elsewhere, asked with the real sudo: rules for files that a user could replace, arguments that leave
# their folder, a program that is swapped while sudo asks, a pager of the user's choice.
. "$(dirname "$0")/../../tools/world.sh"

make_daypass_host 'role["rules"] += [
  {"id": "deploy", "path": "/opt/app/bin/deploy", "args": [], "rest": "none"},
  {"id": "show", "path": "/usr/bin/show", "args": [{"under": "/srv/app"}], "rest": "none"},
  {"id": "status", "path": "/usr/bin/status", "args": [], "rest": "none"}]'
make_program() { # make_program PATH: notes that it ran, with its arguments
  mkdir -p "${1%/*}"
  printf '#!/bin/sh\necho "%s $*" >> /run/world/ran\n' "$1" > "$1"
  chmod 755 "$1"
}
make_program /opt/app/bin/deploy
make_program /usr/bin/show
make_grant first
expect_taken first

# SC-03: the policy names it, but the folder above it is a user's. First the control: it is root's.
expect_allowed alice /opt/app/bin/deploy
chown carol /opt/app
expect_denied alice path_unsafe /opt/app/bin/deploy
chown root /opt/app && chmod 775 /opt/app && chgrp alice /opt/app
expect_denied alice path_unsafe /opt/app/bin/deploy
chmod 755 /opt/app && chown alice /opt/app/bin/deploy
expect_denied alice path_unsafe /opt/app/bin/deploy
chown root /opt/app/bin/deploy
expect_allowed alice /opt/app/bin/deploy

# SC-07: an argument below a folder, however it is written; and what only looks as if.
mkdir -p /srv/app/logs /srv/app2 /srv/app/hers
echo x | tee /srv/app/x /srv/app/logs/y /srv/app2/x /srv/app/hers/x > /dev/null
chown alice /srv/app/hers
ln -s /etc/shadow /srv/app/out
ln -s logs/y /srv/app/in
ln -s /etc /srv/app/etc
for inside in /srv/app/x /srv/app/logs/../x //srv/app///x /srv/app/./logs/y /srv/app/in; do
  expect_allowed alice show "$inside"
done
for outside in /srv/app/../../etc/shadow /srv/app/out /srv/app/etc/shadow /srv/app2/x /srv/app /srv/app/. /srv/app/ \
  /srv/app/logs/.. /etc/shadow x -x --file=/srv/app/x; do
  expect_denied alice wrong_argument show "$outside"
done
expect_denied alice path_unsafe show /srv/app/hers/x
# A second name of one file is no way out that a path could show; root alone can make one here.
ln /srv/app2/x /srv/app/hard
expect_allowed alice show /srv/app/hard

# SC-04: alice swaps what the path leads to, as fast as she can, while sudo asks. Nothing of hers ever runs, since no
# path through a folder of hers is taken, whatever it led to when it was looked at. Control: the real one, meanwhile.
as alice mkdir /home/alice/evil
cat > /home/alice/evil/systemctl << 'EVIL'
#!/bin/sh
echo "EVIL as $(id -u)" >> /run/world/ran
EVIL
chmod 755 /home/alice/evil/systemctl
as alice sh -c 'while [ ! -e /home/alice/stop ]; do
  ln -sfn /usr/bin /home/alice/bin; ln -sfn /home/alice/evil /home/alice/bin
  ln -sfn /usr/bin/systemctl /home/alice/systemctl; ln -sfn /home/alice/evil/systemctl /home/alice/systemctl
done' &
swapper=$!
before=$(runs)
for ((i = 0; i < ${DAYPASS_ROUNDS:-20}; i++)); do
  for path in /home/alice/bin/systemctl /home/alice/systemctl; do
    as alice sudo -n "$path" restart nginx > "$logs/swap" 2>&1 && fail "a swapped path was let through: $path"
  done
done
expect_allowed alice systemctl restart nginx
as alice touch /home/alice/stop
wait "$swapper"
expect_equal "$((before + 1))" "$(runs)" "runs while paths were swapped"
has EVIL "$ran" && fail "another program ran"
say "nothing else ran in $((2 * ${DAYPASS_ROUNDS:-20})) attempts on swapped paths"

# SC-16: a program that shows its output in the pager of whoever asked. Our sudoers lines drop the variables; where
# somebody else's let them pass, the role does not. Control: the same without them.
cat > /usr/bin/status << 'STATUS'
#!/bin/sh
echo "status" >> /run/world/ran
echo active | ${SYSTEMD_PAGER:-${PAGER:-cat}}
STATUS
printf '#!/bin/sh\necho "PAGER as $(id -u)" >> /run/world/ran\ncat\n' > /home/alice/pager
chmod 755 /usr/bin/status /home/alice/pager
expect_allowed alice status
as alice SYSTEMD_PAGER=/home/alice/pager PAGER=/home/alice/pager LESSOPEN='|/home/alice/pager' sudo -n status \
  > "$logs/pager" 2>&1 || fail "status should be allowed: $(cat "$logs/pager")"
has active "$logs/pager" || fail "status should show something: $(cat "$logs/pager")"
has PAGER "$ran" && fail "the user's pager ran"
printf 'ALL ALL=(ALL:ALL) NOPASSWD: SETENV: ALL\nDefaults env_keep += "SYSTEMD_PAGER PAGER"\n' > /etc/sudoers.d/daypass
for variable in SYSTEMD_PAGER PAGER LESSOPEN LESS MANPAGER; do
  expect_denied alice environment "$variable=/home/alice/pager" status
done
mark
as alice SYSTEMD_PAGER=/home/alice/pager sudo -n status > "$logs/pager" 2>&1 && fail "a kept pager should be denied"
expect_event '^decision.denied environment$' DAYPASS_EVENT DAYPASS_REASON
has PAGER "$ran" && fail "the user's pager ran"
expect_allowed alice status
