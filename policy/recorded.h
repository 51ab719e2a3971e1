// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Decisions of the past as questions that can be asked again. A record does not hold all that its
// decision rested on: what it lacks is assumed as ReplayAssumptions says, except where its reason
// tells (an unsafe path, an option, a variable that was refused).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/query.h"
#include "core/reason.h"
#include "core/time.h"
#include "policy/journal.h"
#include "policy/simulator.h"

namespace daypass::policy {

struct Recorded {
  core::Query query;  ///< paths are resolved; `uid` is the record's
  std::string host;
  core::Instant time;
  bool allowed = false;  ///< the verdict of then
  bool ran = false;      ///< its effect: a permissive host lets run what it would refuse
  bool has_terminal = false;
};

/// Sorted by host and time; a record that stands there twice counts once. `files`: where paths
/// lead; what is named nowhere there is itself, and safe.
std::vector<Recorded> ReadRecorded(std::span<const JournalEntry> entries, const Files& files,
                                   UnusedCounts& unused);

/// Whether the command is an editor as sudoedit starts it: with "--" before the files, which are
/// the last arguments then. `reason` is that of a recorded decision, which may tell.
bool LooksLikeEdit(const core::Query& query, core::Reason reason);

}  // namespace daypass::policy
