#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# Holds the lengths: files (600 lines, tests 800) and functions (60, tests 120). A function is
# found by its layout, which clang-format guarantees: it starts in column 1 and ends with "}" there.
import tree

FILE_LINES, TEST_FILE_LINES = 600, 800
FUNCTION_LINES, TEST_FUNCTION_LINES = 60, 120
COUNTED = tree.SOURCES | {".sh", ".py", ".cmake", ".txt", ".md"}
NOT_FUNCTIONS = ("namespace", "extern \"C\" {", "class", "struct", "enum", "union")


def functions(lines):
    """(first line, length) of each function in column 1."""
    start = None
    for number, line in enumerate(lines, 1):
        if line.startswith("}"):
            if start and line.rstrip() == "}":
                yield start, number - start + 1
            start = None
        elif line and not line[0].isspace() and not line.startswith(("#", "//")):
            # A declaration ends with ";" and an alias or constant too; then nothing is open.
            if line.rstrip().endswith(";") or line.startswith(NOT_FUNCTIONS):
                start = None
            elif start is None:
                start = number


def check(top):
    for path in tree.files(top, COUNTED):
        if path.name in ("LICENSE",):
            continue
        lines = (top / path).read_text().splitlines()
        is_test = path.parts[0] in ("tests", "bench")
        cap = TEST_FILE_LINES if is_test else FILE_LINES
        if len(lines) > cap:
            yield f"{path}:{cap + 1}: {len(lines)} lines; at most {cap}: split it"
        if path.suffix not in tree.SOURCES:
            continue
        cap = TEST_FUNCTION_LINES if is_test else FUNCTION_LINES
        for start, length in functions(lines):
            if length > cap:
                yield f"{path}:{start}: a function of {length} lines; at most {cap}: split it"


tree.finish(list(check(tree.root())))
