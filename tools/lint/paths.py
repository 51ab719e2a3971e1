#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# Finds what belongs to one machine and not into a repository: absolute paths of somebody's work
# place, hosts of package registries, private keys.
import re

import tree

# Written in pieces, so that this file does not find itself.
FORBIDDEN = [
    (re.compile(r"(?<![\w.$}/-])/wor" r"k/"), "a path of one machine"),
    (re.compile(r"/tmp/pl" r"an\b"), "a path of one machine"),
    (re.compile(r"/home/(?!alice|bob|carol|admin|\$|<|\{|\")\w+/"), "somebody's home"),
    (re.compile(r"\b(?:deb\.debian|security\.debian|registry\.npm" r"js|registry\.yarn" r"pkg|pypi|crates)"
                r"\.(?:org|com|io)\b"), "a package registry's host"),
    (re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIV" r"ATE KEY-----\n[A-Za-z0-9+/]"), "a private key"),
]


def check(top):
    for path in tree.files(top):
        if path.suffix == ".lock" or path.name == "package-lock.json":
            continue
        try:
            text = (top / path).read_text()
        except UnicodeDecodeError:
            continue
        for pattern, what in FORBIDDEN:
            for match in pattern.finditer(text):
                yield f"{path}:{text.count(chr(10), 0, match.start()) + 1}: {what}: {match.group(0)!r}"


tree.finish(list(check(tree.root())))
