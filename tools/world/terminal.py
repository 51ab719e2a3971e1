#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# terminal.py [--stdin FILE] STEP... -- COMMAND...: somebody at a terminal of his own, typing.
#
#   wait TEXT    until the terminal has shown TEXT since the last step; ends with exit code 99 after 30 s
#   type LINE    the line and Enter      press ^C|^D|^Z    a key      pause SECONDS
#   hang-up      closes the terminal     kill               SIGKILL to the command
#   run COMMAND  a shell command, besides
#
# Prints all that the terminal showed; exits as the command did (128 and the number of its signal).
import os
import pty
import select
import signal
import subprocess
import sys
import time

KEYS = {"^C": b"\x03", "^D": b"\x04", "^Z": b"\x1a"}


class Terminal:
    def __init__(self, command, stdin):
        self.shown = b""
        self.seen = 0  # what the steps so far have waited for
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            if stdin:
                os.dup2(os.open(stdin, os.O_RDONLY), 0)
            os.execvp(command[0], command)

    def read(self, seconds):
        """What comes within that time; False at the end."""
        if self.fd is None or not select.select([self.fd], [], [], seconds)[0]:
            return self.fd is not None
        try:
            got = os.read(self.fd, 65536)
        except OSError:  # the other end is closed
            got = b""
        self.shown += got
        return bool(got)

    def wait(self, text):
        end = time.monotonic() + 30
        while (at := self.shown.find(text.encode(), self.seen)) < 0:
            if time.monotonic() > end or not self.read(0.2):
                sys.stdout.write(self.shown.decode(errors="replace"))
                print(f"\nterminal.py: never showed {text!r}", file=sys.stderr)
                os._exit(99)
        self.seen = at + len(text)

    def step(self, verb, value):
        if verb == "wait":
            self.wait(value)
        elif verb == "type":
            os.write(self.fd, value.encode() + b"\n")
        elif verb == "press":
            os.write(self.fd, KEYS[value])
        elif verb == "pause":
            end = time.monotonic() + float(value)
            while time.monotonic() < end:
                self.read(0.1)
        elif verb == "run":
            subprocess.run(value, shell=True, check=True, stdout=subprocess.DEVNULL)
        elif verb == "hang-up":
            os.close(self.fd)
            self.fd = None
        elif verb == "kill":
            os.kill(self.pid, signal.SIGKILL)
        else:
            sys.exit(f"terminal.py: no such step: {verb}")

    def finish(self):
        while self.fd is not None and self.read(30):
            pass
        status = os.waitpid(self.pid, 0)[1]
        return os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)


def main():
    args = sys.argv[1:]
    stdin = None
    if args[0] == "--stdin":
        stdin, args = args[1], args[2:]
    split = args.index("--")
    steps, command = args[:split], args[split + 1:]
    terminal = Terminal(command, stdin)
    while steps:
        verb = steps.pop(0)
        terminal.step(verb, "" if verb in ("hang-up", "kill") else steps.pop(0))
    code = terminal.finish()
    sys.stdout.write(terminal.shown.decode(errors="replace"))
    sys.exit(code)


main()
