#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# Looks at what came out, on standard input; exit 1 and why if it is not in order.
#
#   entries.py one-denial [argv WORD...]   `journalctl -o json`: one decision.denied of the agent's, all of it text that
#                                          a terminal shows as it is; its arguments, taken from base64, are WORD...
#   entries.py all-json                    each line is a JSON object
#   entries.py inert                       nothing that a terminal obeys, but for line ends and tabs
#   entries.py no-orders                   no window title and no colour of a test's making
import base64
import json
import os
import sys

AGENT = "/usr/libexec/daypass/daypassd"


def is_plain(text):
    """Whether a terminal shows the text as it is: no controls, no marks of direction, nothing invisible."""
    return all(c >= " " and c != "\x7f" and not "\x80" <= c < "\xa0" and c not in "\u00ad\u061c\u180e\ufeff"
               and not "\u200b" <= c <= "\u200f" and not "\u2028" <= c <= "\u202e" and not "\u2060" <= c <= "\u206f"
               for c in text)


def one_denial(words):
    entries = [json.loads(line) for line in sys.stdin]
    denials = [e for e in entries if e.get("_EXE") == AGENT and e.get("DAYPASS_EVENT") == "decision.denied"]
    if len(denials) != 1:
        return f"{len(denials)} denials instead of one"
    fields = {name: value for name, value in denials[0].items() if name.startswith("DAYPASS_") or name == "MESSAGE"}
    for name, value in fields.items():
        for text in value if isinstance(value, list) else [value]:  # numbers: journald thinks that they are no text
            if not isinstance(text, str) or not is_plain(text):
                return f"{name} is not inert: {value!r:.200}"
    if words:
        got = [base64.b64decode(word) for word in fields["DAYPASS_ARGV_B64"].split(",")]
        if got != [os.fsencode(word) for word in words[1:]]:
            return f"the arguments do not come back: {got!r:.300}"
    return None


def all_json():
    lines = sys.stdin.read().splitlines()
    return None if lines and all(isinstance(json.loads(line), dict) for line in lines) else "a line is no object"


def inert():
    text = sys.stdin.buffer.read().decode(errors="replace")
    bad = [c for c in text if c not in "\n\r\t" and not is_plain(c)]
    return f"{bad[:5]!r} in {text!r:.300}" if bad else None


def no_orders():
    shown = sys.stdin.buffer.read()
    return "a user's sequence" if b"\x1b]0;owned" in shown or b"\x1b[31mRED" in shown else None


LOOK = {"one-denial": lambda: one_denial(sys.argv[2:]), "all-json": all_json, "inert": inert, "no-orders": no_orders}
fault = LOOK[sys.argv[1]]()
if fault:
    sys.exit(f"entries.py {sys.argv[1]}: {fault}")
