#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# seeds.py: writes the seeds of every corpus anew (corpus/TARGET/seed-*), from the examples of docs/formats and
# with the real ssh-keygen and cvtsudoers. Run it when a format changes. What the fuzzer has found stands beside
# them, under other names, and is left alone.
import base64
import json
import pathlib
import re
import struct
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
DOCS = HERE.parents[1] / "docs"
GRANT = "grant@daypass"


def blocks(page, kind):
    """The contents of the page's fenced blocks of one kind, each with its last line's end."""
    text = (DOCS / "formats" / page).read_text()
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.M | re.S)


def lines(page, kind):
    return [line for block in blocks(page, kind) for line in block.splitlines()]


def write(target, name, content):
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"seed-{name}").write_bytes(content if isinstance(content, bytes) else content.encode())


def write_all(target, name, contents):
    for number, content in enumerate(contents, 1):
        write(target, f"{name}-{number}", content)


def compact(value):
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


def changed(text, **changes):
    """A JSON document with some members set, and those removed that are None."""
    value = json.loads(text)
    for key, new in changes.items():
        value.pop(key, None) if new is None else value.update({key: new})
    return compact(value)


def everything(policy):
    """A policy with every key that may be left out."""
    role = policy["roles"][0]
    role["windows"] = [{"days": ["mon", "sat"], "from": "22:00", "to": "06:30", "zone": "Europe/Berlin"},
                       {"days": ["sun"], "from": "00:00", "to": "24:00", "zone": "UTC"}]
    role.update(max_pending_s=60, grace_s=30, warn_s=[600, 60], intercept=True, valid_until_ms=1900000000000,
                server={"stages": True, "hours": role["windows"], "on_call": "web", "ticket": "OPS-[0-9]+",
                        "max_risk": 40, "per_day": 3},
                automatic={"subjects": {"any": True}, "hosts": {"names": ["web-1"]}, "max_duration_s": 600, "per_day": 2})
    role["rules"][0]["may_run"] = ["/usr/bin/less"]
    policy["server"]["automatic_keys"] = ["ssh-ed25519 " + base64.b64encode(
        ssh_string(b"ssh-ed25519") + ssh_string(b"r" * 32)).decode()]
    policy["people"][0].update(kind="service", memberships=[{"group": "ops", "valid_until_ms": 1900000000000}])
    policy["limits"]["hosts"] = [{"hosts": role["hosts"], "max_duration_s": 1800}]
    policy["standing"] = [{"name": "nightly", "accounts": ["backup"], "rules": [dict(role["rules"][0])],
                           **{key: role[key] for key in ("hosts", "doors", "run_as", "windows", "intercept")}}]
    policy["breakglass"] = {"roles": [role["name"]], "hosts": role["hosts"], "max_duration_s": 3600,
                            "approve": role["approve"]}
    policy["zones"] = {"Europe/Berlin": "CET-1CEST,M3.5.0,M10.5.0/3", "UTC": "UTC0"}
    return compact(policy)


def blob_of(armoured):
    return base64.b64decode("".join(armoured.splitlines()[1:-1]))


def ssh_string(data):
    return struct.pack(">I", len(data)) + data


def signatures():
    """Every kind of key that ssh-keygen makes without a token, and what it signs."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "hello").write_text("hello")
        for kind, bits in (("ed25519", "256"), ("ecdsa", "256"), ("ecdsa", "521"), ("rsa", "2048")):
            key = folder / f"{kind}-{bits}"
            subprocess.run(["ssh-keygen", "-q", "-N", "", "-C", "a comment", "-t", kind, "-b", bits, "-f", key], check=True)
            for hash_name in ("sha256", "sha512"):
                subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-O", f"hashalg={hash_name}", "-n", GRANT, "-f", key,
                                folder / "hello"], check=True, capture_output=True)
                armoured = (folder / "hello.sig").read_text()
                (folder / "hello.sig").unlink()
                yield key.name, hash_name, key.with_suffix(".pub").read_text(), armoured


def seed_signatures():
    head = f"{GRANT}\nhello\n"
    for number, armoured in enumerate(blocks("sshsig.md", "signature"), 1):
        write("sshsig", f"page-{number}", f"t{head}{armoured}")
        write("sshsig", f"page-blob-{number}", f"b{head}".encode() + blob_of(armoured))
    for key, hash_name, line, armoured in signatures():
        write("sshsig", f"{key}-{hash_name}", f"b{head}".encode() + blob_of(armoured))
        write("public_key", key, line)
        write("public_key", f"{key}-blob", b"b" + base64.b64decode(line.split()[1]))
    write("sshsig", "crlf", f"t{head}{blocks('sshsig.md', 'signature')[0]}".replace("\n", "\r\n"))
    write_all("public_key", "page", blocks("sshsig.md", "key"))
    token = b"b" + ssh_string(b"sk-ssh-ed25519@openssh.com") + ssh_string(b"x" * 32) + ssh_string(b"ssh:")
    write("public_key", "token-blob", token)
    write("public_key", "base64", "QUJDRA==")


def seed_documents():
    envelope = blocks("envelope.md", "envelope")[0]
    payload, armoured = lines("statement.md", "statement")[0], "".join(envelope.partition("-----BEGIN")[1:])
    unsigned = f"daypass-envelope 1 policy {len(payload)}\n{payload}\n"
    for target in ("envelope", "doc"):
        write(target, "grant", envelope)
        write(target, "twice", envelope + armoured)
        write(target, "unsigned", unsigned)
        write(target, "relabelled", envelope.replace(" grant ", " policy "))
    write("doc", "terminal", "daypass-envelope 1 x 27\n" + '{"realm":"\x7f\\u001b[2J\u202e"}\n')

    write("statement", "page", payload)
    start = {"rule": "scheduled", "at_ms": 1764004000000}
    write("statement", "scheduled", changed(payload, start=start, extends="ab" * 32))
    write("statement", "counted", changed(payload, uses=3, start={"rule": "first_use"}, ticket=""))
    write("statement", "hosts", changed(payload, hosts=["web-1", "web-2", "db.example"]))

    status = lines("status.md", "status")[0]
    write("status", "page", status)
    revoked = [{"person": "alice", "at_ms": 1}, {"id": "0" * 64, "at_ms": 2}]
    write("status", "much", changed(status, revoked=revoked, suspended={"people": ["bob", "carol"], "keys": []},
                                    receipt={"seq": 0, "digest": ""}))
    write("signin", "page", lines("signin.md", "signin")[0])
    write_all("record", "page", lines("record.md", "record"))
    write("record", "least", changed(lines("record.md", "record")[0], approvers=None, policy=None, why=None))
    policy = compact(json.loads(blocks("policy.md", "policy")[0]))
    write("policy", "page", policy)
    write("policy", "page-as-written", blocks("policy.md", "policy")[0])
    write("policy", "everything", everything(json.loads(policy)))
    for number in range(11):
        write("record_chain", f"wrong-{number}", bytes([16, 0, 16, 16 | number, 0, 16]))
        write("record_chain", f"wrong-unsigned-{number}", bytes([16, number, 16]))
    write("record_chain", "good", bytes([0, 16] * 12))
    write_all("json", "page", blocks("canonical-json.md", "json") + blocks("canonical-json.md", "canonical"))
    write("json", "deep", '{"a":' * 15 + "[]" + "}" * 15)
    write("json", "kinds", '{"a":[true,false,0,-1,9007199254740991,"\\u00e9\\ud83d\\ude00",{}],"b":""}')


def seed_local():
    calls, courier = lines("ipc.md", "call"), lines("ipc.md", "courier-call")
    write_all("ipc_call", "page", calls + courier)
    for number, call in enumerate(calls, 1):
        if ".Command" in call:
            write("ipc_memfd", f"parameters-{number}", compact(json.loads(call)["parameters"]))
    edit = json.loads(next(call for call in calls if ".Command" in call and "argv" in call))["parameters"]
    edit = {**edit, "mode": "edit", "files_b64": ["L2V0Yy94"], "options": ["chdir"], "runas_group": "adm", "subcommand": True}
    write("ipc_call", "edit", compact({"method": "org.daypass.Check.Command", "parameters": edit}))
    write("ipc_memfd", "edit", compact(edit))
    asked = {"role": "web-operator", "duration_s": 1200, "reason": "nginx does not start"}
    users = [("Request", asked), ("Request", {**asked, "ticket": "OPS-7", "uses": 3, "start": "first_use"}),
             ("Request", {**asked, "start": "scheduled", "at_ms": 1764003600000}), ("Wait", {"id": "g-abcdefghijklmnop"}),
             ("Drop", {"id": "ab" * 32}), ("Status", {}), ("Import", {"memfd": 0})]
    write_all("ipc_user", "call", [compact({"method": f"org.daypass.User.{name}", "parameters": parameters})
                                   for name, parameters in users])
    replies = [lines("ipc.md", kind) for kind in ("verdict", "watch", "error", "courier-put", "courier-state")]
    write_all("ipc_reply", "page", sum(replies, []))
    stream = "\0".join(calls + courier).encode() + b"\0"
    write("ipc_frame", "page", b"\x08\x03" + stream)
    write("ipc_frame", "cut", b"\xff\x40" + stream[:-30])
    write("ipc_frame", "long", b"\x40\x01" + b"a" * 4096 + b"\0" + b"b" * 4097)
    digest, path = "ab" * 32, base64.b64encode(b"/usr/bin/id").decode()
    fact = {"canonical": path, "safe": True, "unsafe": "", "sha256": digest}
    write_all("resolver", "message", [compact(message) for message in (
        {"pid": 17, "start_ticks": 12345}, {"uid": 1001}, {"name": base64.b64encode(b"alice").decode()}, {},
        {"fault": "the directory does not answer"}, {"facts": []}, {"facts": [fact]},
        {"facts": [fact, {**fact, "safe": False, "sha256": ""}]},
        {"paths": [{"path": path, "sha256": True, "command": False}]})])


def seed_sudo():
    settings = ["progname=sudo", "noninteractive=true"]
    user = ["user=alice", "uid=1001", "cwd=/home/alice", "tty=/dev/pts/3"]
    info = ["command=/usr/bin/systemctl", "runas_user=root", "runas_uid=0", "runas_gid=0"]
    environment = ["PATH=/usr/bin", "LANG=C"]
    edit = info + ["sudoedit=true", "sudoedit_nfiles=1"]
    for name, parts in {
        "run": (settings, user, info, ["systemctl", "restart", "nginx"], environment),
        "edit": (settings, user, edit, ["vi", "--", "/etc/motd"], environment),
        "shell": (["run_shell=true", "runas_group=adm", "cmnd_cwd=/"], user, info, ["sh", "-c", "id"], []),
        "sub": (settings, user, info + ["runcwd=/tmp", "intercept=true", "new_key=1"], ["id"], environment),
        "root": (settings, ["user=root", "uid=0"], info, ["root=/srv/trial"], environment),
    }.items():
        write("sudo_facts", name, b"\0\n".join("".join(f"{entry}\n" for entry in part).encode() for part in parts))


def seed_files():
    write("gate_conf", "page", "# first permissive, then enforce\nmode permissive\n\nexempt admin login # the console\n")
    write("gate_conf", "enforce", "mode enforce\nexempt root sudo\nexempt DOMAIN$ ssh")
    host = 'realm = "00112233445566778899aabbccddeeff"\nname = "web-1"\n\n[labels]\nenv = "prod"\n\n[policy]\nversion = 1\n'
    write("host_toml", "page", f'{host}digest = "{"5f" * 32}"\n')
    write("agent_toml", "page", '[agent]\nstatus_every = "60s"\n\n[sync]\nserver = "https://daypass.example:8443"\n'
          'proxy = "http://proxy:3128"\nca = "/etc/daypass/ca.pem"\n')
    write("agent_toml", "least", '[sync]\nserver = "https://[::1]/"\n')
    write("cli_toml", "page", 'server = "https://daypass.example"\nca = "~/ca.pem"\nperson = "bob"\n'
          f'key = "/root/.ssh/\\"k\\\\ey\\""\n[policy]\nrealm = "{"5f" * 16}"\nversion = 1\ndigest = "{"60" * 32}"\n')
    write("server_toml", "page", '[server]\nlisten = "127.0.0.1:8443"\nnames = ["daypass.example", "::1"]\n')
    write("server_toml", "six", "[server]\nlisten = '[::]:0'\nnames = ['a']\n")
    source = DOCS / "examples/policy"
    people = (source / "people/people.toml").read_text()
    roles = [path.read_text() for path in sorted((source / "roles").glob("*.toml"))]
    for number, role in enumerate(["\n".join(roles)] + roles, 1):
        bare = re.sub(r"^#.*\n|\s*#.*$", "", f"{(source / 'policy.toml').read_text()}\n%%%\n{people}\n%%%\n{role}", flags=re.M)
        write("policy_source", f"example-{number}", bare)
    extra = (HERE.parent / "unit/policy_keys_test.cc").read_text()
    write("policy_source", "keys", "\n%%%\n".join(re.findall(r'R"\((.*?)\n\)"', extra, re.S)))
    hours = 'windows = [{ days = ["mon"], from = "22:00", to = "06:00", zone = "UTC" }]'
    write("policy_source", "everything", bare.replace("on_end =", f"{hours}\non_end ="))


def seed_suggest():
    syslog, rest = "Nov 23 15:42:55 web-1 sudo[126]:    alice : ", "TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND="
    write("sudo_log", "syslog", "".join(f"{syslog}{rest}{command}\n" for command in (
        "/usr/bin/id -u", "/usr/bin/systemctl restart nginx", "sudoedit /etc/motd", "/usr/bin/vi -- /etc/hosts",
        "/bin/sh -c 'a b' \"c \\\" d\" e#011f", "list", "./id", "/usr/bin/tail -n 5 /var/log/syslog")))
    write("sudo_log", "logfile", f"Nov 23 15:31:55 : alice : HOST=db-1 ; {rest}/usr/bin/pg_dumpall\n    --clean  --if-exists\n"
          "Nov 23 15:32:01 : backup : PWD=/ ; USER=postgres ; GROUP=adm ; ENV=A=1 ; COMMAND=/usr/bin/true\n")
    write("sudo_log", "continued", f"{syslog}{rest}/usr/bin/echo a\n{syslog}(command continued) b\n")
    write("sudo_log", "others", f"Nov 23 15:42:55 web-1 sshd[9]: Accepted\n{syslog}3 incorrect password attempts ; {rest}/bin/su\n"
          f"{syslog}command not allowed ; {rest}/bin/su\nMon 2026-11-23 15:42:55 UTC WEB-1 sudo:  bob : {rest}/bin/id ; USER=x\n")
    for name, text in {
        "aliases": "User_Alias OPS = alice, bob, %wheel\nHost_Alias WEB = web-1, web-2\nRunas_Alias DB = postgres, mysql\n"
                   'Cmnd_Alias NET = /usr/bin/ip link, /bin/true ""\nOPS WEB = (DB) NOPASSWD: NET, sudoedit /etc/motd\n',
        "refusals": "Defaults runas_default=www-data\nalice ALL = (ALL : ALL) ALL, !/usr/bin/su\nbackup db-1 = (root) /usr/bin/pg_dump *\n"
                    "#1000 ALL = NOEXEC: INTERCEPT: /usr/bin/less\n!carol ALL = CWD=/srv /usr/bin/make, sha256:" + "0" * 64 + " /bin/x\n",
    }.items():
        write("sudoers", name, subprocess.run(["cvtsudoers", "-e", "-f", "json", "-"], input=text.encode(),
                                              capture_output=True, check=True).stdout)


def seed_network():
    request = lambda line, body="": f"{line}\n{body}"
    write_all("http_request", "get", [request(f"GET {target}") for target in (
        "/v1/healthz -", "/v1/ca -", "/v1/host/changes?after=0&wait=0 web-1", "/v1/host/changes?after=9&wait=60 web-1",
        "/v1/host/policies/1 web-1", "/v1/host/grants?after=0 web-1", "/v1/host/requests/@PENDING@ web-1",
        "/v1/requests alice", "/v1/requests?state=all&mine=1 alice", "/v1/requests/@PENDING@ bob",
        "/v1/requests/@DENIED@ alice", "/v1/grants?host=web-1 bob", "/v1/grants/@APPROVED@ bob", "/v1/hosts dave",
        "/v1/policies/newest alice", "/v1/policies/1 alice", "/v1/policies/2 bob", "/v1/requests mallory")])
    bodies = [
        ("/v1/hosts -", {"token": "dpj-0", "name": "web-2", "labels": {"tier": "web"}, "host_key": "ssh-ed25519 A", "csr": "x"}),
        ("/v1/sign-in/challenge -", {"person": "bob"}),
        ("/v1/sign-in -", {"envelope": "daypass-envelope 1 signin 1\n{\n"}),
        ("/v1/host/renew web-1", {"csr": "-----BEGIN CERTIFICATE REQUEST-----\n"}),
        ("/v1/host/status web-1", {"number": "@NUMBER@"}),
        ("/v1/host/records web-1", {"records": [{"seq": 1, "bytes": lines("record.md", "record")[0], "signature": "x"}]}),
        ("/v1/host/requests web-1", {"envelope": blocks("envelope.md", "envelope")[0]}),
        ("/v1/requests alice", {"statement": "@STATEMENT@"}),
        ("/v1/requests alice", {"statement": lines("statement.md", "statement")[0]}),
        ("/v1/requests/@PENDING@/approvals bob", {"signature": "@SIGNATURE@"}),
        ("/v1/requests/@PENDING@/denial bob", {"reason": "not today"}),
        ("/v1/requests/@PENDING@/cancel alice", {}),
        ("/v1/grants/@APPROVED@/revoke dave", {"reason": "enough"}),
        ("/v1/revocations dave", {"person": "alice", "reason": "left"}),
        ("/v1/policies dave", {"envelope": blocks("envelope.md", "envelope")[0]}),
        ("/v1/join-tokens dave", {"name": "web-2"}),
    ]
    write_all("http_request", "post", [request(f"POST {head}", compact(body)) for head, body in bodies])
    write("http_request", "no-body", "POST /v1/requests/@PENDING@/cancel alice\n")
    write("http_request", "other-method", "DELETE /v1/requests/@PENDING@ alice\n")

    statement, envelope = lines("statement.md", "statement")[0], blocks("envelope.md", "envelope")[0]
    row = {"id": lines("statement.md", "id")[0], "short": lines("statement.md", "id")[1], "state": "pending",
           "statement": statement, "origin": "signed in", "requested_by": "alice", "needed": "1 of approvers",
           "approvals": [{"person": "bob", "fingerprint": "SHA256:" + "A" * 43, "at_ms": 1764003600000,
                          "signature": "".join(envelope.partition("-----BEGIN")[1:])}],
           "created_ms": 1764003600000, "start_by_ms": 1764007200000, "denied_by": "bob", "denial": "no\u202e"}
    write("answer_to_cli", "request", "200" + compact(row))
    write_all("answer_to_cli", "refusal", ["400" + answer.split("\n", 1)[1] for answer in blocks("http.md", "answer")])
    write("answer_to_cli", "envelope", "200" + envelope)
    write("answer_to_cli", "none", "503")
    state = json.loads(lines("ipc.md", "courier-state")[0])["parameters"]
    answers = [json.loads(line)["parameters"] for line in lines("ipc.md", "courier-put")]
    answers += [{"envelope": envelope}, {"cursor": 3, "grants": [{"id": "a", "envelope": envelope}]}, state]
    write_all("answer_to_courier", "body", [compact(answer) for answer in answers])
    status = lines("status.md", "status")[0]
    write("answer_to_courier", "grant", envelope)
    write("answer_to_courier", "status", f"daypass-envelope 1 status {len(status)}\n{status}\n"
          + "".join(envelope.partition("-----BEGIN")[1:]))


for old in HERE.glob("corpus/*/seed-*"):
    old.unlink()
seed_signatures()
seed_documents()
seed_local()
seed_sudo()
seed_files()
seed_suggest()
seed_network()
