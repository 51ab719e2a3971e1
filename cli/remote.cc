// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Reads the server's requests, and holds them to their own bytes.
#include "cli/remote.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/escape.h"
#include "wire/envelope.h"
#include "wire/limits.h"
#include "wire/sshsig.h"
#include "wire/statement.h"

namespace daypass::cli {
namespace {

constexpr wire::StringRule kWord{0, 4096, nullptr, "text"};
constexpr wire::StringRule kStatement{1, 2 * wire::kMaxStatementBytes, nullptr, "text"};
constexpr wire::Count kMany{0, 100000};

core::Error NoSense(const std::string& what) {
  return {core::Reason::kProtocol, "the server told of a request that makes no sense: " + what, ""};
}

bool IsShortId(std::string_view id) {
  return id.size() == 18 && id.starts_with("g-") &&
         std::all_of(id.begin() + 2, id.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7'); });
}

}  // namespace

core::Result<RemoteRequest> ReadRemoteRequest(const json_t* object) {
  wire::ObjectReader in(object, wire::UnknownKeys::kIgnore);
  RemoteRequest request;
  const std::string id = in.String("id", wire::kDigest);
  request.bytes = in.String("statement", kStatement);
  request.state = in.String("state", wire::kName);
  request.origin = in.String("origin", kWord);
  request.requested_by = in.OptString("requested_by", kWord).value_or("");
  request.asked_from = in.OptString("asked_from", kWord).value_or("");
  request.needed = in.OptString("needed", kWord).value_or("");
  request.risk = in.OptInt("risk", 0, 100).value_or(0);
  if (in.Has("risk_why")) request.risk_why = in.Strings("risk_why", kWord, kMany);
  request.not_automatic = in.OptString("not_automatic", kWord).value_or("");
  request.denied_by = in.OptString("denied_by", kWord).value_or("");
  request.denial = in.OptString("denial", kWord).value_or("");
  request.revoked_by = in.OptString("revoked_by", kWord).value_or("");
  request.revocation = in.OptString("revocation", kWord).value_or("");
  request.revoked = in.OptInstant("revoked_ms");
  in.Objects("approvals", kMany, [&](wire::ObjectReader& item) {
    RemoteApproval approval;
    approval.fingerprint = item.String("fingerprint", kWord);
    approval.signature = item.String("signature", {1, wire::kMaxSignatureBytes, nullptr, "text"});
    approval.at = item.Instant("at_ms");
    request.approvals.push_back(std::move(approval));
  });
  if (auto done = in.Finish(); !done) return NoSense(done.error().what);
  core::Result<core::Statement> statement = wire::ParseStatement(request.bytes);
  if (!statement) return NoSense(statement.error().what);
  if (statement->id != id) return NoSense("its id is not the digest of its statement");
  request.statement = *std::move(statement);
  return request;
}

core::Result<std::string> CheckId(const std::string& id) {
  if (IsShortId(id) || wire::IsDigest(id)) return id;
  return core::Error{core::Reason::kMalformed,
                     fmt::format("\"{}\" is no id\nWrite the short one (g- and 16 letters or "
                                 "digits) or the whole digest (64 hexadecimal digits).",
                                 core::ForTerminal(id)),
                     "ID"};
}

core::Result<RemoteRequest> FetchRequest(const ServerClient& server, const std::string& id) {
  core::Result<std::string> checked = CheckId(id);
  if (!checked) return std::move(checked).error();
  core::Result<wire::Json> json = server.Get("/v1/requests/" + id);
  if (!json) return std::move(json).error();
  core::Result<RemoteRequest> request = ReadRemoteRequest(json->get());
  if (request && request->statement.id != id && request->ShortId() != id) {
    return core::Error{core::Reason::kProtocol,
                       fmt::format("asked for {}, the server told of {}", id, request->ShortId()),
                       "ID"};
  }
  return request;
}

core::Result<std::vector<RemoteRequest>> FetchRequests(const ServerClient& server,
                                                       const std::string& path, const char* key) {
  core::Result<wire::Json> json = server.Get(path);
  if (!json) return std::move(json).error();
  wire::ObjectReader in(json->get(), wire::UnknownKeys::kIgnore);
  std::vector<RemoteRequest> requests;
  std::optional<core::Error> fault;
  in.Objects(key, kMany, [&](wire::ObjectReader& item) {
    core::Result<RemoteRequest> request = ReadRemoteRequest(item.object());
    if (request) {
      requests.push_back(*std::move(request));
    } else if (!fault) {
      fault = std::move(request).error();
    }
  });
  if (auto done = in.Finish(); !done) return NoSense(done.error().what);
  if (fault) return *std::move(fault);
  return requests;
}

core::Result<RemoteRequest> PostToRequest(const ServerClient& server, const std::string& path,
                                          const wire::ObjectBuilder& body) {
  core::Result<wire::Json> answer = server.Post(path, body);
  if (!answer) return std::move(answer).error();
  return ReadRemoteRequest(answer->get());
}

std::vector<core::Approval> VerifiedApprovals(const RemoteRequest& request) {
  std::vector<wire::VerifiedSignature> good;
  for (const RemoteApproval& approval : request.approvals) {
    core::Result<wire::VerifiedSignature> signature =
        wire::VerifySignature(approval.signature, wire::NamespaceOf("grant"), request.bytes);
    if (signature) good.push_back(*std::move(signature));
  }
  return wire::ToApprovals(good);
}

wire::ObjectBuilder ToJson(const RemoteRequest& request) {
  const core::Statement& statement = request.statement;
  wire::ObjectBuilder json;
  json.String("id", statement.id).String("short", request.ShortId()).String("state", request.state);
  json.String("role", statement.role).String("subject", statement.subject);
  json.String("requester", statement.requester).Strings("hosts", statement.hosts);
  json.Duration("duration_s", statement.duration).String("reason", statement.reason);
  json.OptString("ticket", statement.ticket);
  json.Instant("created_ms", statement.created).Instant("start_by_ms", statement.start_by);
  json.String("origin", request.origin).String("needed", request.needed);
  json.Int("risk", request.risk).Strings("risk_why", request.risk_why);
  json.OptString("asked_from", request.asked_from);
  json.OptString("not_automatic", request.not_automatic);
  json.OptString("denied_by", request.denied_by).OptString("denial", request.denial);
  if (request.revoked) json.Instant("revoked_ms", *request.revoked);
  wire::ArrayBuilder approvals;
  for (const RemoteApproval& approval : request.approvals) {
    approvals.Object(wire::ObjectBuilder()
                         .String("fingerprint", approval.fingerprint)
                         .Instant("at_ms", approval.at));
  }
  json.Array("approvals", approvals);
  json.String("statement", request.bytes);
  return json;
}

}  // namespace daypass::cli
