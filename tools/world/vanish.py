#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# vanish.py COUNT: asks the agent at check.sock COUNT times, in processes that are gone at once, before the agent
# can look at them. Half of them do not even ask. Run as root, which check.sock wants.
import json
import os
import socket
import sys

QUESTION = json.dumps({"method": "org.daypass.Check.Account", "parameters": {
    "door": "sudo", "service": "sudo", "user": "root", "uid": 0, "ruser": "root", "rhost": "", "tty": "",
    "pid": 1, "phase": "account"}}).encode() + b"\0"


def main():
    for count in range(int(sys.argv[1])):
        child = os.fork()
        if child == 0:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.connect("/run/daypass/check.sock")
            if count % 2:
                connection.sendall(QUESTION.replace(b'"pid": 1', b'"pid": %d' % os.getpid()))
            os._exit(0)
        os.waitpid(child, 0)


main()
