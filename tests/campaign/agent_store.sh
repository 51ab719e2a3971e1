#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# The agent's store damaged in 100,000 ways, its power cut 20,000 times, its log cut off at every byte; about a quarter
# of an hour.
set -euo pipefail
export TEST_TMPDIR=/dev/shm
DAYPASS_ROUNDS=${DAYPASS_ROUNDS:-100000} "$DAYPASS_BUILD/tests/unit/unit_agent_loss"
DAYPASS_ROUNDS=20000 "$DAYPASS_BUILD/tests/unit/unit_agent_power" --gtest_filter='*Promised'
DAYPASS_ROUNDS=0 exec "$DAYPASS_BUILD/tests/unit/unit_agent_power" --gtest_filter='*LogEnds'
