#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# bait.py FOLDER: lays files out there that a program opens, looks up or makes if it takes a name for a path, and
# prints a line for each time that anybody opens, makes, moves or removes one, until its standard input ends.
import ctypes
import os
import selectors
import struct
import sys

OPEN, CREATE, DELETE, MOVED = 0x20, 0x100, 0x200, 0xC0
ENDINGS = ["", ".envelope", ".json", ".toml", ".pem", ".key", ".pub", ".crt", ".db", ".sock", ".scope", ".service",
           ".slice", ".conf", ".log", ".tmp", ".new"]


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    for ending in ENDINGS:
        with open(f"{folder}/bait{ending}", "w", encoding="ascii") as file:
            file.write("bait\n")
    libc = ctypes.CDLL(None, use_errno=True)
    watch = libc.inotify_init1(os.O_CLOEXEC)
    if libc.inotify_add_watch(watch, folder.encode(), OPEN | CREATE | DELETE | MOVED) < 0:
        sys.exit("bait.py: cannot watch")
    print("ready", flush=True)
    waiting = selectors.DefaultSelector()
    waiting.register(watch, selectors.EVENT_READ)
    waiting.register(sys.stdin, selectors.EVENT_READ)
    while True:
        for key, _ in waiting.select():
            if key.fileobj is sys.stdin:
                return
            events = os.read(watch, 65536)
            while events:
                _, mask, _, size = struct.unpack("iIII", events[:16])
                print("taken", hex(mask), events[16:16 + size].rstrip(b"\0").decode(), flush=True)
                events = events[16 + size:]


main()
