// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The lints of `daypass policy check`, one file each. They judge a document that could be signed,
// and say where in the sources it is to be changed.
#pragma once

#include <string>

#include "core/policy.h"
#include "policy/finding.h"
#include "policy/places.h"

namespace daypass::policy {

struct Linted {
  const core::Policy& policy;
  const Places& places;
};

/// powers.cc: rules that give root or secrets, or say so without reason. (That a command equals
/// root and does not say so, the builder refuses already.)
void LintPowers(const Linted& linted, Findings& findings);

/// approvals.cc: roles that nobody may approve, or only if nobody is ill.
void LintApprovals(const Linted& linted, Findings& findings);

/// order.cc: rules that an earlier one makes superfluous.
void LintOrder(const Linted& linted, Findings& findings);

/// times.cc: people and roles that end before the policy does.
void LintTimes(const Linted& linted, Findings& findings);

/// unused.cc: people, groups and keys that nothing refers to.
void LintUnused(const Linted& linted, Findings& findings);

/// host.cc: commands that are not there, not canonical or not safe on this host, whose files begin
/// at `root`.
void LintHost(const Linted& linted, const std::string& root, Findings& findings);

}  // namespace daypass::policy
