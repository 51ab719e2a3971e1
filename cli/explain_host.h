// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What this host would say to a command now, asked of its agent: its real grants, its clock, its
// paths. Nothing is spent, begun or recorded by the question.
#pragma once

#include <string>

#include "cli/verb.h"
#include "core/query.h"

namespace daypass::cli {

/// `query`: without uids, which are looked up; an empty user is the asker. Prints what the agent
/// says; kRefused where it is a denial.
core::Result<Exit> ExplainByHost(Context& context, core::Query query);

}  // namespace daypass::cli
