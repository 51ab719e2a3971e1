#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# Holds docs/threats.md and the tests together: every case in its tables is named by a test, and
# every id that a test names is described there in words. A case that nothing shows must not be
# listed, and a test must not claim what nobody can look up.
import re

import tree

ID = re.compile(r"\b(?:GF|TM|SC|PL|IPC|AG|SV|DB|CC|LG|WB|RX|EN|UP|TL|LO|BG)-\d\d\b")
ROW = re.compile(r"^\|\s*(" + ID.pattern + r")\s*\|\s*(.*?)\s*\|")
TESTS = tree.SOURCES | {".sh", ".py"}
FEWEST_WORDS = 5


def described(path):
    """{id: line} of the table rows; findings about rows without words."""
    rows, findings = {}, []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = ROW.match(line)
        if not match:
            continue
        rows[match.group(1)] = number
        if len(match.group(2).split()) < FEWEST_WORDS:
            findings.append(f"docs/threats.md:{number}: {match.group(1)} needs a sentence of its own")
    return rows, findings


def check(top):
    page = top / "docs/threats.md"
    if not page.is_file():
        return ["docs/threats.md:1: missing: it lists every attack that a test shows"]
    rows, findings = described(page)
    named = {}
    for path in tree.files(top, TESTS, "tests"):
        if path.parts[1] == "lint":
            continue  # its planted faults are not cases
        for number, line in enumerate((top / path).read_text().splitlines(), 1):
            for case in ID.findall(line):
                named.setdefault(case, f"{path}:{number}")
    findings += [f"docs/threats.md:{rows[case]}: {case} is listed, but no test names it"
                 for case in sorted(rows.keys() - named.keys())]
    findings += [f"{named[case]}: names {case}, which docs/threats.md does not describe"
                 for case in sorted(named.keys() - rows.keys())]
    return findings


tree.finish(check(tree.root()))
