// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What a shim does when the agent gave no verdict: root's own gate.conf says whether this host
// stops anybody yet, and who is never locked out. Nothing else is asked, and nothing that the
// network brought can loosen it.
//
//   1. MUST deny when gate.conf is missing, not root's alone, or not understood.
//   2. MUST NOT be asked after a denial, which is no fault. An allow that is stale, or was for
//      something else, counts as no verdict.
#pragma once

#include <string>
#include <string_view>

#include "core/decision.h"
#include "core/door.h"
#include "core/result.h"

namespace daypass::client {

struct WithoutAgent {
  core::Verdict verdict = core::Verdict::kDeny;
  std::string text;  ///< lines for people: what happened, and what to do
};

/// `root`: prefix of every path, or empty. `is_root`: the caller is root already, and passes.
/// `why`: the fault that kept the agent's verdict away.
WithoutAgent JudgeWithoutAgent(std::string_view root, std::string_view user, core::Door door,
                               bool is_root, const core::Error& why);

}  // namespace daypass::client
