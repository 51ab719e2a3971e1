// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Every reason that Daypass gives for an answer: one code, one name, one text. The names are the
// codes of records, IPC, HTTP and the journal; they are kept after a release.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace daypass::core {

// clang-format off: a table to read, not a column to scroll
enum class Reason : uint8_t {
  // allow
  kGranted, kStanding, kExempt, kRoot, kBreakglass,
  // deny
  kTimeUnknown, kPolicyMissing, kPolicyExpired, kPolicyBehind, kRoleUnknown, kRoleChanged,
  kStatusStale, kApprovalsMissing, kApproverNotAllowed, kSelfApproval, kTouchMissing, kRevoked,
  kDropped, kSuspended, kNotStarted, kExpired, kUsedUp, kOutsideHours, kStartOutOfRange, kWrongHost,
  kWrongRealm, kWrongDoor, kWrongRunas, kWrongCommand, kWrongArgument, kWrongFile, kWrongCwd,
  kOptionRefused, kEnvironment, kInterceptMissing, kPathUnsafe, kDigest, kArgumentsTooLong,
  kNoGrant, kWrongSubject,
  // document
  kMalformed, kTooLarge, kUnknownField, kUnknownFormat, kKeyUnknown, kKeyRefused, kBadSignature,
  kWrongNamespace, kBelowThreshold, kRollback, kEquivocation,
  // asking the server
  kNotSignedIn, kNotYours, kNotFound, kConflict, kTooMany,
  // system
  kAgentSilent, kAgentUntrusted, kPeerRefused, kProtocol, kStoreUnavailable, kContainmentFailed,
  kTooLate, kInternal,
};
// clang-format on

/// The code's name, as in records and on the wire: "no_grant".
std::string_view ReasonName(Reason reason);

/// One sentence for people, without a full stop: what happened, from the reader's point of view.
std::string_view ReasonText(Reason reason);

/// The reason of that name, if there is one.
std::optional<Reason> ParseReason(std::string_view name);

}  // namespace daypass::core
