#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# The server under ThreadSanitizer, each of its clients at work ten times as long as in `make tsan` (DAYPASS_ROUNDS).
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
DAYPASS_ROUNDS=${DAYPASS_ROUNDS:-150} exec make --no-print-directory tsan
