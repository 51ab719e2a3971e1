// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Reasons to exit codes.
#include "cli/exit.h"

#include <initializer_list>

namespace daypass::cli {
namespace {

using R = core::Reason;

bool IsOneOf(R reason, std::initializer_list<R> reasons) {
  for (const R one : reasons) {
    if (one == reason) return true;
  }
  return false;
}

}  // namespace

Exit ExitOf(core::Reason reason) {
  if (IsOneOf(reason, {R::kGranted, R::kStanding, R::kExempt, R::kRoot, R::kBreakglass})) {
    return Exit::kDone;
  }
  if (IsOneOf(reason,
              {R::kMalformed, R::kTooLarge, R::kUnknownField, R::kUnknownFormat, R::kKeyRefused,
               R::kProtocol, R::kArgumentsTooLong, R::kPathUnsafe, R::kStartOutOfRange})) {
    return Exit::kInvalid;
  }
  if (IsOneOf(reason, {R::kAgentSilent, R::kTooLate, R::kStoreUnavailable})) {
    return Exit::kUnreachable;
  }
  if (IsOneOf(reason, {R::kNotYours, R::kNotSignedIn, R::kPeerRefused, R::kSelfApproval,
                       R::kApproverNotAllowed})) {
    return Exit::kNotYours;
  }
  if (IsOneOf(reason, {R::kBadSignature, R::kKeyUnknown, R::kWrongNamespace, R::kBelowThreshold,
                       R::kRollback, R::kEquivocation, R::kWrongRealm, R::kDigest, R::kRoleChanged,
                       R::kAgentUntrusted})) {
    return Exit::kUntrusted;
  }
  if (reason == R::kTooMany) return Exit::kPending;
  return Exit::kRefused;  // every denial, and what is not there
}

}  // namespace daypass::cli
