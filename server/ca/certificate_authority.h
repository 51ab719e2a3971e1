// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The internal certificate authority: it says who is at the other end of a TLS connection, the
// server or a host of a certain name, and nothing about what either may do. ECDSA P-256.
//
//   1. MUST decide name, usage and lifetime of a host's certificate itself; of the host's signing
//      request only the public key is taken, and only with proof that the host holds its key.
//   2. MUST NOT let the server's certificate serve as a host's, nor a host's as the server's.
#pragma once

#include <span>
#include <string>

#include "core/result.h"
#include "core/time.h"
#include "server/ca/openssl.h"

namespace daypass::server {

struct KeyAndCertificate {
  std::string key_pem;
  std::string certificate_pem;
};

class CertificateAuthority {
 public:
  /// A new key with a certificate of its own, good for ten years.
  static core::Result<CertificateAuthority> Make(core::Instant now);
  /// Fails: kMalformed; kKeyRefused, when the two do not belong together.
  static core::Result<CertificateAuthority> FromPem(const std::string& certificate_pem,
                                                    const std::string& key_pem);

  const std::string& certificate_pem() const { return certificate_pem_; }
  core::Result<std::string> KeyPem() const;
  /// SHA-256 of the certificate's DER, hexadecimal: what a join token begins to tell a host.
  const std::string& digest() const { return digest_; }

  /// A key and certificate for this server. `names`: host names and IP addresses, at least one.
  core::Result<KeyAndCertificate> IssueServer(std::span<const std::string> names,
                                              core::Instant now) const;

  /// A certificate for the host of this name. Fails: kMalformed (no signing request, or not signed
  /// by its own key), kKeyRefused (not ECDSA P-256 or Ed25519).
  core::Result<std::string> SignHost(const std::string& csr_pem, const std::string& name,
                                     core::Instant now) const;

 private:
  CertificateAuthority(Certificate certificate, Key key, std::string pem, std::string digest);

  Certificate certificate_;
  Key key_;
  std::string certificate_pem_;
  std::string digest_;
};

/// Whether the server's certificate is for each of these names and has at least a third of its life
/// before it. If not: IssueServer.
core::Result<bool> IsServerCertificateFit(const std::string& certificate_pem,
                                          std::span<const std::string> names, core::Instant now);

}  // namespace daypass::server
