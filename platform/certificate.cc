// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "platform/certificate.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>

namespace daypass::platform {
namespace {

struct Free {
  void operator()(BIO* p) const noexcept { BIO_free(p); }
  void operator()(EVP_PKEY* p) const noexcept { EVP_PKEY_free(p); }
  void operator()(X509* p) const noexcept { X509_free(p); }
  void operator()(X509_REQ* p) const noexcept { X509_REQ_free(p); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

core::Error Fault(core::Reason code, const std::string& what) {
  ERR_clear_error();
  return {code, what, {}};
}

Owned<BIO> Reader(const std::string& text) {
  return Owned<BIO>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string TextOf(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return size > 0 ? std::string(data, static_cast<size_t>(size)) : std::string{};
}

// A key that is encrypted has nobody here to type its passphrase.
int NoPassphrase(char*, int, int, void*) {
  return -1;
}

}  // namespace

core::Result<std::string> MakeTlsKey() {
  const Owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
  const Owned<BIO> out(BIO_new(BIO_s_secmem()));
  if (!key || !out ||
      PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) !=
          1) {
    return Fault(core::Reason::kInternal, "a TLS key could not be made");
  }
  return TextOf(out.get());
}

core::Result<std::string> MakeCertificateRequest(const std::string& key_pem,
                                                 const std::string& name) {
  const Owned<BIO> in = Reader(key_pem);
  const Owned<EVP_PKEY> key(PEM_read_bio_PrivateKey(in.get(), nullptr, &NoPassphrase, nullptr));
  if (!key) return Fault(core::Reason::kMalformed, "is not a private key in PEM");
  const Owned<X509_REQ> request(X509_REQ_new());
  const Owned<BIO> out(BIO_new(BIO_s_mem()));
  if (!request || !out) return Fault(core::Reason::kInternal, "no memory for a request");
  const auto* const text = reinterpret_cast<const unsigned char*>(name.data());
  X509_NAME* const subject = X509_REQ_get_subject_name(request.get());
  const bool made = X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) == 1 &&
                    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, text,
                                               static_cast<int>(name.size()), -1, 0) == 1 &&
                    X509_REQ_set_pubkey(request.get(), key.get()) == 1 &&
                    X509_REQ_sign(request.get(), key.get(), EVP_sha256()) > 0 &&
                    PEM_write_bio_X509_REQ(out.get(), request.get()) == 1;
  if (!made) return Fault(core::Reason::kInternal, "a request for a certificate cannot be made");
  return TextOf(out.get());
}

core::Result<core::Instant> CertificateEnd(const std::string& pem) {
  const Owned<BIO> in = Reader(pem);
  const Owned<X509> certificate(PEM_read_bio_X509(in.get(), nullptr, &NoPassphrase, nullptr));
  tm end{};
  if (!certificate || ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &end) != 1) {
    return Fault(core::Reason::kMalformed, "is not a certificate in PEM");
  }
  return core::Instant{core::Seconds{timegm(&end)}};
}

}  // namespace daypass::platform
