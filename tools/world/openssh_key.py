#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# openssh_key.py PEM OUT: an Ed25519 key in PEM (PKCS #8) as OpenSSH's own private key file, which is all that
# OpenSSH 9.2 reads of that type. Exit 1 if it is not an Ed25519 key. For tests that steal a server's key.
import base64
import struct
import subprocess
import sys


def der(*arguments):
    return subprocess.run(["openssl", "pkey", "-in", sys.argv[1], "-outform", "DER", *arguments],
                          check=True, capture_output=True).stdout


def string(value):
    return struct.pack(">I", len(value)) + value


def main():
    public = der("-pubout")
    if len(public) != 44:  # 12 bytes that say Ed25519, and the key
        return 1
    public, seed = public[-32:], der()[-32:]
    blob = string(b"ssh-ed25519") + string(public)
    private = struct.pack(">II", 1, 1) + blob + string(seed + public) + string(b"stolen")
    private += bytes(range(1, 9))[:-len(private) % 8]
    whole = (b"openssh-key-v1\0" + string(b"none") + string(b"none") + string(b"")
             + struct.pack(">I", 1) + string(blob) + string(private))
    with open(sys.argv[2], "w", encoding="ascii") as out:
        name = "OPENSSH PRIVATE" + " KEY-----\n"
        out.write("-----BEGIN " + name + base64.encodebytes(whole).decode() + "-----END " + name)
    return 0


sys.exit(main())
