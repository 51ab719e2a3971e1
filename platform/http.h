// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// HTTPS requests and their answers, as values. HttpClient (http_client.h) sends them from an event
// loop, FetchBlocking (http_fetch.h) waits for the answer. Both: https only, no redirects, no
// proxies or certificates from the environment, TLS 1.2 or newer, an answer of limited size.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"

namespace daypass::platform {

struct HttpRequest {
  std::string method = "GET";
  std::string url;                   ///< https://...
  std::vector<std::string> headers;  ///< "Name: value"
  std::string body;
  std::string ca_file;             ///< PEM; empty: the system's authorities
  std::string client_certificate;  ///< PEM file; empty: none
  std::string client_key;          ///< PEM file
  std::string proxy;               ///< URL; empty: none
  core::Millis connect_timeout{10'000};
  core::Millis timeout{30'000};   ///< for everything, to the last byte
  bool fresh_connection = false;  ///< none that was kept: it may be dead without saying so
  size_t max_response_bytes = 1024 * 1024;
};

struct HttpResponse {
  int status = 0;                              ///< any: also 404 and 500 are answers, not faults
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
};

// Faults of both: kTooLate (a timeout), kTooLarge (the answer), kPeerRefused (TLS: the server or
// our certificate was not accepted; the text names a wrong clock where that is the likely cause),
// kMalformed (the URL), kInternal (could not resolve, connect, send...).

}  // namespace daypass::platform
