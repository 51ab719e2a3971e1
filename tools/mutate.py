#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# Mutation testing: changes one thing in the code, and sees whether a test notices.
#
#   mutate.py run WORK [--jobs N] [--only FILE...] [--every N]   tests mutants that WORK has no result for yet
#   mutate.py run WORK --again [...]                             tests those that survived, after new tests
#   mutate.py report WORK OUT                                    writes the page
#
# A mutant is one operator, constant, condition or statement of a source, changed. It is built alone, linked with the
# rest and with the unit tests of its folder; a test that fails, a crash or a hang kills it. Who survives is either
# something that no test looks at, or a change that changes nothing: the latter are explained in
# tests/campaign/survivors.txt, "FILE | the mutated line | why nobody can tell", and by that name in the page. A
# statement left out is called "; in place of STATEMENT".
import argparse
import concurrent.futures
import glob
import json
import os
import re
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FLAGS = ["g++", "-std=c++20", "-O0", "-fPIC", "-I" + TOP, "-I" + TOP + "/tests/unit", f'-DDAYPASS_SOURCE_DIR="{TOP}"']
SURVIVORS = TOP + "/tests/campaign/survivors.txt"
# A test that goes on is stopped by its own work, not by the time that passes: at low priority on a busy machine a good
# one takes long too. The other limit is for one that sleeps.
CPU_S, TIMEOUT_S = 30, 1800
# Properties draw the same few cases each time, which the code as it is passes: what fails is the mutant's doing.
ENVIRONMENT = {**os.environ, "RC_PARAMS": "seed=1 max_success=300", "LC_ALL": "C"}

# What is mutated, with what it is linked and what tests it.
GROUPS = [
    {"name": "core", "mutate": ["core/*.cc"], "with": ["tests/unit/naive_matcher.cc"], "tests": ["tests/unit/core_*_test.cc"],
     "libs": ["-lrapidcheck", "-lre2"]},
    {"name": "sshsig", "mutate": ["wire/sshsig.cc", "wire/ssh_encoding.cc"],
     "with": ["core/*.cc", "wire/[!s]*.cc", "wire/s[!s]*.cc", "tests/unit/wire_fixture.cc"],
     "tests": ["tests/unit/wire_sshsig_test.cc", "tests/unit/wire_open_test.cc"], "libs": ["-lcrypto", "-ljansson", "-lre2"]},
]

# (what to look for, what to put there). Each match on a line of code is a mutant of its own.
OPERATORS = [
    (r" == ", " != "), (r" != ", " == "), (r" <= ", " < "), (r" >= ", " > "), (r" < ", " <= "), (r" > ", " >= "),
    (r" < ", " > "), (r" > ", " < "), (r" && ", " || "), (r" \|\| ", " && "), (r" \+ ", " - "), (r" - ", " + "),
    (r"\breturn true;", "return false;"), (r"\breturn false;", "return true;"),
    (r"(?<=[\s(])!(?=[\w(*])", ""), (r"\+\+", "--"), (r" \+= ", " -= "),
    (r"\bstd::min\b", "std::max"), (r"\bstd::max\b", "std::min"),
    (r"\ball_of\b", "any_of"), (r"\bany_of\b", "all_of"),
    (r"(?<![\w.'\"])(\d+)(?![\w.'\"])", lambda m: str(int(m.group(1)) + 1)),
    (r"(?<![\w])if \((?!auto)", "if (false && "), (r"\bcontinue;", ";"), (r"\bbreak;", ";"),
]
STATEMENT = re.compile(r"^\s+[\w.\->:\[\]*]+(\(.*\)| = .*);\s*$")


def is_code(line):
    text = line.strip()
    return bool(text) and not text.startswith(("//", "#", "static_assert", "namespace", "using ", "template", "*"))


def outside_strings(line, at):
    return line.count('"', 0, at) % 2 == 0 and "//" not in line[:at]


def mutants_of(path):
    """(line number, the line as it becomes) of each mutant of a file."""
    with open(os.path.join(TOP, path), encoding="utf-8") as file:
        lines = file.read().split("\n")
    for number, line in enumerate(lines):
        if not is_code(line):
            continue
        changed = set()
        for pattern, put in OPERATORS:
            for match in re.finditer(pattern, line):
                if outside_strings(line, match.start()):
                    changed.add(line[:match.start()] + match.expand(put(match) if callable(put) else put)
                                + line[match.end():])
        if STATEMENT.match(line) and not re.match(r"\s+(const |return|auto |std::\w+<)", line):
            changed.add(re.sub(r"\S.*", ";", line))
        for text in sorted(changed):
            yield number, text


def run(command, timeout=None):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout, check=False,
                          env=ENVIRONMENT)


def compile_one(source, output):
    return run(FLAGS + ["-c", source, "-o", output])


class Group:
    """The objects of one group, built once; a mutant replaces one of them."""

    def __init__(self, group, work):
        self.name, self.work, self.libs = group["name"], f"{work}/{group['name']}", group["libs"]
        os.makedirs(self.work, exist_ok=True)
        expand = lambda patterns: sorted({os.path.relpath(p, TOP) for pattern in patterns
                                          for p in glob.glob(f"{TOP}/{pattern}")})
        self.mutate = expand(group["mutate"])
        self.sources = self.mutate + expand(group["with"]) + expand(group["tests"])

    def object_of(self, source):
        return f"{self.work}/{source.replace('/', '_')}.o"

    def build(self, pool):
        stale = [s for s in self.sources if not os.path.exists(self.object_of(s)) or
                 os.path.getmtime(self.object_of(s)) < os.path.getmtime(f"{TOP}/{s}")]
        for source, done in zip(stale, pool.map(lambda s: compile_one(f"{TOP}/{s}", self.object_of(s)), stale)):
            if done.returncode != 0:
                sys.exit(f"mutate: {source} does not build:\n{done.stdout.decode()}")
        if self.test([], "control") != "survived":
            sys.exit(f"mutate: the tests of {self.name} fail on the code as it is")

    def test(self, replaced, tag):
        """'survived' if all tests pass with these (source, object) in place of the usual ones."""
        program = f"{self.work}/{tag}"
        objects = [dict(replaced).get(s, self.object_of(s)) for s in self.sources]
        linked = run(["g++", "-o", program] + objects + ["-lgmock", "-lgtest", "-lgtest_main"] + self.libs)
        if linked.returncode != 0:
            return "does not link" if tag != "control" else sys.exit(linked.stdout.decode())
        try:
            done = run(["prlimit", f"--cpu={CPU_S}", program, "--gtest_fail_fast", "--gtest_brief=1"], TIMEOUT_S)
        except subprocess.TimeoutExpired:
            return "killed"
        finally:
            os.unlink(program)
        return "survived" if done.returncode == 0 else "killed"

    def try_mutant(self, source, number, text):
        tag = f"mutant-{os.getpid()}-{abs(hash((source, number, text)))}"
        path = f"{self.work}/{tag}.cc"
        with open(f"{TOP}/{source}", encoding="utf-8") as file:
            lines = file.read().split("\n")
        lines[number] = text
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines))
        try:
            if compile_one(path, path + ".o").returncode != 0:
                return "does not build"
            return self.test([(source, path + ".o")], tag)
        finally:
            for left in path, path + ".o":
                if os.path.exists(left):
                    os.unlink(left)


def key_of(source, lines, number, text):
    """The same as long as the line is, wherever it moves to."""
    line = lines[number].strip()
    return json.dumps([source, line, text.strip(), sum(other.strip() == line for other in lines[:number])])


def shown_as(line, text):
    """How a mutant is named in the page and in the explanations: what is gone where it left nothing behind."""
    return text.strip() if text.strip() != ";" else f"; in place of {line.strip()}"


def load(work):
    results = {}
    if os.path.exists(f"{work}/results"):
        with open(f"{work}/results", encoding="utf-8") as file:
            for line in file:
                row = json.loads(line)
                results[row["key"]] = row["result"]
    return results


def all_mutants(group):
    for source in group.mutate:
        with open(f"{TOP}/{source}", encoding="utf-8") as file:
            lines = file.read().split("\n")
        for number, text in mutants_of(source):
            yield source, number, text, key_of(source, lines, number, text)


def command_run(args):
    os.makedirs(args.work, exist_ok=True)
    known = load(args.work)
    is_due = (lambda key: known.get(key) == "survived") if args.again else (lambda key: key not in known)
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool, \
            open(f"{args.work}/results", "a", encoding="utf-8") as out:
        for description in GROUPS:
            group = Group(description, args.work)
            mutants = list(all_mutants(group))[::args.every]
            left = [m for m in mutants if is_due(m[3]) and (not args.only or m[0] in args.only)]
            if not left:
                continue
            group.build(pool)
            jobs = {pool.submit(group.try_mutant, *m[:3]): m for m in left}
            for done, job in enumerate(concurrent.futures.as_completed(jobs), 1):
                out.write(json.dumps({"key": jobs[job][3], "result": job.result()}) + "\n")
                out.flush()
                if done % 25 == 0 or done == len(left):
                    print(f"mutate: {group.name}: {done} of {len(left)}", flush=True)


def explanations():
    why = {}
    if os.path.exists(SURVIVORS):
        with open(SURVIVORS, encoding="utf-8") as file:
            for line in file:
                if line.count(" | ") >= 2 and not line.startswith("#"):
                    source, rest = line.rstrip("\n").split(" | ", 1)
                    text, reason = rest.rsplit(" | ", 1)
                    why[source, text] = reason
    return why


def command_report(args):
    known, why = load(args.work), explanations()
    table, survivors, killed_in_all, counted_in_all, untried = [], [], 0, 0, 0
    for description in GROUPS:
        for source, number, text, key in all_mutants(Group(description, args.work)):
            result = known.get(key)
            untried += result is None
            if result not in ("killed", "survived"):
                continue
            if not table or table[-1][0] != source:
                table.append([source, 0, 0])
            table[-1][2] += 1
            table[-1][1] += result == "killed"
            if result == "survived":
                survivors.append((source, number + 1, shown_as(json.loads(key)[1], text)))
    for _, killed, counted in table:
        killed_in_all, counted_in_all = killed_in_all + killed, counted_in_all + counted
    with open(args.out, "w", encoding="utf-8") as page:
        page.write("# Mutation testing\n\nWritten by `tools/mutate.py report`; `tests/campaign/mutation.sh` runs it. One "
                   "thing in the code is changed at a time;\na change that no unit test notices survives. Changes that do "
                   "not build are left out.\n\n" + (f"A sample: {untried} mutants have not been tried yet.\n\n" if untried else "") +
                   "| file | killed | of | |\n|---|---|---|---|\n")
        for source, killed, counted in table + [["all", killed_in_all, counted_in_all]]:
            page.write(f"| {source} | {killed} | {counted} | {100 * killed / max(counted, 1):.1f} % |\n")
        page.write("\n## Survivors\n\n| where | becomes | why nobody can tell |\n|---|---|---|\n")
        for source, number, text in survivors:
            shown = text.replace("|", "\\|")
            page.write(f"| {source}:{number} | `{shown}` | {why.get((source, text), 'not explained yet')} |\n")
    print(f"{killed_in_all} of {counted_in_all} killed; "
          f"{sum((s, t) not in why for s, _, t in survivors)} survivors not explained")


def main():
    parser = argparse.ArgumentParser()
    verbs = parser.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser("run")
    one.add_argument("work")
    one.add_argument("--jobs", type=int, default=os.cpu_count())
    one.add_argument("--only", nargs="*")
    one.add_argument("--every", type=int, default=1, help="only each N-th mutant: a sample")
    one.add_argument("--again", action="store_true", help="those that survived, instead of those not tried yet")
    one.set_defaults(call=command_run)
    two = verbs.add_parser("report")
    two.add_argument("work")
    two.add_argument("out")
    two.set_defaults(call=command_report)
    args = parser.parse_args()
    args.call(args)


main()
