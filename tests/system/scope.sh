#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# What a scoped role allows and what it does not, asked with the real sudo: one rule, "systemctl restart nginx".
. "$(dirname "$0")/../../tools/world.sh"

make_daypass_host
# Whoever writes sudoers may have been generous: variables may pass and options are allowed. The role decides.
printf 'Defaults runcwd=*, runchroot=*\nALL ALL=(ALL:ALL) NOPASSWD: SETENV: ALL\n' > /etc/sudoers.d/daypass
make_grant first
expect_taken first

# SC-01: other spellings of the same path are the same command. (The control of all that follows.)
for spelling in systemctl /usr/bin/systemctl /bin/systemctl /usr/bin/../bin/systemctl //usr/bin/systemctl; do
  expect_allowed alice "$spelling" restart nginx
done

# SC-02: what a user can lay out himself is not the command, whatever it is called.
as alice cp /usr/bin/systemctl /home/alice/systemctl
as alice mkdir /home/alice/bin
as alice ln -s /bin/bash /home/alice/bin/systemctl
expect_denied alice path_unsafe ./systemctl restart nginx
expect_denied alice path_unsafe /home/alice/systemctl restart nginx
expect_denied alice path_unsafe /home/alice/bin/systemctl restart nginx
as alice mkdir /home/alice/real
as alice ln -s /usr/bin/systemctl /home/alice/real/systemctl
expect_denied alice path_unsafe /home/alice/real/systemctl restart nginx
before=$(runs)
as alice unshare -Urm sh -c 'mount --bind /bin/bash /usr/bin/systemctl; sudo -n systemctl restart nginx' > "$logs/userns" 2>&1 &&
  fail "sudo in a user namespace with another systemctl should be refused: $(cat "$logs/userns")"
expect_equal "$before" "$(runs)" "nothing ran in the user namespace"

# SC-05: exactly these arguments, one by one.
expect_denied alice wrong_argument systemctl restart nginx now
expect_denied alice wrong_argument systemctl restart
expect_denied alice wrong_argument systemctl
expect_denied alice wrong_argument systemctl "restart nginx"
expect_denied alice wrong_argument systemctl nginx restart
expect_denied alice wrong_argument systemctl restart ""
expect_denied alice wrong_argument systemctl restart 'nginx*'
expect_denied alice wrong_argument systemctl RESTART nginx

# SC-12: no variable that loads or bends something, though sudoers would let it pass.
for variable in LD_PRELOAD=/home/alice/x.so LD_AUDIT=/home/alice/x.so GCONV_PATH=/home/alice BASH_ENV=/home/alice/x \
  PYTHONPATH=/home/alice PERL5OPT=-Mx GIT_SSH_COMMAND=x SYSTEMD_PAGER=/home/alice/x LESSOPEN='|x' EDITOR=x; do
  expect_denied alice environment "$variable" systemctl restart nginx
done
expect_denied alice environment PATH=/home/alice/bin:/usr/bin systemctl restart nginx
expect_allowed alice LANG=C systemctl restart nginx

# SC-14: nothing that is a shell.
expect_denied alice option_refused -s true
expect_denied alice option_refused -i true
expect_denied alice option_refused -s
expect_denied alice wrong_command bash
expect_denied alice wrong_command su
expect_denied alice wrong_command sudo systemctl restart nginx

# SC-27: another host's name, another folder, another root.
expect_refused alice -h other systemctl restart nginx
expect_denied alice option_refused -D /tmp systemctl restart nginx
mkdir -p /srv/jail/usr/bin
cp /usr/bin/systemctl /srv/jail/usr/bin/systemctl
expect_refused alice -R /srv/jail systemctl restart nginx

expect_allowed alice systemctl restart nginx
