#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# What people may type after the command, through the real sudo: nothing is expanded, nothing is joined, every argument
# counts, and all of it is bytes.
. "$(dirname "$0")/../../tools/world.sh"

# A stand-in that says exactly what it got: how many arguments, how many bytes, and the first of them escaped.
cat > /usr/bin/arguments << 'STAND_IN'
#!/usr/bin/python3
import os, sys
given = [os.fsencode(argument) for argument in sys.argv[1:]]
with open("/run/world/ran", "a") as ran:
    ran.write("%d %d %r\n" % (len(given), sum(map(len, given)), given[:4]))
STAND_IN
chmod 755 /usr/bin/arguments

rule() { printf '{"id": "%s", "path": "/usr/bin/arguments", "args": [%s], "rest": "%s"}' "$@"; }
odd='*?[]{}~$'
make_daypass_host "
role['rules'] = [
  $(rule bare '' none),
  $(rule two '{"is": "two"}, {"is": ""}' none),
  $(rule odd '{"is": "odd"}, {"is": "*?[]{}~$"}, {"is": "[a-z]*"}' none),
  $(rule bytes '{"is": "bytes"}' any),
]"
make_grant first
expect_taken first

got() { # got WHAT: what the stand-in said of its last run
  expect_equal "$1" "$(tail -n 1 "$ran")" "what the command got"
}

# SC-10: what a shell would expand is eight characters of an argument, in the rule and on the command line.
as alice touch /home/alice/nginx /home/alice/abc
expect_allowed alice arguments odd "$odd" '[a-z]*'
got "3 17 [b'odd', b'*?[]{}~$', b'[a-z]*']"
expect_denied alice wrong_argument arguments odd "$odd" abc
expect_denied alice wrong_argument arguments odd nginx '[a-z]*'
expect_denied alice wrong_argument arguments odd '*' '[a-z]*'
expect_denied alice wrong_argument arguments odd '*?[]{}~$x' '[a-z]*'
expect_denied alice wrong_argument arguments 'o*' "$odd" '[a-z]*'
expect_denied alice wrong_argument arguments odd "\\$odd" '[a-z]*'

# SC-08: no argument, empty ones, ten thousand, and as much as the kernel lets through.
expect_allowed alice arguments
got "0 0 []"
expect_denied alice wrong_argument arguments ''
expect_denied alice wrong_argument arguments '' ''
expect_allowed alice arguments two ''
got "2 3 [b'two', b'']"
expect_denied alice wrong_argument arguments two
expect_denied alice wrong_argument arguments two '' ''
mapfile -t thousands < <(seq 10000)
expect_allowed alice arguments bytes "${thousands[@]}" > /dev/null
got "10001 38899 [b'bytes', b'1', b'2', b'3']"
expect_denied alice wrong_argument arguments two "${thousands[@]}" > /dev/null
expect_said 'wrong_argument|argument' "the refusal names what is wrong"
long=$(head -c 125000 /dev/zero | tr '\0' x) # one argument may be 128 KiB, all of them 2 MiB with the environment
longs=("$long" "$long" "$long" "$long" "$long" "$long" "$long" "$long" "$long" "$long" "$long" "$long" "$long" "$long")
since=$(now_ms)
expect_allowed alice arguments bytes "${longs[@]}" > /dev/null
expect_equal "15 1750005" "$(tail -n 1 "$ran" | cut -d' ' -f1,2)" "what the command got"
expect_denied alice wrong_argument arguments two "${longs[@]:0:4}" > /dev/null
say "1.7 and 0.5 MiB in $(($(now_ms) - since)) ms, most of it sudo's own"

# SC-11: line ends, escapes and bytes that are no text. NUL cannot be an argument.
odd_bytes=$(printf '\xff\xfe\x1b[31m\n\r\tx\x01\x7f')
expect_allowed alice arguments bytes "$odd_bytes" 'a
b' > /dev/null
got "3 21 [b'bytes', b'\\xff\\xfe\\x1b[31m\\n\\r\\tx\\x01\\x7f', b'a\\nb']"
mark
expect_refused alice arguments two "$odd_bytes"
LC_ALL=C grep -q $'[\x01-\x09\x0b-\x1f\x7f-\xff]' <<< "$said" && fail "a terminal would obey: $(shown "$said")"
expect_said 'two \?\?\?\[31m\?\?\?x\?\?' "people read question marks in their place"
expect_event '^decision.denied .*\\xff\\xfe\\x1b\[31m\\x0a' DAYPASS_EVENT DAYPASS_ARGV
