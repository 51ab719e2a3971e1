#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# Each call and each piece of memory that the decider asks for refused once, every one of them, under AddressSanitizer,
# which also finds what is not given back; half an hour. DAYPASS_ROUNDS: how many of each kind (0: all).
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
build=${DAYPASS_ASAN:-build/asan}
cmake --preset asan -B "$build" > /dev/null
cmake --build "$build" --target unit_agent_torture
DAYPASS_ROUNDS=${DAYPASS_ROUNDS:-0} TEST_TMPDIR=/dev/shm "$build/tests/unit/unit_agent_torture"
