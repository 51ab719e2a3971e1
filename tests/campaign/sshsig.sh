#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# Our verdicts on SSH signatures against ssh-keygen's, on 10,000 generated cases (DAYPASS_ROUNDS).
set -euo pipefail
DAYPASS_ROUNDS=${DAYPASS_ROUNDS:-10000} exec "$DAYPASS_BUILD/tests/unit/unit_wire_sshsig_differential"
