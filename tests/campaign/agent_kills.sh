#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# The decider killed 10,000 times under a load of checks (DAYPASS_ROUNDS); about ten minutes.
set -euo pipefail
DAYPASS_ROUNDS=${DAYPASS_ROUNDS:-10000} exec "$(dirname "$0")/../system/kills.sh"
