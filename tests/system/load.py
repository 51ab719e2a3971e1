#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# A load of checks on the agent's socket, each by a process of its own that looks like a sudo (docs/formats/ipc.md),
# and a memory of every answer that one of them got. Nothing of the product's own code is in it.
#
#   load.py run --answers FILE [--workers N] [--kills ROUNDS [--pidfile FILE]] [--seconds S] [--big BYTES] ASKER...
#       asks until the rounds are done or the seconds are over, and appends each answer to FILE, one a line. With
#       --kills, it starts the agent itself, kills it at a random moment, and starts it at once again.
#       ASKER is USER or USER:wrong, who asks for what the role does not have.
#   load.py verify --answers FILE [--denied USER]... [--at-most USER=COUNT]... [--host-key LINE]
#       every answer is in the store, nobody was allowed who may not be, and the chain of records holds
import argparse
import array
import base64
import hashlib
import json
import os
import pwd
import random
import select
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

CHECK = "/run/daypass/check.sock"
AGENT = "/usr/libexec/daypass/daypassd"
STORE = "/var/lib/daypass/agent.db"
SILENCE = 5


def b64(text):
    return base64.b64encode(text.encode()).decode()


class Asker:
    def __init__(self, word, big):
        self.user, _, kind = word.partition(":")
        self.right = kind != "wrong"
        self.uid = pwd.getpwnam(self.user).pw_uid
        argv = ["systemctl", "restart", "nginx"] if self.right else ["id"]
        if big and not self.right:
            argv += ["x" * 65536] * (big // 65536)
        self.call = {
            "user": self.user, "uid": self.uid, "door": "sudo", "mode": "run",
            "command_b64": b64("/usr/bin/" + argv[0]), "argv_b64": [b64(arg) for arg in argv],
            "cwd_b64": b64("/"), "runas_user": "root", "runas_uid": 0, "runas_gid": 0, "groups_kept": False,
            "env_b64": [b64("PATH=/usr/bin")], "options": [], "noninteractive": True, "api": "1.21",
        }

    def message(self):
        """What to send, and the memory file with the parameters if they are too many for a message."""
        parameters = json.dumps(self.call | {"pid": os.getpid()})
        method = '{"method":"org.daypass.Check.Command","parameters":'
        if len(parameters) <= 32768:
            return (method + parameters + "}\0").encode(), []
        memory = os.memfd_create("parameters", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        os.write(memory, parameters.encode())
        import fcntl
        fcntl.fcntl(memory, fcntl.F_ADD_SEALS, 15)
        return (method + '{"memfd":2}}\0').encode(), [memory]

    def ask(self):
        """One line about the answer; none if there was nobody to answer."""
        os.setresuid(self.uid, 0, 0)  # as a set-uid program: the real uid is the asker's
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(SILENCE)
        message, memory = self.message()
        try:
            connection.connect(CHECK)
            connected = time.monotonic()
            here = os.open("/", os.O_PATH | os.O_DIRECTORY)
            fds = array.array("i", [here, here] + memory)
            connection.sendmsg([message], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])
            answer = b""
            while not answer.endswith(b"\0"):
                part = connection.recv(65536)
                if not part:
                    return None
                answer += part
        except OSError:
            return None
        verdict = json.loads(answer[:-1]).get("parameters", {})
        return json.dumps({
            "user": self.user, "right": self.right, "connected": connected, "answered": time.monotonic(),
            "verdict": verdict.get("verdict", "none"), "reason": verdict.get("reason", "none"),
            "query": verdict.get("query", 0)}) + "\n"


def work(askers, told):
    """Asks, one question after the other, each by a child: who is allowed is put into a scope and ends there."""
    random.seed(os.getpid())
    while True:
        asker = random.choice(askers)
        child = os.fork()
        if child == 0:
            line = asker.ask()
            if line:
                os.write(told, line.encode())
            os._exit(0 if line else 1)
        if os.waitpid(child, 0)[1] != 0:
            time.sleep(0.002)


class Answers:
    def __init__(self, pipe, path):
        self.pipe = pipe
        self.file = open(path, "a", encoding="utf-8")
        self.rest = b""
        self.count = 0

    def read(self, seconds):
        """What came within this time, at once if something is there."""
        if not select.select([self.pipe], [], [], max(0, seconds))[0]:
            return []
        *lines, self.rest = (self.rest + os.read(self.pipe, 65536)).split(b"\n")
        for line in lines:
            self.file.write(line.decode() + "\n")
        self.count += len(lines)
        return [json.loads(line) for line in lines]

    def until(self, moment):
        while time.monotonic() < moment:
            self.read(moment - time.monotonic())

    def first(self, since):
        """The first answer to somebody who connected after that moment."""
        while time.monotonic() < since + 10 * SILENCE:
            for answer in self.read(0.1):
                if answer["connected"] > since:
                    return answer["answered"]
        sys.exit("load: the agent was started and answered nobody")


def kill_again_and_again(answers, rounds):
    """Returns how long each start took to its first answer."""
    starts = []
    log = open("/run/world/logs/agent", "ab")
    for _ in range(rounds):
        begin = time.monotonic()
        agent = subprocess.Popen([AGENT], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        if random.random() < 0.7:
            starts.append(answers.first(begin) - begin)
            answers.until(time.monotonic() + random.uniform(0, 0.04))
        else:
            answers.until(time.monotonic() + random.uniform(0, 0.04))
        agent.kill()
        agent.wait()
    return sorted(starts)


def run(given):
    askers = [Asker(word, given.big) for word in given.askers]
    pipe, told = os.pipe()
    workers = []
    for _ in range(given.workers):
        pid = os.fork()
        if pid == 0:
            os.close(pipe)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            work(askers, told)
        workers.append(pid)
    answers = Answers(pipe, given.answers)
    begin = time.monotonic()
    starts = []
    if given.kills:
        starts = kill_again_and_again(answers, given.kills)
    else:
        answers.until(begin + given.seconds)
    for pid in workers:
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)
    os.close(told)
    answers.until(time.monotonic() + 0.1)
    seconds = time.monotonic() - begin
    print(f"{answers.count} answers in {seconds:.0f} s")
    if starts:
        ms = [1000 * start for start in starts]
        print(f"start to first answer, of {len(ms)}: median {ms[len(ms) // 2]:.0f} ms, "
              f"p95 {ms[len(ms) * 95 // 100]:.0f} ms, longest {ms[-1]:.0f} ms")


def check_signature(record, signature, key):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("signers", "host " + key + "\n"), ("signature", signature + "\n")):
            with open(f"{folder}/{name}", "w", encoding="utf-8") as file:
                file.write(text)
        done = subprocess.run(["ssh-keygen", "-Y", "verify", "-f", folder + "/signers", "-I", "host", "-n",
                               "record@daypass", "-s", folder + "/signature"], input=record, capture_output=True,
                              check=False)
        return done.returncode == 0


def verify_chain(records, key):
    faults = []
    before = "0" * 64
    for number, (seq, record, signature) in enumerate(records, 1):
        content = json.loads(record)
        if seq != number or content["seq"] != number or content["prev"] != before:
            faults.append(f"the chain breaks at {seq}")
            break
        before = hashlib.sha256(record).hexdigest()
    if not records or not records[-1][2]:
        faults.append("the last record is not signed")
    signed = [(record, signature) for _, record, signature in records if signature]
    for record, signature in signed[:: max(1, len(signed) // 50)] + signed[-1:]:
        if not check_signature(record, signature, key):
            faults.append("a signature of the host is not good")
    return faults


def verify(given):
    connection = sqlite3.connect(f"file:{STORE}?mode=ro", uri=True)
    records = connection.execute("SELECT seq, bytes, signature FROM records ORDER BY seq").fetchall()
    by_number = {seq: json.loads(record) for seq, record, _ in records}
    faults = verify_chain(records, given.host_key)
    with open(given.answers, encoding="utf-8") as file:
        answers = [json.loads(line) for line in file]
    allowed = {}
    for answer in answers:
        record = by_number.get(answer["query"])
        event = "decision.allowed" if answer["verdict"] == "allow" else "decision.denied"
        if answer["verdict"] == "allow":
            allowed[answer["user"]] = allowed.get(answer["user"], 0) + 1
            if not answer["right"] or answer["user"] in given.denied:
                faults.append(f"a wrong allow: {answer}")
        elif answer["query"] == 0 and answer["reason"] in given.unrecorded:
            continue  # refused because it could not be recorded, or before it was understood
        if record is None or record["event"] != event or record["user"] != answer["user"]:
            faults.append(f"an answer without its record: {answer}")
    for limit in given.at_most:
        user, count = limit.split("=")
        if allowed.get(user, 0) > int(count):
            faults.append(f"{user} was allowed {allowed[user]} times, not at most {count}")
    print(f"{len(records)} records, {len(answers)} answers, allowed: "
          + (", ".join(f"{user} {count}" for user, count in sorted(allowed.items())) or "nobody"))
    for fault in faults[:10]:
        print("load: " + fault, file=sys.stderr)
    return 1 if faults else 0


def main():
    parser = argparse.ArgumentParser()
    verbs = parser.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser("run")
    one.add_argument("--answers", required=True)
    one.add_argument("--workers", type=int, default=3)
    one.add_argument("--kills", type=int)
    one.add_argument("--seconds", type=float, default=1)
    one.add_argument("--big", type=int, default=0)
    one.add_argument("askers", nargs="+")
    two = verbs.add_parser("verify")
    two.add_argument("--answers", required=True)
    two.add_argument("--host-key", required=True)
    two.add_argument("--denied", action="append", default=[])
    two.add_argument("--at-most", action="append", default=[])
    two.add_argument("--unrecorded", action="append", default=[])
    given = parser.parse_args()
    return run(given) if given.verb == "run" else verify(given)


sys.exit(main())
