// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Questions to daypass-server, one at a time. TLS is checked against the CA that came with the
// login; what the server says is carried, not believed: statements, signatures and policies are
// judged by whoever asked.
#pragma once

#include <string>

#include "cli/config.h"
#include "core/result.h"
#include "platform/http.h"
#include "wire/json.h"
#include "wire/json_builder.h"

namespace daypass::cli {

/// Where the server is, and how to know it.
struct ServerAddress {
  std::string url;          ///< "https://host[:port]", no slash at the end
  std::string ca;           ///< PEM file
  std::string certificate;  ///< of a host, else empty
  std::string key;
};

/// "https://host[:port]" without a slash at the end. Fails kMalformed.
core::Result<std::string> CheckServerUrl(const std::string& url);
/// The host of such a URL.
std::string HostOfUrl(const std::string& url);

class ServerClient {
 public:
  /// `token`: of a session, or empty.
  ServerClient(ServerAddress address, std::string token)
      : address_(std::move(address)), token_(std::move(token)) {}

  /// As the person of cli.toml. Fails kNotSignedIn if there is no session.
  static core::Result<ServerClient> SignedIn(const Globals& globals, const Config& config);

  /// `path`: "/v1/...". The answer's JSON object.
  /// Fails with the server's own reason, field and hint; kAgentSilent (no answer), kAgentUntrusted
  /// (TLS), kProtocol (an answer that makes no sense).
  core::Result<wire::Json> Get(const std::string& path) const;
  core::Result<wire::Json> Post(const std::string& path, const wire::ObjectBuilder& body) const;

  const std::string& url() const { return address_.url; }

 private:
  core::Result<wire::Json> Fetch(platform::HttpRequest request) const;

  ServerAddress address_;
  std::string token_;
};

/// What a refusal of the server says; `status`: of HTTP, `body`: as it came.
core::Error ReadServerError(int status, std::string_view body);

}  // namespace daypass::cli
