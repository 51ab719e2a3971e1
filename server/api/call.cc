// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/api/call.h"

#include <algorithm>
#include <charconv>
#include <sstream>

#include "server/store/approvals.h"
#include "server/store/revocations.h"
#include "server/workflow/requests.h"

namespace daypass::server {

using core::Error;
using core::Reason;
using core::Result;
using wire::ArrayBuilder;
using wire::ObjectBuilder;

Result<wire::Json> ParseBody(const Request& request) {
  const std::string_view text = request.body.empty() ? "{}" : std::string_view(request.body);
  auto json = wire::ParseJson(text, {.max_bytes = text.size(), .max_string = text.size()});
  if (json) return json;
  Error error = std::move(json).error();
  error.what = "body: " + error.what;
  return error;
}

Result<std::string> ReadOnly(const Request& request, const char* key,
                             const wire::StringRule& rule) {
  auto body = ParseBody(request);
  if (!body) return std::move(body).error();
  wire::ObjectReader in(body->get());
  std::string value = in.String(key, rule);
  if (auto done = in.Finish(); !done) return std::move(done).error();
  return value;
}

Response Reply(const ObjectBuilder& body) {
  return {200, body.Dump(), "application/json", {}};
}

Result<uint64_t> QueryNumber(const Request& request, const std::string& key, uint64_t otherwise,
                             uint64_t lo, uint64_t hi) {
  const auto it = request.query.find(key);
  if (it == request.query.end()) return otherwise;
  uint64_t number = 0;
  const char* end = it->second.data() + it->second.size();
  const auto [rest, error] = std::from_chars(it->second.data(), end, number);
  if (error == std::errc() && rest == end && number >= lo && number <= hi) return number;
  return Error{Reason::kMalformed,
               key + ": must be a number from " + std::to_string(lo) + " to " + std::to_string(hi),
               key};
}

Result<void> CheckQuery(const Request& request, std::initializer_list<std::string_view> known) {
  for (const auto& [key, value] : request.query) {
    if (std::ranges::find(known, std::string_view(key)) != known.end()) continue;
    std::string what = key + ": is not known here";
    for (const std::string_view name : known)
      what += (name == *known.begin() ? "; known: " : ", ") + std::string(name);
    return Error{Reason::kUnknownField, what, key};
  }
  return {};
}

namespace {

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace

Result<ObjectBuilder> DescribeRequest(Call& call, const RequestRow& row) {
  auto policy = call.context.newest_policy.Get(call.tx);
  if (!policy) return std::move(policy).error();
  auto statement = StatementOf(row);
  if (!statement) return std::move(statement).error();
  ArrayBuilder approvals;
  for (const ApprovalRow& approval : Approvals(call.tx).Of(row.id)) {
    approvals.Object(ObjectBuilder()
                         .String("person", approval.person)
                         .String("fingerprint", approval.fingerprint)
                         .String("signature", approval.signature)
                         .Instant("at_ms", approval.at));
  }
  ObjectBuilder json;
  json.String("id", row.id)
      .String("short", row.short_id)
      .String("state", StateName(row.state))
      .String("statement", row.statement)
      .String("origin",
              row.vouched_by.empty() ? "signed in" : "vouched for by host " + row.vouched_by)
      .String("requested_by", row.requested_by)
      .String("asked_from", row.asked_from)
      .Int("risk", static_cast<int64_t>(row.risk))
      .Strings("risk_why", Lines(row.risk_why))
      .OptString("not_automatic", row.not_automatic)
      .Array("approvals", approvals)
      .String("needed", WantedApprovals(**policy, *statement, row))
      .OptString("denied_by", row.denied_by)
      .OptString("denial", row.denial)
      .Instant("created_ms", row.created)
      .Instant("start_by_ms", row.start_by);
  if (const auto revocation = Revocations(call.tx).OfGrant(row.id)) {
    json.Instant("revoked_ms", revocation->at)
        .String("revoked_by", revocation->by)
        .String("revocation", revocation->reason);
  }
  return json;
}

Result<Response> ReplyRequest(Call& call, const RequestRow& row) {
  auto json = DescribeRequest(call, row);
  if (!json) return std::move(json).error();
  return Reply(*json);
}

Result<Response> ReplyRequests(Call& call, const char* key, const std::vector<RequestRow>& rows) {
  ArrayBuilder list;
  for (const RequestRow& row : rows) {
    auto json = DescribeRequest(call, row);
    if (!json) return std::move(json).error();
    list.Object(*json);
  }
  return Reply(ObjectBuilder().Array(key, list));
}

}  // namespace daypass::server
