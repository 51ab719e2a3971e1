#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# Mutation testing of core/ and of the reader of signatures (an hour or two); goes on where it was stopped, and writes
# docs/mutation.md.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(dirname "${DAYPASS_BUILD:?}")/mutation
tools/mutate.py run "$work"
tools/mutate.py report "$work" docs/mutation.md
