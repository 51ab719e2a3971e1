#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# Speaks to the agent's sockets as they are (docs/formats/ipc.md), for tests: nothing of the product's
# own code is in it, so that both sides cannot share a mistake.
#
#   ipc.py SOCKET METHOD [PARAMETERS] [--document FILE] [--more COUNT]
#       prints the parameters of each reply, one a line; exit 1 and the error if it is one
#   ipc.py --probe SOCKET       exit 0 if something accepts connections there
#   ipc.py --fields NAME...     from `journalctl -o json` lines on stdin: the fields' values of the agent's own
#                               entries, a line each
import argparse
import array
import fcntl
import json
import os
import socket
import sys

AGENT = "/usr/libexec/daypass/daypassd"
SEAL_ALL = 0x0001 | 0x0002 | 0x0004 | 0x0008  # F_SEAL_SEAL | SHRINK | GROW | WRITE


def sealed(content):
    """A memory file that nobody can change any more: how documents travel."""
    descriptor = os.memfd_create("document", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.write(descriptor, content)
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, SEAL_ALL)
    return descriptor


def connect(path):
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(30)
    connection.connect(path)
    return connection


def replies(connection):
    """The messages that arrive, each without its NUL."""
    pending = b""
    while True:
        received = connection.recv(65536)
        if not received:
            return
        pending += received
        while b"\0" in pending:
            message, pending = pending.split(b"\0", 1)
            yield json.loads(message)


def call(path, method, parameters, document=None, more=None):
    message = {"method": method, "parameters": parameters}
    if more:
        message["more"] = True
    ancillary = []
    if document:
        with open(document, "rb") as file:
            descriptor = sealed(file.read())
        ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [descriptor]))]
    connection = connect(path)
    try:
        connection.sendmsg([json.dumps(message).encode() + b"\0"], ancillary)
    except BrokenPipeError:
        pass  # turned away before it could ask; why, is there to be read
    for count, reply in enumerate(replies(connection), 1):
        if "error" in reply:
            print(reply["error"], json.dumps(reply.get("parameters", {})))
            return 1
        print(json.dumps(reply.get("parameters", {})), flush=True)
        if not reply.get("continues") or count == more:
            return 0
    print("the agent closed the connection", file=sys.stderr)
    return 1


def print_fields(names):
    for line in sys.stdin:
        entry = json.loads(line)
        if entry.get("_EXE") == AGENT:
            print(*(entry.get(name) or "-" for name in names))


def main():
    if sys.argv[1:2] == ["--probe"]:
        try:
            connect(sys.argv[2])
        except OSError:
            return 1
        return 0
    if sys.argv[1:2] == ["--fields"]:
        return print_fields(sys.argv[2:])
    parser = argparse.ArgumentParser()
    parser.add_argument("socket")
    parser.add_argument("method")
    parser.add_argument("parameters", nargs="?", default="{}")
    parser.add_argument("--document")
    parser.add_argument("--more", type=int)
    given = parser.parse_args()
    return call(given.socket, given.method, json.loads(given.parameters), given.document, given.more)


sys.exit(main())
