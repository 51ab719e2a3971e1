// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/api/routes.h"

#include <array>

#include "server/http/error.h"
#include "server/log.h"
#include "server/workflow/enrolment.h"
#include "server/workflow/sign_in.h"

namespace daypass::server {
namespace {

using core::Error;
using core::Reason;
using core::Result;

constexpr size_t kNone = 0;
constexpr size_t kSmall = 16 * 1024;
constexpr size_t kStatement = 256 * 1024;  // 32 KiB, escaped, with signatures
constexpr size_t kRecords = 8 * 1024 * 1024;
constexpr size_t kPolicy = 24 * 1024 * 1024;  // 16 MiB, with room for escapes

constexpr std::array kRoutes = {
    Route{"GET", "/v1/healthz", Who::kAnyone, kNone, &GetHealth,
          "Whether the server and its store answer"},
    Route{"GET", "/v1/ca", Who::kAnyone, kNone, &GetCa,
          "The certificate of the server's own authority, PEM"},
    Route{"GET", "/v1/openapi.json", Who::kAnyone, kNone, &GetOpenApi, "This document"},
    Route{"POST", "/v1/hosts", Who::kAnyone, kSmall, &PostHost, "A host enrols",
          "token name labels host_key csr realm?"},  // the join token says who
    Route{"POST", "/v1/sign-in/challenge", Who::kAnyone, kSmall, &PostChallenge,
          "A challenge to sign in with", "person"},
    Route{"POST", "/v1/sign-in", Who::kAnyone, kSmall, &PostSignIn,
          "Signs in: the challenge, signed", "envelope"},

    Route{"POST", "/v1/host/renew", Who::kHost, kSmall, &PostRenewal, "A host's next certificate",
          "csr"},
    Route{"POST", "/v1/host/status", Who::kHost, kSmall, &PostStatus,
          "A signed status for the number that the host drew", "number"},
    Route{"GET", "/v1/host/changes", Who::kHost, kNone, &GetChanges,
          "Waits until something changes for this host", "", "after wait"},
    Route{"GET", "/v1/host/policies/{version}", Who::kHost, kNone, &GetPolicy, "A signed policy"},
    Route{"GET", "/v1/host/grants", Who::kHost, kNone, &GetHostGrants, "Grants of this host", "",
          "after"},
    Route{"POST", "/v1/host/records", Who::kHost, kRecords, &PostRecords, "A host's records",
          "records"},
    Route{"POST", "/v1/host/requests", Who::kHost, kStatement, &PostHostRequest,
          "A request that the host vouches for", "envelope"},
    Route{"GET", "/v1/host/requests/{id}", Who::kHost, kNone, &GetHostRequest, "How it stands"},

    Route{"POST", "/v1/requests", Who::kPerson, kStatement, &PostRequest, "Asks for a role",
          "statement"},
    Route{"GET", "/v1/requests", Who::kPerson, kNone, &GetRequests, "Requests, newest first", "",
          "state mine person role host before limit"},
    Route{"GET", "/v1/requests/{id}", Who::kPerson, kNone, &GetRequest, "One request"},
    Route{"POST", "/v1/requests/{id}/approvals", Who::kPerson, kSmall, &PostApproval,
          "An approver's signature over the statement", "signature"},
    Route{"POST", "/v1/requests/{id}/denial", Who::kPerson, kSmall, &PostDenial, "Says no",
          "reason"},
    Route{"POST", "/v1/requests/{id}/cancel", Who::kPerson, kSmall, &PostCancel,
          "Takes back a request"},
    Route{"GET", "/v1/grants", Who::kPerson, kNone, &GetGrants, "What is approved and not over", "",
          "host"},
    Route{"GET", "/v1/grants/{id}", Who::kPerson, kNone, &GetGrant, "A grant, as hosts verify it"},
    Route{"POST", "/v1/grants/{id}/revoke", Who::kPerson, kSmall, &PostGrantRevocation,
          "Takes back a grant", "reason"},
    Route{"POST", "/v1/revocations", Who::kPerson, kSmall, &PostRevocation,
          "Takes back all that a person holds", "person reason"},
    Route{"GET", "/v1/hosts", Who::kPerson, kNone, &GetHosts, "Hosts and how they stand"},
    Route{"GET", "/v1/policies/newest", Who::kPerson, kNone, &GetNewestPolicy,
          "The newest signed policy"},
    Route{"GET", "/v1/policies/{version}", Who::kPerson, kNone, &GetPolicy, "A signed policy"},
    Route{"POST", "/v1/policies", Who::kPerson, kPolicy, &PostPolicy,
          "A newer policy; its signatures decide", "envelope"},  // its signatures decide

    Route{"POST", "/v1/join-tokens", Who::kAdministrator, kSmall, &PostJoinToken,
          "Lets one host join", "name"},
};

Result<void> IdentifySignedIn(Call& call, Who who) {
  auto person = IdentifyPerson(call.tx, call.context, call.request.bearer);
  if (!person) return std::move(person).error();
  call.person = *person;
  if (who == Who::kPerson) return {};
  auto policy = call.context.newest_policy.Get(call.tx);
  if (!policy) return std::move(policy).error();
  if (IsAdministrator(**policy, *call.person)) return {};
  return Error{Reason::kNotYours,
               "\"" + call.person->name + "\" is not among the policy's administrators",
               {}};
}

Result<void> Identify(Call& call, Who who) {
  switch (who) {
    case Who::kAnyone:
      return {};
    case Who::kHost: {
      auto host = IdentifyHost(call.tx, call.request.peer);
      if (!host) return std::move(host).error();
      call.host = std::move(*host);
      return {};
    }
    case Who::kPerson:
    case Who::kAdministrator:
      return IdentifySignedIn(call, who);
  }
  return Error{Reason::kInternal, "a route without a caller", {}};
}

bool IsFault(Reason reason) {
  return reason == Reason::kInternal || reason == Reason::kStoreUnavailable;
}

}  // namespace

std::span<const Route> Routes() {
  return kRoutes;
}

Response AnswerRequest(const Route& route, Store& store, Context& context, core::Instant now,
                       const Request& request) {
  Answer answer = store.Transact(now, [&](Tx& tx) -> Answer {
    Call call{tx, context, request, {}, nullptr};
    if (auto identified = Identify(call, route.who); !identified) {
      return std::move(identified).error();
    }
    return route.handler(call);
  });
  if (answer) return std::move(*answer);
  if (IsFault(answer.error().code)) LogFault(answer.error());
  return ErrorResponse(answer.error());
}

void Serve(HttpServer& http, Store& store, Context& context,
           const std::function<core::Instant()>& now) {
  for (const Route& route : kRoutes) {
    http.On(route.method, route.pattern, route.max_body,
            [&route, &store, &context, now](const Request& request) {
              return AnswerRequest(route, store, context, now(), request);
            });
  }
  store.OnCommit([&http](const std::string& topic) { http.Wake(topic); });
}

}  // namespace daypass::server
