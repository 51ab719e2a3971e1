// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Hands in what is asked for, on this host or at the server, says so, and waits if that is wanted.
#pragma once

#include <optional>

#include "cli/ask.h"
#include "cli/signed_in.h"
#include "cli/verb.h"

namespace daypass::cli {

struct Asking {
  Ask ask;
  bool wait = false;
  std::optional<core::Seconds> timeout;  ///< of the wait
};

/// For this host, through its agent, which knows who asks. Fails kAgentSilent (no agent here).
core::Result<Exit> AskThisHost(Context& context, const Asking& asking);

/// Through the server, as the person that is signed in.
core::Result<Exit> AskTheServer(Context& context, const SignedIn& session,
                                const core::Policy& policy, const Asking& asking);

}  // namespace daypass::cli
