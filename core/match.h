// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What a role lets somebody do: door, run-as, options, environment, and the command or files,
// argument by argument. Never a glob over a joined line.
#pragma once

#include <optional>
#include <string>

#include "core/decision.h"
#include "core/policy.h"
#include "core/query.h"
#include "core/reason.h"

namespace daypass::core {

/// Why something does not fit, and which part of the query it is about.
struct Misfit {
  Reason reason = Reason::kInternal;
  std::string detail;
};

/// Door: the role must name it. A door that shows no command, and is no login, opens only for a
/// `full` role or one that names it in command_blind_doors; at sudo's, the latter counts only where
/// sudo never has plugins.
std::optional<Misfit> MatchDoor(const Powers& powers, const Query& query);

/// User and group to run as. A login leads to the subject itself; another door that does not show
/// whom it leads to may lead to root, and opens only for a role that runs as root.
std::optional<Misfit> MatchRunAs(const Powers& powers, const Query& query);

/// Hours, where there are any. `until`, if not null, is brought forward to their close.
std::optional<Misfit> MatchHours(const Powers& powers, const Zones& zones, const Now& now,
                                 Instant* until = nullptr);

/// Options, environment and command; of a sub-command, what its parent's rule lets it start. On
/// success `rule_id` is the rule that fits ("" for `full`).
std::optional<Misfit> MatchCommand(const Powers& powers, const Query& query,
                                   const PatternMatcher& matches_pattern, std::string& rule_id);

}  // namespace daypass::core
