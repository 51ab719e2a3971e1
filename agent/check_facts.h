// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Between the shims' messages and core's query: who asks, which paths need resolving, and what a
// record says of it.
#pragma once

#include <vector>

#include "agent/resolver.h"
#include "core/decision.h"
#include "core/policy.h"
#include "core/query.h"
#include "platform/process.h"
#include "wire/ipc_check.h"
#include "wire/record.h"

namespace daypass::agent {

/// The query without its path facts.
core::Query QueryOf(const wire::CommandCall& call);
/// su and its like: the caller is the subject, the target is run-as. Logins: PAM_USER is.
core::Query QueryOf(const wire::AccountCall& call);

wire::Record RecordOf(const wire::CommandCall& call, const platform::ProcessHandle& process);
wire::Record RecordOf(const wire::AccountCall& call, const platform::ProcessHandle& process);

/// Whether `record` denied this very sudo the command that it is for.
bool IsDenialOf(const wire::Record& record, const platform::ProcessHandle& process,
                std::string_view boot_id);

/// In whose name a sub-command of sudo's intercept is judged: what `record` allowed this very sudo
/// to run. Nobody's, which allows nothing, if it is the record of anything else.
core::Parent ParentOf(const wire::Record& record, const platform::ProcessHandle& process,
                      std::string_view boot_id);

/// What must be resolved, and which arguments the questions behind the first are about.
struct PathPlan {
  std::vector<PathQuestion> questions;
  std::vector<size_t> arguments;
};

/// The command, or edited files, and arguments that some rule compares as a path. `policy` may be
/// null.
PathPlan PlanPaths(const core::Policy* policy, const core::Query& query);
/// Puts the answers, in the order of the questions, into the query.
void FillIn(const PathPlan& plan, std::vector<core::PathFact> facts, core::Query& query);

/// Verdict, effect, reason and grant of a record.
void FillOutcome(const wire::VerdictReply& reply, const core::Decision& decision,
                 wire::Record& record);

}  // namespace daypass::agent
