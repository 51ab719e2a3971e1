#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# Holds packaging/events.txt and packaging/daypass.catalog together: one id an event, each with a subject
# and words, none used twice. That the agent sends these ids is shown by tests/system/journal.sh.
import re

import tree

EVENT = re.compile(r"^([a-z]+\.[a-z]+)\s+([0-9a-f]{32})$")
ENTRY = re.compile(r"^-- ([0-9a-f]{32})\nSubject: (.+)\n(?:[\w-]+: .*\n)*\n((?:(?!-- ).+\n?|\n)*)", re.M)


def check(top):
    events = {}
    for number, line in enumerate((top / "packaging/events.txt").read_text().splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        match = EVENT.match(line)
        if not match:
            yield f"packaging/events.txt:{number}: expected an event and 32 hexadecimal digits"
        elif match.group(2) in events.values() or match.group(1) in events:
            yield f"packaging/events.txt:{number}: {line} is there twice"
        else:
            events[match.group(1)] = match.group(2)
    entries = {}
    for match in ENTRY.finditer((top / "packaging/daypass.catalog").read_text()):
        if match.group(1) in entries:
            yield f"packaging/daypass.catalog:1: {match.group(1)} is there twice"
        if not match.group(3).strip():
            yield f"packaging/daypass.catalog:1: {match.group(1)} has no words"
        entries[match.group(1)] = match.group(2)
    for event in events:
        if events[event] not in entries:
            yield f"packaging/events.txt:1: {event} has no entry in daypass.catalog"
    for entry in sorted(entries.keys() - set(events.values())):
        yield f"packaging/daypass.catalog:1: {entry} is no event of events.txt"


tree.finish(list(check(tree.root())))
