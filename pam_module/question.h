// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// One question of one PAM phase: read PAM's items, ask the agent, tell the person why not.
//
//   1. MUST keep nothing from one question to the next: modules are unloaded where they can be, and
//   their data is cleaned up in other processes.
//   2. MUST NOT read the environment: in sudo, su and doas it is the caller's.
//   3. MUST NOT change uid, working directory, limits, signals or PAM items.
//   4. MUST NOT believe getuid() alone to say "root": a set-uid program may have changed it
//   already.
#pragma once

#include <security/pam_modules.h>

#include "client/ask.h"
#include "pam_module/translate.h"

namespace daypass::pam_module {

/// Asks whether this service's user may pass. `flags`, `argc`, `argv`: as PAM gave them.
Outcome Ask(pam_handle_t* pamh, client::AccountPhase phase, int flags, int argc, const char** argv);

/// Tells that a session ends. Whatever goes wrong, there is nothing left to refuse.
void Report(pam_handle_t* pamh, int argc, const char** argv);

}  // namespace daypass::pam_module
