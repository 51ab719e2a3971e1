#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# A backlog of a gibibyte of records (DAYPASS_ROUNDS: in mebibytes), which lies in memory twice; about a quarter of an hour.
set -euo pipefail
DAYPASS_ROUNDS=${DAYPASS_ROUNDS:-1024} exec "$(dirname "$0")/../system/backlog.sh"
