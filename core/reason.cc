// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The table of reasons: name and text, in the order of the enum.
#include "core/reason.h"

#include <array>

namespace daypass::core {
namespace {

struct Row {
  Reason reason;
  std::string_view name;
  std::string_view text;
};

constexpr std::array kRows = {
    Row{Reason::kGranted, "granted", "a grant allows it"},
    Row{Reason::kStanding, "standing", "a standing rule of the policy allows it"},
    Row{Reason::kExempt, "exempt", "this account is exempt at this door"},
    Row{Reason::kRoot, "root", "root itself needs no grant"},
    Row{Reason::kBreakglass, "breakglass", "a break-glass grant allows it"},
    Row{Reason::kTimeUnknown, "time_unknown", "this host does not know the time well enough"},
    Row{Reason::kPolicyMissing, "policy_missing", "this host holds no policy yet"},
    Row{Reason::kPolicyExpired, "policy_expired",
        "the policy has expired, so no new grant is taken"},
    Row{Reason::kPolicyBehind, "policy_behind",
        "the grant was approved under a newer policy than this host holds"},
    Row{Reason::kRoleUnknown, "role_unknown", "the policy has no such role"},
    Row{Reason::kRoleChanged, "role_changed", "the role has changed since it was approved"},
    Row{Reason::kStatusStale, "status_stale",
        "this host has not heard from the server for longer than the role allows"},
    Row{Reason::kApprovalsMissing, "approvals_missing", "it has too few approvals"},
    Row{Reason::kApproverNotAllowed, "approver_not_allowed",
        "somebody who signed may not approve this role"},
    Row{Reason::kSelfApproval, "self_approval", "nobody may approve their own request"},
    Row{Reason::kTouchMissing, "touch_missing",
        "the role wants a FIDO2 signature that proves touch or PIN"},
    Row{Reason::kRevoked, "revoked", "the grant was revoked"},
    Row{Reason::kDropped, "dropped", "the grant was given up by its holder"},
    Row{Reason::kSuspended, "suspended", "this person or key is suspended"},
    Row{Reason::kNotStarted, "not_started", "the window has not started yet"},
    Row{Reason::kExpired, "expired", "the window has ended"},
    Row{Reason::kUsedUp, "used_up", "the grant has been used as often as it allows"},
    Row{Reason::kOutsideHours, "outside_hours", "the role is not open at this hour"},
    Row{Reason::kStartOutOfRange, "start_out_of_range", "it was not started by its latest start"},
    Row{Reason::kWrongHost, "wrong_host", "the grant is for another host"},
    Row{Reason::kWrongRealm, "wrong_realm", "it belongs to another realm"},
    Row{Reason::kWrongDoor, "wrong_door", "the role does not open this door"},
    Row{Reason::kWrongRunas, "wrong_runas", "the role does not run as this user or group"},
    Row{Reason::kWrongCommand, "wrong_command", "the role does not allow this command"},
    Row{Reason::kWrongArgument, "wrong_argument",
        "the role allows this command, but not with these arguments"},
    Row{Reason::kWrongFile, "wrong_file", "the role does not allow editing this file"},
    Row{Reason::kWrongCwd, "wrong_cwd", "the role allows this command only in another folder"},
    Row{Reason::kOptionRefused, "option_refused", "the role does not allow this option of sudo"},
    Row{Reason::kEnvironment, "environment", "the role does not allow this environment variable"},
    Row{Reason::kInterceptMissing, "intercept_missing", "the role wants sudo's intercept"},
    Row{Reason::kPathUnsafe, "path_unsafe", "somebody besides root could replace this file"},
    Row{Reason::kDigest, "digest", "the file is not the one that the role names by digest"},
    Row{Reason::kArgumentsTooLong, "arguments_too_long", "the command line is too long"},
    Row{Reason::kNoGrant, "no_grant", "you hold no grant on this host"},
    Row{Reason::kWrongSubject, "wrong_subject", "the grant belongs to another account"},
    Row{Reason::kMalformed, "malformed", "the document is not well formed"},
    Row{Reason::kTooLarge, "too_large", "the document is over its limit"},
    Row{Reason::kUnknownField, "unknown_field", "the document has a field that is not known"},
    Row{Reason::kUnknownFormat, "unknown_format", "the document has a format that is not known"},
    Row{Reason::kKeyUnknown, "key_unknown",
        "it is signed with a key that the policy does not name"},
    Row{Reason::kKeyRefused, "key_refused", "this type of key is not accepted"},
    Row{Reason::kBadSignature, "bad_signature", "a signature does not fit what it signs"},
    Row{Reason::kWrongNamespace, "wrong_namespace", "it was signed as another type of document"},
    Row{Reason::kBelowThreshold, "below_threshold", "too few administrators signed it"},
    Row{Reason::kRollback, "rollback", "it is older than what is held"},
    Row{Reason::kEquivocation, "equivocation", "two different documents carry the same version"},
    Row{Reason::kNotSignedIn, "not_signed_in", "you are not signed in, or no longer"},
    Row{Reason::kNotYours, "not_yours", "this is not yours to do"},
    Row{Reason::kNotFound, "not_found", "there is no such thing"},
    Row{Reason::kConflict, "conflict", "it does not fit what is already there"},
    Row{Reason::kTooMany, "too_many", "too many of these at once"},
    Row{Reason::kAgentSilent, "agent_silent", "the Daypass agent on this host does not answer"},
    Row{Reason::kAgentUntrusted, "agent_untrusted",
        "what answers in place of the Daypass agent is not it"},
    Row{Reason::kPeerRefused, "peer_refused", "the asking process may not ask this"},
    Row{Reason::kProtocol, "protocol", "the message could not be understood"},
    Row{Reason::kStoreUnavailable, "store_unavailable", "the store could not be read or written"},
    Row{Reason::kContainmentFailed, "containment_failed",
        "the command could not be placed where it can be ended"},
    Row{Reason::kTooLate, "too_late", "the answer came too late"},
    Row{Reason::kInternal, "internal", "something went wrong inside Daypass"},
};

constexpr bool InOrderOfTheEnum() {
  for (size_t i = 0; i < kRows.size(); ++i) {
    if (static_cast<size_t>(kRows[i].reason) != i) return false;
  }
  return kRows.size() == static_cast<size_t>(Reason::kInternal) + 1;
}
static_assert(InOrderOfTheEnum());

}  // namespace

std::string_view ReasonName(Reason reason) {
  return kRows.at(static_cast<size_t>(reason)).name;
}

std::string_view ReasonText(Reason reason) {
  return kRows.at(static_cast<size_t>(reason)).text;
}

std::optional<Reason> ParseReason(std::string_view name) {
  for (const Row& row : kRows) {
    if (row.name == name) return row.reason;
  }
  return std::nullopt;
}

}  // namespace daypass::core
