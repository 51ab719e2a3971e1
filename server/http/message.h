// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What a handler is asked and what it answers, as plain values: nothing of Beast, so that handlers
// and their tests need no network.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace daypass::server {

/// Who is at the other end of the TLS connection, by its client certificate; empty without one.
struct Peer {
  std::string host;  ///< the certificate's common name
  std::string key;   ///< SHA-256 of its public key, hexadecimal
};

struct Request {
  std::string method;
  std::string path;                               ///< without the query
  std::map<std::string, std::string> parameters;  ///< what each {name} of the pattern stands for
  std::map<std::string, std::string> query;
  std::string server;  ///< the name that the client connected to, as it says; without port
  std::string bearer;  ///< of "Authorization: Bearer ...", or empty
  Peer peer;
  std::string address;  ///< of the other end of the connection; no header says otherwise
  std::string body;
};

/// "Ask me again when the topic is woken; if it is not within this time, send what I answered."
struct Wait {
  std::string topic;
  std::chrono::seconds at_most{0};
};

struct Response {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::optional<Wait> wait;  ///< none: send it now
};

}  // namespace daypass::server
