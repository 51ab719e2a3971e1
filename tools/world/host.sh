# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# Makes a host of the world: accounts, journald, sshd, the product at its real paths, and the doors
# wired to it. Sourced by tools/world.sh. What `daypass host enforce` will write one day, wire_doors
# writes here.

keys=/run/world/keys     # SSH keys of the people: what they would have at home, or on a token
ran=/run/world/ran       # one line for each run of a stand-in: proof that a command ran, or did not
logs=/run/world/logs     # what the daemons print

# make_host: everything but Daypass itself. Accounts: alice works here, bob approves, carol has no
# rights at all, admin writes policies.
make_host() {
  mkdir -p "$keys" "$logs" /run/lock /run/sshd /run/sudo /var/log
  : > "$ran" && chmod 666 "$ran"
  head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n' > /etc/machine-id
  printf '127.0.0.1 localhost\n127.0.1.1 %s\n' "$(hostname)" > /etc/hosts
  hostname > /etc/hostname
  printf 'passwd: files\ngroup: files\nshadow: files\nhosts: files\n' > /etc/nsswitch.conf
  : > /etc/environment
  make_accounts
  make_stand_ins
  plain_doors
  start_journald
}

make_accounts() {
  local file
  for file in passwd group; do # the system's own accounts stay, this machine's people go
    awk -F: '$3 < 1000 || $3 == 65534' "/etc/$file" > "/etc/$file.new"
    cat "/etc/$file.new" > "/etc/$file"
  done
  awk -F: 'NR == FNR { known[$1]; next } $1 in known' /etc/passwd /etc/shadow > /etc/shadow.new
  cat /etc/shadow.new > /etc/shadow
  : > /etc/subuid
  : > /etc/subgid
  add_account alice 1001
  add_account bob 1002
  add_account carol 1003
  add_account admin 1004
  grep -q '^sshd:' /etc/passwd || echo 'sshd:x:990:65534::/run/sshd:/usr/sbin/nologin' >> /etc/passwd
  grep -q '^postgres:' /etc/passwd || echo 'postgres:x:989:65534::/var/lib:/bin/sh' >> /etc/passwd
}

add_account() { # add_account NAME UID: an account, its home, and an SSH key to log in with
  sed -i "/^$1:/d" /etc/passwd /etc/group /etc/shadow
  echo "$1:x:$2:$2::/home/$1:/bin/bash" >> /etc/passwd
  echo "$1:x:$2:" >> /etc/group
  echo "$1:*:19000:0:99999:7:::" >> /etc/shadow
  make_key "$1"
  install -d -o "$1" -g "$1" -m 700 "/home/$1" "/home/$1/.ssh"
  install -o "$1" -g "$1" -m 600 "$keys/$1.pub" "/home/$1/.ssh/authorized_keys"
  install -o "$1" -g "$1" -m 600 "$keys/$1" "/home/$1/.ssh/id_ed25519"
  install -o "$1" -g "$1" -m 644 "$keys/$1.pub" "/home/$1/.ssh/id_ed25519.pub"
}

make_key() { # make_key NAME [TYPE]
  [ -e "$keys/$1" ] || ssh-keygen -q -t "${2:-ed25519}" -N '' -C "$1" -f "$keys/$1"
}

# Stand-ins for what a world has no systemd for. They are root's and lie where the real ones lie.
make_stand_ins() {
  rm -f /usr/bin/systemctl
  cat > /usr/bin/systemctl << 'STAND_IN'
#!/bin/sh
# A stand-in for systemctl: this world has no systemd to ask.
echo "systemctl $*" >> /run/world/ran
[ "$1" = restart ] && echo "$2 restarted (by a stand-in for systemctl, as uid $(id -u))"
exit 0
STAND_IN
  # Runs until it is ended, with children that do not want to: one leaves the session, one shuts its
  # ears, one is orphaned.
  cat > /usr/bin/web-watch << 'STAND_IN'
#!/bin/bash
echo "web-watch $*" >> /run/world/ran
setsid sleep 7001 < /dev/null > /dev/null 2>&1 &
nohup bash -c 'trap "" TERM HUP INT; sleep 7002 & wait; while :; do sleep 7002; done' < /dev/null > /dev/null 2>&1 &
(setsid bash -c 'sleep 7003' < /dev/null > /dev/null 2>&1 &)
echo "watching nginx (3 helpers: one left the session, one ignores signals, one is an orphan)"
while :; do sleep 7000 & wait; done
STAND_IN
  chmod 755 /usr/bin/systemctl /usr/bin/web-watch
}

# plain_doors: sudo, sshd and su as Debian has them, before Daypass. Everybody may sudo, so whatever
# is refused later, Daypass refused.
plain_doors() {
  rm -f /etc/sudo.conf /etc/sudoers.d/*
  cat > /etc/sudoers << 'SUDOERS'
Defaults env_reset, use_pty, !lecture
Defaults secure_path="/usr/sbin:/usr/bin:/sbin:/bin"
root ALL=(ALL:ALL) ALL
@includedir /etc/sudoers.d
SUDOERS
  echo 'ALL ALL=(ALL:ALL) NOPASSWD: NOSETENV: ALL' > /etc/sudoers.d/daypass
  chmod 440 /etc/sudoers /etc/sudoers.d/daypass
  pam_stack sudo common-session-noninteractive
  pam_stack sudo-i common-session
  pam_stack sshd common-session
  pam_stack su common-session 'auth sufficient pam_rootok.so'
  rm -rf /etc/ssh/sshd_config.d /etc/ssh/ssh_config.d /etc/ssh/ssh_host_*
  ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
  cat > /etc/ssh/sshd_config << 'SSHD'
ListenAddress 127.0.0.1
HostKey /etc/ssh/ssh_host_ed25519_key
UsePAM yes
PasswordAuthentication no
PrintMotd no
PermitRootLogin no
SSHD
  echo "127.0.0.1 $(cut -d' ' -f1,2 /etc/ssh/ssh_host_ed25519_key.pub)" > /etc/ssh/ssh_known_hosts
}

pam_stack() { # pam_stack SERVICE SESSION_STACK [LINE]: with pam_daypass first if gate=pam_daypass.so
  {
    [ -z "${3:-}" ] || echo "$3"
    [ -z "${gate:-}" ] || printf 'account required %s\nsession required %s\n' "$gate" "$gate"
    printf '@include common-auth\n@include common-account\n@include %s\n' "$2"
  } > "/etc/pam.d/$1"
}

# wire_doors: Daypass stands at sudo, su and ssh, and enforces. Logging in stays free for alice, bob and
# admin; what they may do as root does not.
wire_doors() {
  local gate=pam_daypass.so
  pam_stack sudo common-session-noninteractive
  pam_stack sudo-i common-session
  pam_stack sshd common-session
  pam_stack su common-session 'auth sufficient pam_rootok.so'
  write_sudo_conf
  install -d -m 755 /etc/daypass
  printf 'mode enforce\nexempt alice ssh\nexempt bob ssh\nexempt admin ssh\n' > /etc/daypass/gate.conf
  chmod 644 /etc/daypass/gate.conf
}

write_sudo_conf() {
  printf 'Plugin daypass_audit sudo_daypass.so\nPlugin daypass_approval sudo_daypass.so\n' > /etc/sudo.conf
  chmod 644 /etc/sudo.conf
}

# install_product: at the real paths, from the build tree, by its own install rules.
install_product() {
  cmake --install /build --prefix /usr > "$logs/install" 2>&1 || { cat "$logs/install" >&2 && return 1; }
  [ ! -d /programs ] || install_other_programs
  systemd-sysusers /usr/lib/sysusers.d/daypass.conf > "$logs/sysusers" 2>&1
  systemd-tmpfiles --create /usr/lib/tmpfiles.d/daypass.conf > "$logs/tmpfiles" 2>&1
}

install_other_programs() { # what DAYPASS_WORLD_PROGRAMS names, instead
  cp /programs/daypass /usr/bin/
  cp /programs/daypass-server /usr/sbin/
  cp /programs/daypassd /programs/daypass-sync /usr/libexec/daypass/
}
