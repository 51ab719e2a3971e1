// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Whether somebody's approval of a request would mean anything, judged before they are asked for a
// signature: by their own verified policy, with the functions that every host uses. Pure.
#pragma once

#include "cli/remote.h"
#include "core/policy.h"
#include "core/result.h"
#include "wire/sshsig.h"

namespace daypass::cli {

/// The role that the statement means, if this person may approve it now.
/// Fails: kConflict (not pending), kPolicyExpired, kExpired (latest start has passed), kRoleChanged
/// and the rest of core::JudgeStatement, kSelfApproval, kApproverNotAllowed.
core::Result<const core::Role*> CheckApprovable(const core::Policy& policy,
                                                const core::Person& self,
                                                const RemoteRequest& request, core::Instant now);

/// Whether a signature that was just made counts as this person's approval. Fails: kKeyUnknown,
/// kNotYours (somebody else's key), kApproverNotAllowed (not a key to approve with), kTouchMissing.
core::Result<void> CheckSignature(const core::Policy& policy, const core::Role& role,
                                  const core::Person& self, const core::Statement& statement,
                                  const wire::VerifiedSignature& signature, core::Instant now);

}  // namespace daypass::cli
