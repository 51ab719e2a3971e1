// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/http/tls.h"

#include "server/ca/openssl.h"

namespace daypass::server {
namespace {

using core::Result;

void Harden(SSL_CTX* context) {
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 0);
  // An idle connection keeps no buffers; a write that was cut short may go on from another address.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_verify_depth(context, 1);
}

}  // namespace

Result<SslContext> MakeServerTls(const std::string& certificate_pem, const std::string& key_pem,
                                 const std::string& ca_pem) {
  auto certificate = CertificateFromPem(certificate_pem, "tls.pem");
  if (!certificate) return std::move(certificate).error();
  auto key = KeyFromPem(key_pem, "tls.key");
  if (!key) return std::move(key).error();
  auto ca = CertificateFromPem(ca_pem, "ca.pem");
  if (!ca) return std::move(ca).error();

  SslContext context{SSL_CTX_new(TLS_server_method())};
  if (!context) return OpensslFault("make a TLS context");
  Harden(context.get());
  if (SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1 ||
      SSL_CTX_use_certificate(context.get(), certificate->get()) != 1 ||
      SSL_CTX_use_PrivateKey(context.get(), key->get()) != 1 ||
      SSL_CTX_check_private_key(context.get()) != 1) {
    return OpensslFault("use tls.pem and tls.key");
  }
  if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), ca->get()) != 1 ||
      SSL_CTX_add_client_CA(context.get(), ca->get()) != 1) {
    return OpensslFault("use ca.pem");
  }
  return context;
}

Peer PeerOf(const SSL* ssl) {
  const X509* certificate = SSL_get0_peer_certificate(ssl);
  if (certificate == nullptr || SSL_get_verify_result(ssl) != X509_V_OK) return {};
  return {CommonName(certificate), PublicKeyDigest(certificate)};
}

}  // namespace daypass::server
