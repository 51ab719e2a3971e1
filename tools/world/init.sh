#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# init.sh SCRIPT [ARG...]: PID 1 of a world. Runs SCRIPT and ends with its exit code, and the world with it.
# bash as PID 1 reaps every orphan while it waits.
set -uo pipefail
cd /
hostname web-1
ip link set lo up
"$@"
exit $?
