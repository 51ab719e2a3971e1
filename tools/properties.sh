#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# properties.sh LOG FEWEST: how many cases the properties were shown, from ctest's log of its last run; fails if they
# are fewer.
set -euo pipefail
awk -v fewest="$2" '
  /^OK, passed [0-9]+ test/ { cases += $3; ++properties }
  END {
    printf "properties: %d held in %d cases (wanted: %d)\n", properties, cases, fewest
    exit cases < fewest
  }' "$1"
