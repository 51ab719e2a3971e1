#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# Five thousand execs of one make under sudo's intercept, with the real one (a minute). DAYPASS_ROUNDS: how many.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
DAYPASS_ROUNDS=${DAYPASS_ROUNDS:-5000} exec tests/system/intercept.sh
