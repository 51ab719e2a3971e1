#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# selftest.py LINT: plants a fault in a small tree and demands that the lint finds it, after it has
# demanded silence on the same tree without the fault. A lint that finds nothing is a decoration.
import pathlib
import subprocess
import sys
import tempfile

LINTS = pathlib.Path(__file__).resolve().parents[2] / "tools/lint"
TREE = LINTS.parents[1]

HEAD = "// SPDX-License-Identifier: Apache-2.0\n"
LONG = HEAD + "int F() {\n" + "  F();\n" * 70 + "}\n"
ROW = "| GF-01 | every bit flipped, one at a time, is refused |\n"

ID = "0123456789abcdef0123456789abcde0"
ENTRY = f"-- {ID}\nSubject: A thing\nDefined-By: Daypass\n\nIt happened.\n"

# lint: (files of the sound tree, files that the fault adds or changes, what the finding says)
CASES = {
    "layers.py": [
        ({"core/a.h": HEAD, "wire/a.h": '#include "core/a.h"\n'},
         {"core/b.cc": '#include "wire/a.h"\n'}, "core/b.cc:1: core must not include wire/a.h"),
        ({"wire/a.h": "#include <jansson.h>\n"},
         {"cli/a.cc": "#include <jansson.h>\n"}, "cli/a.cc:1: cli must not include <jansson.h>"),
        ({"server/a.h": HEAD}, {"agent/a.cc": '#include "server/a.h"\n'}, "agent must not include"),
        ({}, {"extra/a.cc": HEAD}, "no row"),
    ],
    "floors.py": [
        ({"core/a.cc": HEAD + "int F() { return 1; }\n"}, {"core/b.cc": LONG}, "core/b.cc:2: a function"),
        ({"tests/a.cc": "\n" * 700}, {"core/b.cc": "\n" * 601}, "601 lines; at most 600"),
        ({"core/a.cc": "\n" * 600}, {"tests/b.sh": "\n" * 801}, "801 lines; at most 800"),
    ],
    "threats.py": [
        ({"docs/threats.md": ROW, "tests/system/a.sh": "# GF-01\n"},
         {"tests/system/b.sh": "# GF-02\n"}, "names GF-02"),
        ({"docs/threats.md": ROW, "tests/system/a.sh": "# GF-01\n"},
         {"tests/system/a.sh": "\n"}, "GF-01 is listed, but no test names it"),
        ({"docs/threats.md": ROW, "tests/system/a.sh": "# GF-01\n"},
         {"docs/threats.md": "| GF-01 | short |\n"}, "a sentence of its own"),
    ],
    "registered.py": [
        ({"tests/unit/core.cmake": "a_test.cc", "tests/unit/a_test.cc": ""},
         {"tests/unit/b_test.cc": ""}, "tests/unit/b_test.cc:1"),
        ({"tests/system/CMakeLists.txt": "story", "tests/system/story.sh": ""},
         {"tests/system/CMakeLists.txt": "# story\n"}, "tests/system/story.sh:1"),
        ({"tests/unit/x.cmake": "foreach(u a b)\n t(x_${u}_test.cc)\nendforeach()", "tests/unit/x_b_test.cc": ""},
         {"tests/unit/x_c_test.cc": ""}, "tests/unit/x_c_test.cc:1"),
        ({}, {"tests/abi/a.c": ""}, "tests/abi/a.c:1"),
    ],
    "paths.py": [
        ({"a.md": "see /var/lib\n"}, {"b.md": "see /wor" "k/main\n"}, "b.md:1: a path of one machine"),
        ({"a.md": "apt-get install\n"}, {"b.md": "http://deb." "debian.org\n"}, "registry"),
    ],
    "catalog.py": [
        ({"packaging/events.txt": f"a.b {ID}\n", "packaging/daypass.catalog": ENTRY},
         {"packaging/events.txt": f"a.b {ID}\nc.d {ID[::-1]}\n"}, "c.d has no entry"),
        ({"packaging/events.txt": f"a.b {ID}\n", "packaging/daypass.catalog": ENTRY},
         {"packaging/daypass.catalog": f"-- {ID}\nSubject: words\n\n"}, "has no words"),
        ({"packaging/events.txt": f"a.b {ID}\n", "packaging/daypass.catalog": ENTRY},
         {"packaging/events.txt": f"a.b {ID}\nc.d {ID}\n"}, "is there twice"),
    ],
    "format.sh": [
        ({"core/a.cc": "int F();\n"}, {"core/b.cc": "int  F( ){return 1;}\n"}, "b.cc"),
    ],
    "words.sh": [({"a.md": "received\n"}, {"b.md": "rec" "ieved\n"}, "b.md:1")],
    "shell.sh": [
        ({"a.sh": '#!/bin/bash\necho "$1"\n'}, {"b.sh": "#!/bin/bash\ncd /x\nlocal a=1\n"}, "b.sh line"),
    ],
}


def run(lint, top):
    return subprocess.run([LINTS / lint, top], capture_output=True, text=True, check=False)


def write(top, files):
    for name, text in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def check(lint, sound, fault, finding):
    with tempfile.TemporaryDirectory() as name:
        top = pathlib.Path(name)
        write(top, {"tools/layers.txt": (TREE / "tools/layers.txt").read_text(),
                    ".clang-format": (TREE / ".clang-format").read_text(), "tests/.keep": "", **sound})
        before = run(lint, top)
        assert before.returncode == 0, f"{lint} complains about a sound tree:\n{before.stdout}{before.stderr}"
        write(top, fault)
        after = run(lint, top)
        said = after.stdout + after.stderr
        assert after.returncode != 0, f"{lint} does not find {fault}"
        assert finding in said, f"{lint} finds something, but not {finding!r}:\n{said}"


for arguments in CASES[sys.argv[1]]:
    check(sys.argv[1], *arguments)
print(f"{sys.argv[1]}: finds what was planted")
