#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# spawn.py COUNT: starts /usr/bin/true that often, one after another, and says how long an exec took until it was let
# through, which under sudo's intercept is the decision and sudo's own tracing. posix_spawn returns when exec has.
import os
import sys
import time


def main():
    took = []
    for _ in range(int(sys.argv[1])):
        before = time.monotonic()
        pid = os.posix_spawn("/usr/bin/true", ["true"], {})
        took.append((time.monotonic() - before) * 1e6)
        os.waitpid(pid, 0)
    took.sort()
    print(f"median_us={took[len(took) // 2]:.0f} p99_us={took[len(took) * 99 // 100]:.0f}")


main()
