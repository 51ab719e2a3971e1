// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// HTTPS in front of handlers. All of Asio and Beast is in http_server.cc.
//
//   1. MUST bound what a stranger can hold: connections, header and body size, time for handshake,
//      header, body and answer, and the queue of requests before the database.
//   2. MUST run handlers one at a time on a thread of their own (they use the database), never on
//      the one that does I/O.
//   3. MUST NOT lose a wake-up between a handler's "wait" and the start of waiting.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"
#include "server/http/router.h"
#include "server/http/tls.h"

namespace daypass::server {

/// What one stranger, or all of them, may take.
struct HttpLimits {
  std::chrono::seconds handshake{10};
  std::chrono::seconds header{10};  ///< also how long a connection may be silent between requests
  std::chrono::seconds body{30};
  std::chrono::seconds answer{30};
  size_t connections = 20'000;
  size_t queued = 1'000;  ///< requests before the database
};

class HttpServer {
 public:
  /// Binds and listens; `port` 0 takes a free one. Nothing is accepted before Run.
  static core::Result<std::unique_ptr<HttpServer>> Make(const std::string& address, uint16_t port,
                                                        SslContext tls,
                                                        const HttpLimits& limits = {});
  virtual ~HttpServer() = default;
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  HttpServer(HttpServer&&) = delete;
  HttpServer& operator=(HttpServer&&) = delete;

  /// Before Run only.
  virtual void On(std::string method, std::string_view pattern, size_t max_body,
                  Handler handler) = 0;

  virtual uint16_t port() const = 0;

  /// Serves until Stop, SIGTERM or SIGINT.
  virtual void Run() = 0;

  /// Ends Run. From any thread.
  virtual void Stop() = 0;

  /// Asks every handler that waits for this topic again. From any thread.
  virtual void Wake(const std::string& topic) = 0;

 protected:
  HttpServer() = default;
};

}  // namespace daypass::server
