# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# What the lints share: the files of a tree, and one way to end. A lint prints "file:line: what is
# wrong" for each finding and exits 1 if there was one; it is given the root of the tree to look at,
# so that its own test can show it a tree with a planted fault.
import pathlib
import sys

SKIPPED = {".git", "build", "node_modules", "__pycache__"}
SOURCES = {".h", ".cc", ".c"}


def root():
    """The tree to look at: the first argument, else the one that this file lies in."""
    here = pathlib.Path(__file__).resolve().parents[2]
    return pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else here


def files(top, suffixes=None, under="."):
    """Files below `under`, as paths relative to `top`, sorted; build trees and .git left out."""
    found = []
    for path in sorted((top / under).rglob("*")):
        relative = path.relative_to(top)
        if SKIPPED.intersection(relative.parts) or not path.is_file():
            continue
        if suffixes is None or path.suffix in suffixes:
            found.append(relative)
    return found


def finish(findings):
    for finding in findings:
        print(finding)
    sys.exit(1 if findings else 0)
