#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# fake_agent.py --answer HOW [--user NAME]: stands where daypassd stands, as NAME, and answers every question
# HOW: allow (well-formed), or in one of the ways that an agent gone mad might. The socket's place is
# root's; whose socket it is, is decided by who listens on it.
import argparse
import json
import os
import pwd
import socket
import threading

PATH = "/run/daypass/check.sock"

YES = {"verdict": "allow", "effect": "allow", "reason": "granted", "query": 1}
WATCHING = json.dumps({"parameters": {"event": "watching"}, "continues": True}).encode() + b"\0"

ANSWERS = {
    "allow": lambda: json.dumps({"parameters": YES}).encode() + b"\0",
    "garbage": lambda: b"\xff\xfe{{{]]\0",
    "wrong-type": lambda: b'{"parameters":[1,2,3]}\0',
    "verdict-7": lambda: json.dumps({"parameters": {**YES, "verdict": 7, "effect": 7}}).encode() + b"\0",
    "no-verdict": lambda: b'{"parameters":{}}\0',
    "huge": lambda: b'{"parameters":{"text":"' + b"x" * 300000 + b'"}}\0',
}


def serve(connection, how):
    pending = b""
    while True:
        received = connection.recv(65536)
        if not received or how == "close":
            connection.close()
            return
        pending += received
        while b"\0" in pending:
            message, pending = pending.split(b"\0", 1)
            call = json.loads(message)
            if how == "nothing" or call.get("oneway"):
                continue
            is_watch = call["method"].endswith(".Watch")
            try:
                connection.sendall(WATCHING if is_watch else ANSWERS[how]())
            except OSError:
                return


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--answer", required=True)
    parser.add_argument("--user", default="root")
    given = parser.parse_args()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    if os.path.exists(PATH):
        os.unlink(PATH)
    listener.bind(PATH)
    os.chmod(PATH, 0o600)
    if given.user != "root":
        account = pwd.getpwnam(given.user)
        os.setgroups([])
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)
    listener.listen(16)  # from here on the kernel calls the socket this user's
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection, given.answer), daemon=True).start()


main()
