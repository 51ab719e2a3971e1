#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# Finds tests that nobody runs: each tests/**/*_test.cc, tests/abi/*.c and tests/system/*.sh must be
# named in a CMake file below tests/.
import re

import tree


def is_test(path):
    return (path.name.endswith("_test.cc") or (path.parts[1] == "abi" and path.suffix == ".c")
            or (path.parts[1] == "system" and len(path.parts) == 3 and path.suffix == ".sh"))


def unrolled(text):
    """CMake without comments, each foreach() written out."""
    text = re.sub(r"#.*", "", text)
    loop = re.compile(r"foreach\s*\((\w+)\s+([^)]*)\)(.*?)endforeach\s*\(", re.S)
    return loop.sub(lambda found: " ".join(found[3].replace("${%s}" % found[1], item)
                                           for item in found[2].split()), text)


def check(top):
    words = set()
    for path in tree.files(top, {".txt", ".cmake"}, "tests"):
        words.update(re.findall(r"[\w./-]+", unrolled((top / path).read_text())))
    names = {word.rsplit("/", 1)[-1] for word in words}
    for path in tree.files(top, None, "tests"):
        if len(path.parts) > 2 and is_test(path) and not names & {path.name, path.stem}:
            yield f"{path}:1: no CMake file below tests/ registers it, so nothing runs it"


tree.finish(list(check(tree.root())))
