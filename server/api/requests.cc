// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Requests: asked by people and hosts, looked at, approved, denied, cancelled.
#include "server/workflow/requests.h"

#include "server/api/handlers.h"
#include "server/store/revocations.h"
#include "wire/envelope.h"

namespace daypass::server {
namespace {

using core::Error;
using core::Reason;

constexpr uint64_t kUsualList = 100;

wire::ObjectBuilder DescribeShortly(const RequestRow& row) {
  wire::ObjectBuilder json;
  json.String("id", row.id).String("short", row.short_id).String("state", StateName(row.state));
  return json;
}

/// What the host shows to whoever asked there.
std::string TextFor(Call& call, const RequestRow& row) {
  switch (row.state) {
    case RequestState::kPending:
      return "waits for approval";
    case RequestState::kApproved:
      return Revocations(call.tx).OfGrant(row.id) ? "was revoked" : "approved";
    case RequestState::kDenied:
      return "denied by " + row.denied_by + ": " + row.denial;
    case RequestState::kExpired:
      return "nobody approved it in time";
    case RequestState::kCancelled:
      return "cancelled";
  }
  return {};
}

}  // namespace

Answer PostHostRequest(Call& call) {
  auto envelope = ReadOnly(call.request, "envelope", kDocument);
  if (!envelope) return std::move(envelope).error();
  auto row = SubmitByHost(call.tx, call.context, *call.host, *envelope);
  if (!row) return std::move(row).error();
  return Reply(DescribeShortly(*row));
}

Answer GetHostRequest(Call& call) {
  auto row = FindRequest(call.tx, call.Parameter("id"));
  if (!row) return std::move(row).error();
  if (row->vouched_by != call.host->name) {
    return Error{Reason::kNotFound, "id: this host has asked for no such request", "id"};
  }
  return Reply(DescribeShortly(*row).String("text", TextFor(call, *row)));
}

Answer PostRequest(Call& call) {
  auto statement = ReadOnly(call.request, "statement", kDocument);
  if (!statement) return std::move(statement).error();
  auto row = SubmitByPerson(call.tx, call.context, *call.person, *statement, call.request.address);
  if (!row) return std::move(row).error();
  return Reply(DescribeShortly(*row));
}

Answer GetRequests(Call& call) {
  if (auto checked =
          CheckQuery(call.request, {"state", "mine", "person", "role", "host", "before", "limit"});
      !checked) {
    return std::move(checked).error();
  }
  const auto text = [&](const char* key) {
    const auto it = call.request.query.find(key);
    return it == call.request.query.end() ? std::string() : it->second;
  };
  const std::string state = text("state");
  if (!state.empty() && state != "pending" && state != "all") {
    return Error{Reason::kMalformed, "state: must be pending or all", "state"};
  }
  auto mine = QueryNumber(call.request, "mine", 0, 0, 1);
  if (!mine) return std::move(mine).error();
  auto limit = QueryNumber(call.request, "limit", kUsualList, 1, Requests::kMaxListed);
  if (!limit) return std::move(limit).error();
  auto before = QueryNumber(call.request, "before", 0, 0, wire::kMaxJsonInt);
  if (!before) return std::move(before).error();

  Requests::Filter filter;
  filter.pending = state != "all";
  filter.requested_by = text("person");
  if (*mine == 1) {
    filter.requested_by = call.person->name;
    filter.subjects = call.person->accounts;
  }
  filter.role = text("role");
  filter.host = text("host");
  if (*before > 0) filter.before = core::FromMillis(static_cast<int64_t>(*before));
  filter.limit = *limit;
  return ReplyRequests(call, "requests", Requests(call.tx).List(filter));
}

Answer GetRequest(Call& call) {
  auto row = FindRequest(call.tx, call.Parameter("id"));
  if (!row) return std::move(row).error();
  return ReplyRequest(call, *row);
}

Answer PostApproval(Call& call) {
  auto signature = ReadOnly(call.request, "signature", {1, wire::kMaxSignatureBytes});
  if (!signature) return std::move(signature).error();
  auto row = Approve(call.tx, call.context, call.Parameter("id"), *signature);
  if (!row) return std::move(row).error();
  return ReplyRequest(call, *row);
}

Answer PostDenial(Call& call) {
  auto reason = ReadOnly(call.request, "reason", kWhy);
  if (!reason) return std::move(reason).error();
  auto row = Deny(call.tx, call.context, *call.person, call.Parameter("id"), *reason);
  if (!row) return std::move(row).error();
  return ReplyRequest(call, *row);
}

Answer PostCancel(Call& call) {
  auto body = ParseBody(call.request);
  if (!body) return std::move(body).error();
  if (auto done = wire::ObjectReader(body->get()).Finish(); !done) return std::move(done).error();
  auto row = Cancel(call.tx, call.context, *call.person, call.Parameter("id"));
  if (!row) return std::move(row).error();
  return ReplyRequest(call, *row);
}

}  // namespace daypass::server
