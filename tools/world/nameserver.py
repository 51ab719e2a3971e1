#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# nameserver.py MODE_FILE: a name server on 127.0.0.1:53 that answers every question as the word in MODE_FILE says:
#   good       A 127.0.0.1
#   other      A 127.0.0.2: poisoned
#   six        AAAA ::1, and no A
#   nxdomain   there is no such name
#   servfail   it could not be found out
#   silent     nothing
#   passing    A 127.0.0.1, good for no time at all
import socket
import struct
import sys

A, AAAA = 1, 28


def question_of(packet):
    """The question's bytes, and its type."""
    at = 12
    while packet[at]:
        at += packet[at] + 1
    return packet[12:at + 5], struct.unpack(">H", packet[at + 1:at + 3])[0]


def record(kind, ttl, data):
    return b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, ttl, len(data)) + data


def answer(packet, mode):
    question, kind = question_of(packet)
    code = {"nxdomain": 3, "servfail": 2}.get(mode, 0)
    records = b""
    if mode in ("good", "passing", "other") and kind == A:
        records = record(A, 0 if mode == "passing" else 300, bytes([127, 0, 0, 2 if mode == "other" else 1]))
    elif mode == "six" and kind == AAAA:
        records = record(AAAA, 300, bytes(15) + b"\1")
    return packet[:2] + struct.pack(">HHHHH", 0x8180 | code, 1, 1 if records else 0, 0, 0) + question + records


def main():
    port = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    port.bind(("127.0.0.1", 53))
    while True:
        packet, client = port.recvfrom(4096)
        with open(sys.argv[1], encoding="ascii") as file:
            mode = file.read().strip()
        print(mode, question_of(packet), flush=True)
        if mode != "silent":
            port.sendto(answer(packet, mode), client)


main()
