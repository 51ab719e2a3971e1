// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "cli/tls_identity.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

namespace daypass::cli {
namespace {

template <auto Free>
struct FreeWith {
  void operator()(auto* thing) const { Free(thing); }
};
using Bio = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;
using Key = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using CertificateRequest = std::unique_ptr<X509_REQ, FreeWith<X509_REQ_free>>;

core::Error Failed() {
  return {core::Reason::kInternal, "OpenSSL could not make a TLS key and certificate request", ""};
}

std::string TextOf(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<size_t>(size)};
}

}  // namespace

core::Result<TlsIdentity> MakeTlsIdentity(const std::string& name) {
  const Key key(EVP_EC_gen("P-256"));
  const CertificateRequest request(X509_REQ_new());
  if (key == nullptr || request == nullptr) return Failed();
  const auto* common_name = reinterpret_cast<const unsigned char*>(name.data());
  X509_NAME* subject = X509_REQ_get_subject_name(request.get());  // the request's own
  if (X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, common_name,
                                 static_cast<int>(name.size()), -1, 0) != 1 ||
      X509_REQ_set_pubkey(request.get(), key.get()) != 1 ||
      X509_REQ_sign(request.get(), key.get(), EVP_sha256()) == 0) {
    return Failed();
  }
  const Bio key_pem(BIO_new(BIO_s_secmem()));
  const Bio csr_pem(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_PKCS8PrivateKey(key_pem.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                    nullptr) != 1 ||
      PEM_write_bio_X509_REQ(csr_pem.get(), request.get()) != 1) {
    return Failed();
  }
  return TlsIdentity{TextOf(key_pem.get()), TextOf(csr_pem.get())};
}

}  // namespace daypass::cli
