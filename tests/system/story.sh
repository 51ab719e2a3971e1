#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# The demo, played as a test: a server, a policy from a TOML tree, an enrolled host, a request, an approval by SSH key,
# the window with and without the server, a forgery with all of the server's keys, the end, the journal.
# GF-24: the forgery.  SV-01: server and courier are gone.
. "$(dirname "$0")/../../tools/world.sh"
. /source/tools/demo/show.sh
. /source/tools/demo/setup.sh
. /source/tools/demo/story.sh

set_up
story
