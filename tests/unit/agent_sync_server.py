#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# agent_sync_server.py FOLDER: stands where daypass-server stands, for the courier's tests: real HTTPS with
# client certificates. What it answers is in FOLDER/script.json, which the test replaces as it goes; what it
# was asked it writes into FOLDER/log, a line each. Makes its certificates, prints its port, and ends with
# its standard input.
import http.server
import json
import os
import ssl
import subprocess
import sys
import threading
import time
import urllib.parse

LOG_LOCK = threading.Lock()


def openssl(*args):
    subprocess.run(["openssl", *args], check=True, capture_output=True)


def make_certificates():
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "400", "-subj", "/CN=ca")
    for name, days in (("server", "400"), ("client", "400"), ("old", "20")):
        openssl("req", "-x509", *key, "-keyout", f"{name}.key", "-out", f"{name}.pem", "-days", days,
                "-subj", f"/CN={'web-1' if name != 'server' else 'server'}", "-CA", "ca.pem", "-CAkey", "ca.key",
                "-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE")


def script():
    with open("script.json") as file:
        return json.load(file)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def note(self, path, query, body):
        names = dict(pair for part in self.connection.getpeercert()["subject"] for pair in part)
        line = {"method": self.command, "path": path, "query": query, "body": body, "cn": names["commonName"],
                "port": self.client_address[1], "ms": int(time.time() * 1000)}
        with LOG_LOCK, open("log", "a") as log:
            log.write(json.dumps(line) + "\n")

    def answer(self, status, body, headers):
        has_body = status not in (204, 304)
        text = json.dumps(body) if has_body else ""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if has_body:
            self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def changes(self, query):
        """The long-poll; its mode: answer, spin (at once), news (at once, always another), hang (one line dies silently)."""
        given = dict(urllib.parse.parse_qsl(query))
        end = time.time() + int(given["wait"])
        if script()["changes"] == "hang" and not os.path.exists("hung"):
            open("hung", "w").close()
            time.sleep(3600)
        while time.time() < end and script()["changes"] not in ("spin", "news") and script()["cursor"] == int(given["after"]):
            time.sleep(0.005)
        news = int(given["after"]) + 1
        self.answer(200, {"cursor": news if script()["changes"] == "news" else script()["cursor"]}, {})

    def serve(self):
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.note(path, query, body)
        routes = script()["routes"]
        route = routes.get(f"{self.command} {path}") or routes.get("*")
        if route is None and path == "/v1/host/changes":
            return self.changes(query)
        route = route or {"status": 404, "body": {"error": "not_found", "message": "there is no such thing"}}
        return self.answer(route["status"], route["body"], route.get("headers", {}))

    do_GET = do_POST = serve

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # a courier that hangs up is part of the tests


os.chdir(sys.argv[1])
make_certificates()
tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain("server.pem", "server.key")
tls.load_verify_locations("ca.pem")
tls.verify_mode = ssl.CERT_REQUIRED
server = Server(("127.0.0.1", 0), Handler)
server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
