#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# Many strangers at the agent's sockets, and root's own questions in between. Run as root: it becomes the uids that it
# is told; a uid needs no account to connect. Prints one line of "name=number" words.
#
#   strangers.py hold UIDS EACH SECONDS    EACH connections as each of UIDS (from-to), each answered once, then silent
#   strangers.py hoard COUNT SECONDS       COUNT connections of root's to check.sock, each with its Watch
#   strangers.py drip UID COUNT SECONDS    COUNT connections at once, one byte a second on each
#   strangers.py drip-later UID SECONDS    as many as one uid may have, each answered once; then a byte a second
#   strangers.py deaf UID SECONDS          asks over and over, and reads no answer
#   strangers.py flood UID SECONDS         connects and hangs up, as fast as it goes
#   strangers.py ask COUNT                 COUNT questions as root on check.sock, each to be answered "allow" in time
import json
import os
import socket
import sys
import time

USER = "/run/daypass/user.sock"
CHECK = "/run/daypass/check.sock"
STATUS = b'{"method":"org.daypass.User.Status"}\0'
PATIENCE = 2.0  # a shim's: after that it denies


def connect(path, timeout):
    peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    peer.settimeout(timeout)
    peer.connect(path)
    return peer


def become(uid):
    os.setgroups([])
    os.setgid(int(uid))
    os.setuid(int(uid))


def tell(**numbers):
    print(*(f"{name}={value}" for name, value in numbers.items()), flush=True)


def is_open(peer):
    """Whether the agent has not hung up; what it says meanwhile is read and forgotten."""
    peer.setblocking(False)
    try:
        while True:
            if not peer.recv(65536):
                return False
    except BlockingIOError:
        return True
    except OSError:
        return False


def is_answered(peer, message):
    """Sends a whole message and waits for its answer. To be turned away is none."""
    try:
        peer.sendall(message)
        answer = peer.recv(65536)
        return b'"parameters"' in answer and b"too_many" not in answer
    except OSError:
        return False


def say(peer, byte):
    try:
        peer.send(byte, socket.MSG_NOSIGNAL | socket.MSG_DONTWAIT)
        return True
    except OSError:
        return False


def hold(uids, each, seconds):
    first, last = map(int, uids.split("-"))
    counts = []
    for uid in range(first, last + 1):
        ours, theirs = os.pipe()
        if os.fork() == 0:
            become(uid)
            held = []
            for _ in range(int(each)):
                try:
                    peer = connect(USER, 5)
                except OSError:
                    continue
                if is_answered(peer, STATUS) and is_open(peer):
                    held.append(peer)
            os.write(theirs, f"{len(held)}\n".encode())
            time.sleep(float(seconds))
            os._exit(0)
        os.close(theirs)
        counts.append(ours)
    tell(held=sum(int(os.read(pipe, 16) or 0) for pipe in counts))
    for _ in counts:
        os.wait()


def hoard(count, seconds):
    watch = json.dumps({"method": "org.daypass.Check.Watch", "more": True, "parameters": {"pid": os.getpid()}})
    held, waiting = [], []
    for _ in range(int(count)):
        peer = connect(CHECK, 0.2)
        (held if is_answered(peer, watch.encode() + b"\0") else waiting).append(peer)
        if len(waiting) >= 5:
            break
    tell(held=len(held), waiting=len(waiting))
    time.sleep(float(seconds))


def drip(uid, count, seconds):
    become(uid)
    begin = time.monotonic()
    peers = []
    for _ in range(int(count)):
        try:
            peers.append(connect(USER, 5))
        except OSError:
            pass
    drip_on(peers, begin, seconds, opened=len(peers))


def drip_later(uid, seconds):
    become(uid)
    peers = []
    for _ in range(16):
        peer = connect(USER, 5)
        if is_answered(peer, STATUS) and is_open(peer):
            peers.append(peer)
    drip_on(peers, time.monotonic(), seconds, opened=len(peers))


def drip_on(peers, begin, seconds, **also):
    longest = 0.0
    for step in range(int(seconds)):
        byte = STATUS[step:step + 1]
        peers = [peer for peer in peers if say(peer, byte)]
        until = begin + step + 1
        while time.monotonic() < until:
            peers = [peer for peer in peers if is_open(peer)]
            if peers:
                longest = time.monotonic() - begin
            time.sleep(0.02)
    tell(**also, left=len(peers), longest_ms=int(longest * 1000))


def deaf(uid, seconds):
    become(uid)
    end = time.monotonic() + float(seconds)
    asked = 0
    while time.monotonic() < end:
        try:
            peer = connect(USER, 1)
            while time.monotonic() < end:
                peer.sendall(STATUS * 50)
                asked += 50
        except OSError:
            pass
    tell(asked=asked)


def flood(uid, seconds):
    become(uid)
    end = time.monotonic() + float(seconds)
    connects = failures = 0
    while time.monotonic() < end:
        for _ in range(100):
            peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
            try:
                peer.connect(USER)
                connects += 1
            except OSError:
                failures += 1  # the queue is full: it has to wait like everybody
            peer.close()
    tell(connects=connects, failures=failures)


def ask(count):
    times, failures = [], 0
    for _ in range(int(count)):
        question = json.dumps({"method": "org.daypass.Check.Account", "parameters": {
            "door": "sudo", "service": "sudo", "user": "root", "uid": 0, "ruser": "root", "rhost": "", "tty": "",
            "pid": os.getpid(), "phase": "account"}}).encode() + b"\0"
        begin = time.monotonic()
        try:
            peer = connect(CHECK, PATIENCE)
            peer.sendall(question)
            failures += b'"allow"' not in peer.recv(65536)
        except OSError:
            failures += 1
        times.append((time.monotonic() - begin) * 1000)
    times.sort()
    tell(failures=failures, median_us=int(times[len(times) // 2] * 1000),
         p99_us=int(times[len(times) * 99 // 100] * 1000), max_us=int(times[-1] * 1000))


{"hold": hold, "hoard": hoard, "drip": drip, "drip-later": drip_later, "deaf": deaf, "flood": flood,
 "ask": ask}[sys.argv[1]](*sys.argv[2:])
