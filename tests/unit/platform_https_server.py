#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# platform_https_server.py FOLDER: makes an authority and certificates in FOLDER with openssl, serves
# HTTPS on 127.0.0.1 and prints three ports: with a good certificate, with one that has expired, with
# one that is not valid yet. Ends with its standard input.
import http.server
import os
import ssl
import subprocess
import sys
import threading
import time

CA_CONFIG = """
[ca]
default_ca = test
[test]
database = index.txt
new_certs_dir = .
serial = serial
rand_serial = yes
default_md = sha256
policy = names
copy_extensions = copy
unique_subject = no
[names]
commonName = supplied
[req]
distinguished_name = dn
[dn]
"""
SPANS = {"good": ("20200101000000Z", "20991231000000Z"), "expired": ("20200101000000Z", "20200102000000Z"),
         "future": ("20900101000000Z", "20991231000000Z"), "client": ("20200101000000Z", "20991231000000Z")}


def openssl(*args):
    subprocess.run(["openssl", *args], check=True, capture_output=True)


def make_certificates():
    with open("ca.cnf", "w") as config:
        config.write(CA_CONFIG)
    open("index.txt", "w").close()
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    for name in ("ca", "other"):
        openssl("req", "-config", "ca.cnf", "-x509", *key, "-keyout", f"{name}.key", "-out", f"{name}.pem",
                "-days", "36500", "-subj", f"/CN={name}", "-addext", "basicConstraints=critical,CA:TRUE")
    for name, (start, end) in SPANS.items():
        openssl("req", "-config", "ca.cnf", *key, "-keyout", f"{name}.key", "-out", f"{name}.csr",
                "-subj", f"/CN={name}", "-addext", "subjectAltName=DNS:localhost")
        openssl("ca", "-batch", "-config", "ca.cnf", "-notext", "-in", f"{name}.csr", "-out",
                f"{name}.pem", "-keyfile", "ca.key", "-cert", "ca.pem", "-startdate", start, "-enddate", end)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, body, status=200, headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/slow":
            time.sleep(3)
        if self.path == "/large":
            self.answer(b"x" * 100_000)
        elif self.path == "/redirect":
            self.answer(b"", 302, [("Location", "/ok")])
        elif self.path == "/missing":
            self.answer(b"no", 404, [("X-Reason", "not_found")])
        elif self.path == "/who":
            peer = self.connection.getpeercert() or {}
            names = dict(pair for part in peer.get("subject", ()) for pair in part)
            self.answer(names.get("commonName", "nobody").encode())
        elif self.path == "/port":
            self.answer(str(self.client_address[1]).encode())
        elif self.path == "/header":
            self.answer(self.headers.get("Authorization", "").encode())
        else:
            self.answer(b"ok")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(f"{self.command} {self.headers.get('Content-Type')} ".encode() + body)

    do_PUT = do_POST

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # clients that refuse our certificate are what is tested


def serve(name):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{name}.pem", f"{name}.key")
    context.load_verify_locations("ca.pem")
    context.verify_mode = ssl.CERT_OPTIONAL
    server = Server(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


os.chdir(sys.argv[1])
make_certificates()
print(*[serve(name) for name in ("good", "expired", "future")], flush=True)
sys.stdin.read()
