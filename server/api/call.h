// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// One request on its way through a handler: validate, load, decide, reply. A handler runs in one
// transaction, which is committed if it returns a Response and undone if it returns an Error.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/policy.h"
#include "core/result.h"
#include "server/http/message.h"
#include "server/store/hosts.h"
#include "server/store/requests.h"
#include "server/store/store.h"
#include "server/workflow/context.h"
#include "wire/json_builder.h"
#include "wire/json_reader.h"
#include "wire/limits.h"

namespace daypass::server {

struct Call {
  Tx& tx;
  Context& context;
  const Request& request;
  std::optional<HostRow> host;           ///< set on routes for hosts
  const core::Person* person = nullptr;  ///< set on routes for people; of the newest policy

  const std::string& Parameter(const char* name) const { return request.parameters.at(name); }
};

/// The request's body, a JSON object; an empty body reads as {}. Fails as wire::ParseJson.
core::Result<wire::Json> ParseBody(const Request& request);

/// The string that is the body's only member. Fails: as ParseBody and wire::ObjectReader.
core::Result<std::string> ReadOnly(const Request& request, const char* key,
                                   const wire::StringRule& rule);

/// Text that holds a whole document: read exactly by its own parser, so nothing is asked here.
constexpr wire::StringRule kDocument{1, size_t{32} << 20};
/// Why somebody denies or revokes.
constexpr wire::StringRule kWhy = wire::AtMost(wire::kLine, wire::kMaxReasonBytes);

Response Reply(const wire::ObjectBuilder& body);

/// A number of the query string, or `otherwise` if it is not there.
/// Fails: kMalformed (no number, or not between `lo` and `hi`).
core::Result<uint64_t> QueryNumber(const Request& request, const std::string& key,
                                   uint64_t otherwise, uint64_t lo, uint64_t hi);

/// Refuses query parameters that are not among these. Fails: kUnknownField.
core::Result<void> CheckQuery(const Request& request,
                              std::initializer_list<std::string_view> known);

/// A request as docs/formats/http.md shows it. Fails: kStoreUnavailable, kPolicyMissing.
core::Result<wire::ObjectBuilder> DescribeRequest(Call& call, const RequestRow& row);
core::Result<Response> ReplyRequest(Call& call, const RequestRow& row);
core::Result<Response> ReplyRequests(Call& call, const char* key,
                                     const std::vector<RequestRow>& rows);

}  // namespace daypass::server
