// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What somebody at a terminal is asked after a denial: which role, why, how long. The request goes
// through the agent, which knows who was denied; the wait goes on until it is settled or the user
// has enough. Nothing is allowed here: the command is asked about once more.
#pragma once

#include <string_view>

#include "client/ask.h"
#include "client/terminal.h"

namespace daypass::sudo_plugin {

/// `denied` has offers. True: the role was granted, and the command may be asked about again.
/// Everything else has been said to the user.
bool PromptForRole(std::string_view root, const client::Terminal& terminal,
                   const client::VerdictReply& denied);

}  // namespace daypass::sudo_plugin
