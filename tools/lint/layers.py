#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# Holds tools/layers.txt: a folder includes itself and what its row names, and a library's headers
# only where its row allows. Looks at every #include of the tree's own headers and of listed libraries.
import re

import tree

INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|(<[^>]+>))')


def read_table(path):
    """{folder: [allowed]}, {library prefix: [folders]}."""
    folders, libraries = {}, {}
    for line in path.read_text().splitlines():
        line = line.split("#", 1)[0].strip()
        if not line:
            continue
        key, allowed = line.rsplit(":", 1)
        (libraries if key.startswith("<") else folders)[key] = allowed.split()
    return folders, libraries


def is_allowed(folder, header, folders):
    allowed = folders[folder]
    return (header.split("/")[0] == folder or "*" in allowed or header in allowed
            or header.split("/")[0] in allowed)


def check(top):
    folders, libraries = read_table(top / "tools/layers.txt")
    for path in tree.files(top, tree.SOURCES):
        folder = path.parts[0]
        if folder not in folders:
            yield f"{path}:1: the folder {folder} has no row in tools/layers.txt"
            continue
        for number, line in enumerate((top / path).read_text().splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            own, library = match.groups()
            if own and "/" in own and not is_allowed(folder, own, folders):
                yield (f"{path}:{number}: {folder} must not include {own}; "
                       f"allowed: {folder} {' '.join(folders[folder])}")
            for prefix, users in libraries.items() if library else ():
                if library.startswith(prefix) and folder not in users and "*" not in folders[folder]:
                    yield (f"{path}:{number}: {folder} must not include {library}; "
                           f"only {' '.join(users)} may")


tree.finish(list(check(tree.root())))
