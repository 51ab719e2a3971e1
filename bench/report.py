#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# Turns what the benchmarks measured (lines of JSON on stdin) into claims: a table for people and bench.json.
#
#   report.py OUT < LINES
#
# Each claim compares Daypass with something measured in the same run, turn about; `ratio` is what its goal is
# about, `met` whether it was reached. Exit 0 whether or not: figures are no tests.
import json
import statistics
import sys


def percentile(values, part):
    return sorted(values)[round(part * (len(values) - 1))]


def added(rows, side):
    """What one side adds to plain sudo, round by round, in milliseconds."""
    return [(row[side] - row["plain"]) / 1000 for row in rows]


def claim(name, what, value, unit, against, ratio, goal, met):
    return {"name": name, "what": what, "value": round(value, 3), "unit": unit, "against": round(against, 3),
            "ratio": round(ratio, 3), "goal": goal, "met": bool(met)}


def sudo(name, what, side, goal):
    """The median of what Daypass adds, against what another side adds."""
    def judge_rows(rows):
        value, against = statistics.median(added(rows, "daypass")), statistics.median(added(rows, side))
        met = value / against <= 1.5 if "ratio" in goal else value - against <= 0.5
        yield claim(name, what, value, "ms", against, value / against, goal, met)
    return judge_rows


def sudo_disk(rows):
    yield from sudo("sudo_durable", "added to sudo -n true, against a bare plugin that syncs 512 bytes", "sync",
                    "ratio <= 1.5")(rows)
    yield from sudo("sudo_contained", "the same, against one that also contains the asker", "contain", "ratio <= 1.5")(rows)
    ours, bare = percentile(added(rows, "daypass"), 0.95), percentile(added(rows, "contain"), 0.95)
    yield claim("sudo_contained_p95", "the same, 95th percentile", ours, "ms", bare, ours / bare, "", True)


def sudo_disk_moving(rows):
    yield from sudo("sudo_durable_fast", "added to sudo -n true where moving a process is quick, against a bare plugin "
                    "that syncs", "sync", "ratio <= 1.5")(rows)


def latency(name, what, goal, ours, theirs, figure):
    def judge(rows):
        value = statistics.median(row[ours][figure] for row in rows)
        against = statistics.median(row[theirs][figure] for row in rows)
        yield claim(name, what, value, "us", against, value / against, f"ratio <= {goal}", value / against <= goal)
    return judge


def rate(name, what, goal):
    def judge(rows):
        value = statistics.median(row["daypass"]["per_second"] for row in rows)
        against = statistics.median(row["bare"]["per_second"] for row in rows)
        yield claim(name, what, value, "checks/s", against, value / against, f"ratio >= {goal}", value / against >= goal)
    return judge


def held(rows, base, count, goal):
    value = statistics.median(row["daypass"]["median_us"] for row in rows)
    against = statistics.median(row["daypass"]["median_us"] for row in base)
    return claim(f"held_{count}", f"median check with {count} grants held, against one", value, "us", against,
                 value / against, f"ratio <= {goal}", value / against <= goal)


def held_memory(rows):
    for kind, goal in ("private", 12), ("resident", 20):
        value = rows[0]["memory"][f"{kind}_kib"] / 1024
        yield claim(f"memory_{kind}", f"{kind} memory of daypassd with 10,000 grants", value, "MiB", goal,
                    value / goal, f"at most {goal} MiB", value <= goal)


def held_start(rows):
    value = statistics.median(row["daypass"] for row in rows)
    against = statistics.median(row["floor"] for row in rows)
    yield claim("start", "start to first answer with 10,000 grants, against verifying and parsing them alone",
                value, "ms", against, value / against, "ratio <= 1.3", value / against <= 1.3)


def loaded(rows):
    value = statistics.median(row["daypass"]["p99_us"] for row in rows)
    yield claim("loaded_p99", "p99 of a durable check with 10,000 grants and a policy of 100 roles with 50 rules each",
                value, "us", 5000, value / 5000, "at most 5 ms", value <= 5000)
    value = max(row["memory"]["resident_kib"] for row in rows) / 1024
    yield claim("loaded_memory", "resident memory of daypassd then", value, "MiB", 64, value / 64, "at most 64 MiB",
                value <= 64)


def decide(rows):
    for key, what in ("one", "one grant held"), ("all", "a grant of each held, the last one matches"):
        value = statistics.median(row[key]["median_us"] for row in rows)
        yield claim(f"decide_{key}", f"Decide with 100 roles, {what}", value, "us", 10, value / 10,
                    "median <= 10 us", value <= 10)


def policy(rows):
    what = "with 1,000 roles of 50 rules each and 10,000 grants held"
    for name, key, unit, goal in (("policy_decide", "median_us", "us", 20), ("policy_decide_p99", "p99_us", "us", 100),
                                  ("policy_read", "read_ms", "ms", 500)):
        value = statistics.median(row["large"][key] for row in rows)
        shown = {"median_us": f"Decide {what}", "p99_us": "the same, 99th percentile",
                 "read_ms": "verifying and reading that policy"}[key]
        yield claim(name, shown, value, unit, goal, value / goal, f"at most {goal} {unit}", value <= goal)


def requests(rows):
    what = {"list": "listing the newest 100", "pending": "listing what is pending", "person": "searching by person",
            "role": "searching by role and host", "submit": "taking one more, with its risk"}
    for key, shown in what.items():
        value = statistics.median(row["stored"][f"{key}_p95_ms"] for row in rows)
        yield claim(f"requests_{key}", f"the server with 100,000 requests: {shown}, 95th percentile", value, "ms", 20,
                    value / 20, "at most 20 ms", value <= 20)


def approve(rows):
    took = sorted(value for row in rows for value in row["took"])
    value = took[len(took) * 95 // 100]
    yield claim("approve", "from `daypass approve` to the end of the command that waited at sudo's prompt, 95th percentile",
                value, "ms", 1000, value / 1000, "at most 1 s", value <= 1000)


JUDGES = {
    "sudo_disk": sudo_disk,
    "sudo_disk_moving": sudo_disk_moving,
    "sudo_memory": sudo("sudo_memory", "added to sudo -n true with the store on tmpfs, against a bare round trip", "trip",
                        "at most 0.5 ms more"),
    "sudo_memory_moving": sudo("sudo_memory_fast", "the same where moving a process is quick", "trip",
                               "at most 0.5 ms more"),
    "durable_one": latency("durable_p99", "p99 of one durable check, against the bare syncing daemon", 1.5,
                           "daypass", "bare", "p99_us"),
    "memory_two": rate("checks_memory", "checks per second, two clients, store on tmpfs, against a bare daemon", 0.5),
    "durable_many": rate("checks_durable", "durable checks per second, 16 clients, against bare group commit", 0.5),
    "journal_stopped": latency("journal_stopped", "p99 of a check with journald stopped, against running", 1.1,
                               "stopped", "running", "p99_us"),
    "held_memory": held_memory,
    "held_start": held_start,
    "loaded": loaded,
    "decide": decide,
    "policy": policy,
    "requests": requests,
    "approve": approve,
}


def judge(lines):
    rows = {}
    for line in lines:
        row = json.loads(line)
        rows.setdefault(row.pop("claim"), []).append(row)
    for name, judge_rows in JUDGES.items():
        if name in rows:
            yield from judge_rows(rows[name])
    for count, goal in (10000, 1.05), (100000, 1.10):
        if f"held_{count}" in rows:
            yield held(rows[f"held_{count}"], rows["held_1"], count, goal)


def show(claims):
    print(f"{'claim':18} {'Daypass':>10} {'against':>10} {'ratio':>6}  {'unit':8} {'goal':20} met")
    for one in claims:
        print(f"{one['name']:18} {one['value']:10.2f} {one['against']:10.2f} {one['ratio']:6.2f}  {one['unit']:8} "
              f"{one['goal']:20} {('yes' if one['met'] else 'NO') if one['goal'] else ''}")


def main():
    claims = list(judge(line for line in sys.stdin if line.startswith('{"claim"')))
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        json.dump(claims, file, indent=1)
        file.write("\n")
    show(claims)


main()
