// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The API as one table: method, path, who, handler. A request that is not in it does not exist.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "core/time.h"
#include "server/api/handlers.h"
#include "server/http/http_server.h"
#include "server/store/store.h"

namespace daypass::server {

/// Who may call a route. Who somebody is comes from TLS and the bearer token, never from the body.
enum class Who : uint8_t {
  kAnyone,
  kHost,           ///< an enrolled host, by its TLS certificate
  kPerson,         ///< somebody signed in whom the newest policy lets in
  kAdministrator,  ///< such a person, among the policy's administrators
};

struct Route {
  const char* method;
  const char* pattern;
  Who who;
  size_t max_body;
  Answer (*handler)(Call& call);
  const char* about;       ///< what it does, in a line
  const char* keys = "";   ///< of the body, each one word; "?" behind those that may be missing
  const char* query = "";  ///< names of parameters, none of them needed
};

std::span<const Route> Routes();

/// Puts every route in front of this store. `now`: read once per request.
void Serve(HttpServer& http, Store& store, Context& context,
           const std::function<core::Instant()>& now);

/// One request from beginning to end, without a network.
Response AnswerRequest(const Route& route, Store& store, Context& context, core::Instant now,
                       const Request& request);

}  // namespace daypass::server
