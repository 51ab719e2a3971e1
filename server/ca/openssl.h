// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Owners of OpenSSL's certificate handles, and PEM in and out of them: what certificates and TLS
// have in common.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"

namespace daypass::server {

struct OpensslFree {
  void operator()(X509* p) const noexcept { X509_free(p); }
  void operator()(X509_REQ* p) const noexcept { X509_REQ_free(p); }
  void operator()(X509_EXTENSION* p) const noexcept { X509_EXTENSION_free(p); }
  void operator()(EVP_PKEY* p) const noexcept { EVP_PKEY_free(p); }
  void operator()(EVP_PKEY_CTX* p) const noexcept { EVP_PKEY_CTX_free(p); }
  void operator()(BIGNUM* p) const noexcept { BN_free(p); }
  void operator()(BIO* p) const noexcept { BIO_free(p); }
};
using Certificate = std::unique_ptr<X509, OpensslFree>;
using CertificateRequest = std::unique_ptr<X509_REQ, OpensslFree>;
using Key = std::unique_ptr<EVP_PKEY, OpensslFree>;

/// A fault of OpenSSL's: `doing` and the newest entry of its error queue, which is emptied.
core::Error OpensslFault(std::string_view doing, core::Reason code = core::Reason::kInternal);

/// Read one object each; fail kMalformed and name `what`.
core::Result<Certificate> CertificateFromPem(const std::string& pem, std::string_view what);
core::Result<CertificateRequest> RequestFromPem(const std::string& pem, std::string_view what);
core::Result<Key> KeyFromPem(const std::string& pem, std::string_view what);

core::Result<std::string> ToPem(const X509* certificate);
core::Result<std::string> ToPem(const EVP_PKEY* key);  ///< PKCS#8, not encrypted

/// SHA-256, lower-case hexadecimal, of the certificate's DER and of its public key.
std::string CertificateDigest(const X509* certificate);
std::string PublicKeyDigest(const X509* certificate);

/// The subject's common name; empty unless there is exactly one, without NUL.
std::string CommonName(const X509* certificate);

}  // namespace daypass::server
