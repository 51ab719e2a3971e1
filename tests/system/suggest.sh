#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# A first policy from a real host's work: from the log that the real sudo wrote (to a file, and to syslog), from the
# records of a real agent, and from a sudoers file, read by the real cvtsudoers. With keys filled in each is built and
# passes `daypass policy check`; what ran is allowed under it, and what did not run is not.
. "$(dirname "$0")/../../tools/world.sh"

suggest() { daypass --json policy suggest "$@" > /tmp/said || fail "daypass policy suggest $*: $(cat /tmp/said)"; }
work() { su "$1" -s /bin/bash -c "$2" < /dev/null > /dev/null 2>&1 || true; }

# fill_in DIR: a key of its own wherever one is to be pasted.
fill_in() {
  local file
  for file in "$1"/policy.toml "$1"/people/*.toml; do
    while has 'ssh-ed25519 PASTE' < "$file"; do
      rm -f /tmp/fresh /tmp/fresh.pub
      ssh-keygen -q -t ed25519 -N '' -C '' -f /tmp/fresh
      sed -i "0,/ssh-ed25519 PASTE[^\"]*/s||$(cut -d' ' -f1,2 /tmp/fresh.pub)|" "$file"
    done
  done
}

# expect_good DIR: it is without an error, and makes a policy.
expect_good() {
  fill_in "$1"
  daypass policy check "$1" > /tmp/said 2>&1 || fail "check of $1: $(cat /tmp/said)"
  daypass policy build "$1" -o "$1.envelope" --created 2027-01-01T00:00:00Z > /tmp/said 2>&1 ||
    fail "build of $1: $(cat /tmp/said)"
}

# scenario DIR ROLE ACCOUNT VERDICT COMMAND...: what a command gets by this role, asked for and approved.
scenario() {
  local folder=$1 role=$2 account=$3 expect=$4 run='' word
  shift 4
  for word in "$@"; do run+="${run:+, }'''$word'''"; done
  mkdir -p "$folder/tests"
  cat > "$folder/tests/one.toml" << SCENARIO
[[scenario]]
name = "one"
now = 2027-01-01T10:00:00Z
host = { name = "web-1" }
steps = [
  { as = "$account", ask = "$role", for = "20m" },
  { approve = "first-approver" },
  { as = "$account", run = [$run], expect = "$expect" },
]
SCENARIO
  daypass policy test "$folder" > /tmp/said 2>&1 || fail "$account $*: not $expect: $(cat /tmp/said)"
}

make_host
install_product
sed -i '1i Defaults logfile=/var/log/sudo.log, log_host' /etc/sudoers

say "== what sudo logs"
work alice 'sudo -n systemctl restart nginx'
work alice "sudo -n printf 'two words' \"it's\" 'back\\slash'"
work alice "sudo -n echo a ';' COMMAND=/usr/bin/evil"
work alice 'sudo -n tail x$(printf "y%.0s" {1..1500}) end'
work alice "sudo -n printf \$'esc\\e[31m'"
work alice 'sudo -n echo "" empty'
work alice 'sudo -n nosuch'
mkdir -p "/tmp/x ; USER=bob ; COMMAND=/usr/bin/evil"
work alice 'cd /tmp/x*; sudo -n id'
cp /usr/bin/true /usr/bin/vim
work bob 'cd /usr/share; SUDO_EDITOR=/usr/bin/vim sudo -n -e ../../etc/motd'
work bob 'sudo -n -u alice systemctl status nginx'
wait_until 5 "the journal has it" eval 'journalctl -q _EXE=/usr/bin/sudo | has "status nginx"'
journalctl -q -o short-iso _EXE=/usr/bin/sudo > /tmp/sudo.journal

for log in /var/log/sudo.log /tmp/sudo.journal; do
  rm -rf /tmp/first /tmp/again
  suggest --sudo-log "$log" -o /tmp/first
  suggest --sudo-log "$log" -o /tmp/again
  diff -r <(cd /tmp/first && grep -rv '^realm' . | sort) <(cd /tmp/again && grep -rv '^realm' . | sort) ||
    fail "the same log gives the same files"
  expect_good /tmp/first
  grep -rq 'evil' /tmp/first/roles /tmp/first/people /tmp/first/policy.toml && fail "$log: a made-up command is in a rule"
  grep -q 'control character' /tmp/first/by-hand.txt || fail "$log: an escape became a rule"
  grep -q 'an empty argument\|blanks may be missing' /tmp/first/by-hand.txt || fail "$log: an empty argument became a rule"
  grep -q '^# such as: /usr/bin/systemctl restart nginx, last ' /tmp/first/roles/alice.toml || fail "$log: no evidence"
  scenario /tmp/first alice alice allow /usr/bin/systemctl restart nginx
  scenario /tmp/first alice alice allow /usr/bin/printf 'two words' "it's" 'back\slash'
  scenario /tmp/first alice alice wrong_argument /usr/bin/systemctl restart sshd
  scenario /tmp/first alice alice wrong_command /usr/bin/evil
  grep -qF 'edit = { files = ["/etc/motd"] }' /tmp/first/roles/bob.toml || fail "$log: no rule for sudoedit"
  scenario /tmp/first bob-as-alice bob wrong_runas /usr/bin/systemctl status nginx
done
grep -q 'longer than a line of syslog' /tmp/first/by-hand.txt || fail "syslog broke a command, and nobody is told"

say "== what the agent records"
make_daypass_documents
start_agent
expect_taken policy
put_status > /dev/null
mark
make_grant mine
expect_taken mine
expect_allowed alice systemctl restart nginx
expect_denied alice wrong_command cat /etc/shadow
journalctl -q -o export > /tmp/web-1.export
rm -rf /tmp/first
suggest --journal /tmp/web-1.export -o /tmp/first
has '"not_run":1' < /tmp/said || fail "what was refused is no evidence: $(cat /tmp/said)"
expect_good /tmp/first
daypass policy replay --journal /tmp/web-1.export --old "$papers/policy.envelope" /tmp/first.envelope > /tmp/said ||
  fail "replay: $(cat /tmp/said)"
has ' 0 newly denied, 0 newly allowed' < /tmp/said ||
  fail "the suggested policy lets the same run again: $(cat /tmp/said)"

say "== what sudoers says"
cat > /tmp/sudoers << 'SUDOERS'
User_Alias OPS = alice, bob, %wheel
Cmnd_Alias WEB = /bin/systemctl restart nginx, /usr/bin/journalctl -u nginx *
OPS web-1 = (root) NOPASSWD: WEB
backup web-1 = (postgres) /usr/bin/pg_dumpall ""
carol ALL = ALL, !/usr/bin/su
SUDOERS
rm -rf /tmp/first
suggest --sudoers /tmp/sudoers --machine backup --link /bin=/usr/bin -o /tmp/first
expect_good /tmp/first
scenario /tmp/first alice-bob-wheel alice allow /usr/bin/systemctl restart nginx
scenario /tmp/first alice-bob-wheel bob wrong_command /usr/bin/journalctl -u nginx -f
grep -q 'journalctl -u nginx \*: it has a pattern' /tmp/first/by-hand.txt || fail "a wildcard became a rule"
grep -q 'carol on ALL as root: ALL: it excepts commands' /tmp/first/by-hand.txt ||
  fail "ALL with an exception became a rule"
grep -q '^\[\[standing\]\]' /tmp/first/policy.toml || fail "no standing rule for a machine"

code=0
daypass policy suggest --sudoers /etc/passwd -o /tmp/other > /tmp/said 2>&1 || code=$?
expect_equal 3 "$code" "a file that is no sudoers: $(cat /tmp/said)"
[ ! -e /tmp/other ] || fail "a folder was made of nothing"
code=0
daypass policy suggest --sudoers /tmp/sudoers -o /tmp/first > /tmp/said 2>&1 || code=$?
[ "$code" != 0 ] && has 'is there already' /tmp/said || fail "a folder is written twice: $(cat /tmp/said)"
