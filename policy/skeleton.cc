// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The text of `daypass policy init`.
#include "policy/skeleton.h"

namespace daypass::policy {
namespace {

constexpr std::string_view kPolicy =
    R"(# Drawn once, for good: what is signed for another realm means nothing here.
realm = "@REALM@"

# Raise the version with each change, and name the digest of the one before:
#   previous = "64 hexadecimal digits, from: daypass policy digest FILE"
version = 1

# A policy ends by itself, so that a host that hears of no newer one stops taking new grants.
expires_days = 30

# Who signs policies, and how many of them it takes. Two or more is better.
[administrators]
threshold = 1
people = ["alice"]

# `daypass-server init` prints the line for status_keys.
[server]
status_keys = ["ssh-ed25519 PASTE-THE-STATUS-KEY-OF-THE-SERVER"]
automatic_keys = []

# Whatever a role says, nothing is longer than this.
[limits]
max_duration = "8h"   # one grant
max_pending = "1d"    # between asking and the latest start
max_offline = "8h"    # a grant works without a word from the server

# What machines may do without asking: exact commands, recorded like the rest.
# [[standing]]
# name = "nightly-dump"
# accounts = ["backup"]
# hosts = { names = ["db-1"] }
# doors = ["sudo"]
# run_as = { users = ["postgres"] }
# [[standing.rules]]
# id = "dump"
# path = "/usr/bin/pg_dumpall"
)";

constexpr std::string_view kPeople =
    R"(# Everybody who asks, approves or administers. `accounts` are their unix accounts: nobody may
# approve what one of their own accounts asks for.

[[person]]
name = "alice"
accounts = ["alice"]
groups = ["operators"]
[[person.key]]
key = "ssh-ed25519 PASTE-A-PUBLIC-KEY-OF-ALICE"
uses = ["signin", "administer"]

[[person]]
name = "bob"
accounts = ["bob"]
groups = ["operators", "approvers"]
[[person.key]]
key = "ssh-ed25519 PASTE-A-PUBLIC-KEY-OF-BOB"
uses = ["signin", "approve"]
# touch = true    a FIDO2 key, and only signatures that saw a touch count
)";

constexpr std::string_view kRole =
    R"(# What may be asked for. One [[role]] for each job, as small as the job.

[[role]]
name = "web-operator"
description = "restart the web server and read its log"
hosts = { names = ["web-1"] }           # or labels: { all = { tier = "web" } }
doors = ["sudo"]
run_as = { users = ["root"] }
max_duration = "8h"
max_offline = "8h"
start = ["approval", "first_use"]
on_end = "terminate"                    # or "notify"
subjects = { groups = ["operators"] }   # who may use it
# windows = [{ days = ["mon", "fri"], from = "08:00", to = "18:00", zone = "Europe/Berlin" }]

# Who says yes: one such block for each condition, all of them must be met.
[[role.approve]]
count = 1
groups = ["approvers"]
keys = "any"                            # or "touch", "verify": FIDO2 keys only

# Each argument is matched by itself. A text means exactly this; the others are
# { one_of = ["a", "b"] }  { int = [1, 100] }  { under = "/srv/app" }  { re = "v[0-9]+" }
[[role.rules]]
id = "restart"
path = "/usr/bin/systemctl"
args = ["restart", { one_of = ["nginx", "haproxy"] }]

[[role.rules]]
id = "log"
path = "/usr/bin/journalctl"
args = ["--no-pager", "-u", "nginx", "-n", { int = [1, 10000] }]
)";

constexpr std::string_view kTest =
    R"(# What must be possible and what must not. `daypass policy test DIR` runs it in no time at all:
# the clock is moved by hand, and the code that decides is that of the hosts.

[[scenario]]
name = "alice restarts nginx while her grant lasts"
now = 2027-03-01T10:00:00Z
host = { name = "web-1" }
steps = [
  { as = "alice", ask = "web-operator", for = "20m" },
  { as = "alice", run = ["/usr/bin/systemctl", "restart", "nginx"], expect = "approvals_missing" },
  { approve = "bob" },
  { as = "alice", run = ["/usr/bin/systemctl", "restart", "nginx"], expect = "allow" },
  { as = "alice", run = ["/usr/bin/systemctl", "restart", "sshd"], expect = "wrong_argument" },
  { wait = "20m" },
  { as = "alice", run = ["/usr/bin/systemctl", "restart", "nginx"], expect = "expired" },
]
)";

std::string WithRealm(std::string_view text, const std::string& realm) {
  constexpr std::string_view kMark = "@REALM@";
  std::string filled(text);
  return filled.replace(filled.find(kMark), kMark.size(), realm);
}

}  // namespace

std::vector<SourceFile> MakeSkeleton(const std::string& realm) {
  return {{"policy.toml", WithRealm(kPolicy, realm)},
          {"people/people.toml", std::string(kPeople)},
          {"roles/web-operator.toml", std::string(kRole)},
          {"tests/web-operator.toml", std::string(kTest)}};
}

}  // namespace daypass::policy
