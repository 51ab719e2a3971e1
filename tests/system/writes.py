#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# writes.py TRACE PROGRAM...: reads what strace (-f -y -Y) saw these programs do, and holds it against a model of files
# that survive a power cut: made under another name, synced, renamed, and the folder synced behind that. Prints each
# file that was written, and each finding; exit code 1 if there was one. Stores are SQLite's own, and shown elsewhere.
import os
import re
import sys

LINE = re.compile(r"^(\d+)(?:<([^>]*)>)? +(.*)$")
CALL = re.compile(r"^(\w+)\((.*)\) += (-?\d+)(?:<([^>]*)>)?")
PASSING = re.compile(r"^(/dev|/proc|/sys|/run|/tmp)/|\.db(\.new)?(-wal|-shm|-journal)?(\.aside.*)?$|^(pipe|socket|anon_inode)|:\[")
WRITES = {"write", "pwrite64", "writev", "pwritev", "ftruncate", "fallocate", "sendfile", "copy_file_range"}


def calls(trace, programs):
    """(name, arguments, path of the descriptor that came back), in order; what failed is left out."""
    begun = {}
    for line in trace:
        found = LINE.match(line.rstrip("\n"))
        if not found or found[2] not in programs:
            continue
        pid, text = found[1], found[3]
        if text.endswith("<unfinished ...>"):
            begun[pid] = text[: -len("<unfinished ...>")]
            continue
        text = re.sub(r"^<\.\.\. \w+ resumed>", lambda _, pid=pid: begun.pop(pid, ""), text)
        call = CALL.match(text)
        if call and int(call[3]) >= 0:
            yield call[1], call[2], call[4]


def paths(arguments):
    """The paths that a call names, each from the folder that the descriptor before it names."""
    named = re.findall(r'(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"([^"]*)"', arguments)
    return [os.path.normpath(os.path.join(folder or "/", path)) for folder, path in named]


class Model:
    def __init__(self):
        self.unsynced = {}  # file made and not yet given its name -> written since its sync
        self.folders = {}  # folder -> what in it would be gone
        self.written = []
        self.findings = []

    def open(self, arguments, path):
        if PASSING.search(path) or not re.search(r"O_WRONLY|O_RDWR|O_CREAT", arguments):
            return
        if "O_EXCL" in arguments:
            self.unsynced[path] = True
        else:
            self.findings.append(f"{path}: opened to be written in place")

    def take(self, name, arguments, came):
        first = re.match(r"\d+<([^>]*)>", arguments)
        if name in ("open", "openat", "creat") and came:
            self.open(arguments, came)
        elif name in WRITES and first and first[1] in self.unsynced:
            self.unsynced[first[1]] = True
        elif name in ("fsync", "fdatasync") and first:
            if first[1] in self.unsynced:
                self.unsynced[first[1]] = False
            self.folders.pop(first[1], None)
        elif name.startswith("rename"):
            self.rename(*paths(arguments)[:2])
        elif name == "rmdir":
            self.gone(paths(arguments)[-1])
        elif name.startswith(("unlink", "mkdir", "link", "symlink")):
            self.name(paths(arguments)[-1])

    def rename(self, before, after):
        if self.unsynced.pop(before, False):
            self.findings.append(f"{after}: renamed before it was synced")
        self.name(after)
        self.written.append(after)

    def name(self, path):
        """A name that came or went."""
        if self.unsynced.pop(path, None) is None and not PASSING.search(path):
            self.folders[os.path.dirname(path)] = path

    def gone(self, folder):
        """What was made in it does not matter any more, nor that it was made."""
        self.folders.pop(folder, None)
        if self.folders.get(os.path.dirname(folder)) == folder:
            del self.folders[os.path.dirname(folder)]
        else:
            self.name(folder)

    def end(self):
        self.findings += [f"{path}: made under its own name" for path in self.unsynced]
        self.findings += [f"{path}: its folder was never synced behind it" for path in self.folders.values()]


def main():
    model = Model()
    with open(sys.argv[1], encoding="utf-8", errors="replace") as trace:
        for name, arguments, came in calls(trace, sys.argv[2:]):
            model.take(name, arguments, came)
    model.end()
    for path in sorted(set(model.written)):
        print("written", re.sub(r"/[.]?[0-9a-f]{16,}$", "/*", path))
    for finding in model.findings:
        print("finding", finding)
    return 1 if model.findings else 0


sys.exit(main())
