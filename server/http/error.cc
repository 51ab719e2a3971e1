// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/http/error.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "wire/json_builder.h"

namespace daypass::server {
namespace {

using core::Reason;

struct Row {
  Reason reason;
  int status;
  std::string_view hint;  ///< what the reader can do about it
};

constexpr std::array kRows = {
    Row{Reason::kNotSignedIn, 401, "sign in: daypass login"},
    Row{Reason::kNotYours, 403, ""},
    Row{Reason::kApproverNotAllowed, 403, "daypass show ID names who may approve"},
    Row{Reason::kSelfApproval, 403, "ask somebody else to approve"},
    Row{Reason::kTouchMissing, 403, "sign with a FIDO2 key, and touch it"},
    Row{Reason::kKeyUnknown, 403, "sign with a key that the policy names"},
    Row{Reason::kSuspended, 403, ""},
    Row{Reason::kNotFound, 404, ""},
    Row{Reason::kConflict, 409, ""},
    Row{Reason::kExpired, 409, "ask anew"},
    Row{Reason::kRevoked, 409, "ask anew"},
    Row{Reason::kRoleChanged, 409, "get the newest policy and ask anew"},
    Row{Reason::kPolicyBehind, 409, "push the newer policy first"},
    Row{Reason::kPolicyMissing, 409, "on the server: daypass-server trust FILE"},
    Row{Reason::kRollback, 409, "raise the version and sign anew"},
    Row{Reason::kEquivocation, 409, "raise the version and sign anew"},
    Row{Reason::kBelowThreshold, 403, "let more administrators sign it"},
    Row{Reason::kTooLarge, 413, ""},
    Row{Reason::kTooMany, 429, "try again in a few seconds"},
    Row{Reason::kInternal, 500, "the server's log has the details"},
    Row{Reason::kStoreUnavailable, 503, "try again in a few seconds"},
};

constexpr Row kOther{Reason::kMalformed, 400, ""};

const Row& RowOf(Reason reason) {
  const auto* row = std::ranges::find(kRows, reason, &Row::reason);
  return row == kRows.end() ? kOther : *row;
}

}  // namespace

int HttpStatusOf(Reason reason) {
  return RowOf(reason).status;
}

Response ErrorResponse(const core::Error& error) {
  const Row& row = RowOf(error.code);
  return {row.status,
          wire::ObjectBuilder()
              .String("error", core::ReasonName(error.code))
              .String("field", error.field)
              .String("message", error.what)
              .String("hint", row.hint)
              .Dump(),
          "application/json",
          {}};
}

}  // namespace daypass::server
