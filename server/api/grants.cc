// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Grants and revocations, for people.
#include "server/workflow/grants.h"

#include "server/api/handlers.h"
#include "server/workflow/requests.h"

namespace daypass::server {

using core::Error;
using core::Reason;

Answer GetGrants(Call& call) {
  if (auto checked = CheckQuery(call.request, {"host"}); !checked) {
    return std::move(checked).error();
  }
  const auto& query = call.request.query;
  const std::string host = query.contains("host") ? query.at("host") : "";
  if (query.contains("host") && !wire::IsHostName(host)) {
    return Error{Reason::kMalformed, "host: must be a host's name", "host"};
  }
  return ReplyRequests(call, "grants", Requests(call.tx).Grants(host));
}

Answer GetGrant(Call& call) {
  auto row = FindRequest(call.tx, call.Parameter("id"));
  if (!row) return std::move(row).error();
  if (row->state != RequestState::kApproved) {
    return Error{Reason::kNotFound,
                 row->short_id + ": is " + StateName(row->state) + ", not a grant", "id"};
  }
  return Reply(wire::ObjectBuilder().String("envelope", EncodeGrant(call.tx, *row)));
}

Answer PostGrantRevocation(Call& call) {
  auto reason = ReadOnly(call.request, "reason", kWhy);
  if (!reason) return std::move(reason).error();

  auto row = RevokeGrant(call.tx, call.context, *call.person, call.Parameter("id"), *reason);
  if (!row) return std::move(row).error();
  return ReplyRequest(call, *row);
}

Answer PostRevocation(Call& call) {
  auto body = ParseBody(call.request);
  if (!body) return std::move(body).error();
  wire::ObjectReader in(body->get());
  const std::string person = in.String("person", wire::kName);
  const std::string reason = in.String("reason", kWhy);
  if (auto done = in.Finish(); !done) return std::move(done).error();

  auto revoked = RevokePerson(call.tx, call.context, *call.person, person, reason);
  if (!revoked) return std::move(revoked).error();
  return Reply(wire::ObjectBuilder().String("person", person).Instant("at_ms", call.tx.now));
}

}  // namespace daypass::server
