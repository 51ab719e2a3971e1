#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# Writes the payloads of documents by hand, from docs/formats/ and not from the product's code, so that
# a test shows what the format says and not what the code happens to do.
#
#   document.py policy|statement|status|signin OUT [PYTHON]
#
# PYTHON changes the payload `d` before it is written, as in 'd["version"] = 2; role["full"] = True';
# `role` is the policy's first role, `people` its people by name.  Digests follow from content.
import hashlib
import json
import os
import sys
import time

WORLD = "/run/world"
KEYS = WORLD + "/keys"


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(value):
    return hashlib.sha256(canonical(value)).hexdigest()


def read(name, default=""):
    path = f"{WORLD}/{name}"
    if not os.path.exists(path):
        return default
    with open(path, encoding="utf-8") as file:
        return file.read().strip()


def public_key(name):
    with open(f"{KEYS}/{name}.pub", encoding="utf-8") as file:
        return " ".join(file.read().split()[:2])


def now_ms():
    return int(time.time() * 1000)


def web_operator():
    return {
        "name": "web-operator",
        "description": "Restart and watch the web server",
        "hosts": {"names": ["web-1"]},
        "doors": ["sudo"],
        "run_as": {"users": ["root"], "groups": []},
        "rules": [
            {"id": "restart", "path": "/usr/bin/systemctl",
             "args": [{"is": "restart"}, {"is": "nginx"}], "rest": "none"},
            {"id": "watch", "path": "/usr/bin/web-watch", "args": [], "rest": "none"},
        ],
        "max_duration_s": 3600,
        "max_offline_s": 3600,
        "start": ["approval", "first_use"],
        "on_end": "terminate",
        "subjects": {"any": True},
        "approve": [{"count": 1, "groups": ["web-leads"], "keys": "any"}],
    }


def person(name, groups, uses):
    return {"name": name, "accounts": [name], "groups": groups,
            "keys": [{"key": public_key(name), "uses": uses}]}


def policy():
    return {
        "realm": read("realm"), "format": 1, "type": "policy", "version": 1, "previous": "",
        "created_ms": now_ms(), "expires_ms": now_ms() + 30 * 86400 * 1000,
        "administrators": {"threshold": 1, "people": ["admin"]},
        "server": {"status_keys": [public_key("status")], "automatic_keys": []},
        "limits": {"max_duration_s": 28800, "max_pending_s": 86400, "max_offline_s": 86400},
        "people": [
            person("alice", ["web"], ["signin"]),
            person("bob", ["web-leads"], ["approve", "signin"]),
            person("admin", [], ["administer", "signin"]),
        ],
        "roles": [web_operator()],
    }


def statement():
    held = json.loads(read("policy.json"))
    role = next(role for role in held["roles"] if role["name"] == "web-operator")
    return {
        "realm": held["realm"], "format": 1, "type": "grant", "subject": "alice", "requester": "alice",
        "role": "web-operator", "role_digest": digest(role), "policy_version": held["version"],
        "hosts": ["web-1"], "duration_s": 60, "start": {"rule": "approval"},
        "start_by_ms": now_ms() + 3600 * 1000, "uses": 0, "reason": "nginx does not answer", "ticket": "",
        "created_ms": now_ms(), "kind": "normal", "nonce": os.urandom(16).hex(),
    }


def status():
    held = json.loads(read("policy.json"))
    return {
        "realm": read("realm"), "format": 1, "type": "status", "host": "web-1", "number": read("number"),
        "time_ms": now_ms(), "policy_version": held["version"], "revoked": [],
        "suspended": {"people": [], "keys": []}, "receipt": {"seq": 0, "digest": "0" * 64},
    }


def main():
    kind, out = sys.argv[1:3]
    d = {"policy": policy, "statement": statement, "status": status}[kind]()
    names = {"d": d, "digest": digest, "public_key": public_key, "now_ms": now_ms, "person": person}
    if kind == "policy":
        names.update(role=d["roles"][0], people={p["name"]: p for p in d["people"]})
    elif kind == "statement":
        names["roles"] = {r["name"]: r for r in json.loads(read("policy.json"))["roles"]}
    exec(sys.argv[3] if len(sys.argv) > 3 else "", names)  # pylint: disable=exec-used
    with open(out, "wb") as file:
        file.write(canonical(d))
    print(digest(d))


main()
