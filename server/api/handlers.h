// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Every handler, one file per noun. What each takes and answers: docs/formats/http.md. Who may call
// it is said in the table of routes, and has been checked before.
#pragma once

#include "core/result.h"
#include "server/api/call.h"

namespace daypass::server {

using Answer = core::Result<Response>;

// health.cc
Answer GetHealth(Call& call);
Answer GetCa(Call& call);

// openapi.cc
Answer GetOpenApi(Call& call);

// hosts.cc
Answer PostHost(Call& call);
Answer PostRenewal(Call& call);
Answer PostJoinToken(Call& call);
Answer GetHosts(Call& call);

// host_sync.cc
Answer PostStatus(Call& call);
Answer GetChanges(Call& call);
Answer GetHostGrants(Call& call);
Answer PostRecords(Call& call);

// sign_in.cc
Answer PostChallenge(Call& call);
Answer PostSignIn(Call& call);

// requests.cc
Answer PostHostRequest(Call& call);
Answer GetHostRequest(Call& call);
Answer PostRequest(Call& call);
Answer GetRequests(Call& call);
Answer GetRequest(Call& call);
Answer PostApproval(Call& call);
Answer PostDenial(Call& call);
Answer PostCancel(Call& call);

// grants.cc
Answer GetGrants(Call& call);
Answer GetGrant(Call& call);
Answer PostGrantRevocation(Call& call);
Answer PostRevocation(Call& call);

// policies.cc
Answer GetNewestPolicy(Call& call);
Answer GetPolicy(Call& call);
Answer PostPolicy(Call& call);

}  // namespace daypass::server
