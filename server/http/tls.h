// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The server's end of TLS: versions, certificates, and who the peer proved to be. Sockets are left
// to http_server.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "core/result.h"
#include "server/http/message.h"

namespace daypass::server {

struct SslContextFree {
  void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
};
using SslContext = std::unique_ptr<SSL_CTX, SslContextFree>;

struct SslFree {
  void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
};
using Ssl = std::unique_ptr<SSL, SslFree>;

/// TLS 1.2 or later with this certificate. A client certificate is asked for, not demanded: routes
/// demand it. One that this authority did not issue for TLS clients, or that is not valid now,
/// fails the handshake. Nothing is resumed, so that each connection proves its peer anew.
core::Result<SslContext> MakeServerTls(const std::string& certificate_pem,
                                       const std::string& key_pem, const std::string& ca_pem);

/// After the handshake: the host that its certificate names, or an empty Peer without one.
Peer PeerOf(const SSL* ssl);

}  // namespace daypass::server
