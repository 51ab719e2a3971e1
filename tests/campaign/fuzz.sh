#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# Every fuzz target for an hour (FUZZ_SECONDS). Stopped and started again it goes on with the next target.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
FUZZ_RESUME=1 FUZZ_SECONDS=${FUZZ_SECONDS:-3600} exec make --no-print-directory fuzz
