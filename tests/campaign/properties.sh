#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# The properties, shown ten million cases in all (two minutes). DAYPASS_CASES: how many each is shown.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
DAYPASS_CASES=${DAYPASS_CASES:-560000} ctest --test-dir "${DAYPASS_BUILD:?}" -L '^properties$' --output-on-failure
tools/properties.sh "$DAYPASS_BUILD/Testing/Temporary/LastTest.log" 10000000
