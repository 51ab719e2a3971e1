// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Requests as the server tells of them. The statement is read from its exact bytes, and its id is
// the digest of those bytes; everything else in here is only the server's word.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/server_client.h"
#include "core/authority.h"
#include "core/policy.h"
#include "core/result.h"
#include "core/statement.h"
#include "wire/json_reader.h"

namespace daypass::cli {

struct RemoteApproval {
  std::string fingerprint;  ///< as the signature itself says, once it is verified
  std::string signature;    ///< armoured
  core::Instant at;
};

struct RemoteRequest {
  core::Statement statement;
  std::string bytes;  ///< of the statement: what approvers sign
  std::string state;  ///< pending approved denied expired cancelled
  std::string origin;
  std::string requested_by;
  std::string asked_from;
  std::string needed;                 ///< who still has to say yes
  int64_t risk = 0;                   ///< 0 to 100, by the server's history of who asks
  std::vector<std::string> risk_why;  ///< points and for what
  std::string not_automatic;          ///< why the automatic approver kept quiet
  std::vector<RemoteApproval> approvals;
  std::string denied_by, denial;
  std::string revoked_by, revocation;
  std::optional<core::Instant> revoked;

  std::string ShortId() const { return core::ShortId(statement.id); }
};

/// Fails kProtocol (not a request; an id or short id that is not its statement's).
core::Result<RemoteRequest> ReadRemoteRequest(const json_t* object);

/// `id`: short or whole, as somebody typed it. Fails kMalformed (neither).
core::Result<std::string> CheckId(const std::string& id);

/// Fetches one, and makes sure that it is the one asked for.
core::Result<RemoteRequest> FetchRequest(const ServerClient& server, const std::string& id);
/// `path`: "/v1/requests?...", `key`: "requests" or "grants".
core::Result<std::vector<RemoteRequest>> FetchRequests(const ServerClient& server,
                                                       const std::string& path, const char* key);

/// Posts to one request or grant; the answer is how it stands now.
core::Result<RemoteRequest> PostToRequest(const ServerClient& server, const std::string& path,
                                          const wire::ObjectBuilder& body);

/// The approvals whose signature over the statement is good. Whose they are, the policy says.
std::vector<core::Approval> VerifiedApprovals(const RemoteRequest& request);

/// As --json prints it.
wire::ObjectBuilder ToJson(const RemoteRequest& request);

}  // namespace daypass::cli
