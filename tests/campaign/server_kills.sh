#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# The server killed, and its power cut, 10,000 times each while it takes records (DAYPASS_ROUNDS); about half an hour.
set -euo pipefail
export DAYPASS_ROUNDS=${DAYPASS_ROUNDS:-10000}
"$DAYPASS_BUILD/tests/unit/unit_server_power"
exec "$DAYPASS_BUILD/tests/unit/unit_server_kills"
