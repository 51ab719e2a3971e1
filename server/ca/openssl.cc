// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/ca/openssl.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <array>

namespace daypass::server {
namespace {

using core::Error;
using core::Reason;
using core::Result;

using Bio = std::unique_ptr<BIO, OpensslFree>;

constexpr size_t kMaxPemBytes = 64 * 1024;

/// Never asks anybody for a passphrase.
int NoPassphrase(char*, int, int, void*) {
  return 0;
}

template <typename Handle, typename Read>
Result<Handle> FromPem(const std::string& pem, std::string_view what, Read read) {
  if (pem.size() > kMaxPemBytes) {
    return Error{Reason::kTooLarge, std::string(what) + ": at most 65536 bytes", std::string(what)};
  }
  const Bio bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  if (!bio) return OpensslFault(what);
  Handle handle{read(bio.get(), nullptr, &NoPassphrase, nullptr)};
  if (!handle) {
    Error fault =
        OpensslFault(std::string(what) + ": is not PEM of the right kind", Reason::kMalformed);
    fault.field = what;
    return fault;
  }
  return handle;
}

Result<std::string> TakeText(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);  // NOLINT(google-runtime-int): OpenSSL's
  if (size <= 0) return OpensslFault("write PEM");
  return std::string(data, static_cast<size_t>(size));
}

std::string Hex(const unsigned char* bytes, unsigned size) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    text += kDigits[bytes[i] >> 4];
    text += kDigits[bytes[i] & 15];
  }
  return text;
}

template <typename DigestFunction>
std::string DigestOf(const X509* certificate, DigestFunction digest) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  if (digest(certificate, EVP_sha256(), bytes.data(), &size) != 1) return {};
  return Hex(bytes.data(), size);
}

}  // namespace

Error OpensslFault(std::string_view doing, Reason code) {
  std::array<char, 256> text{};
  const unsigned long error = ERR_peek_last_error();  // NOLINT(google-runtime-int): OpenSSL's
  if (error != 0) ERR_error_string_n(error, text.data(), text.size());
  ERR_clear_error();
  std::string what{doing};
  if (text[0] != '\0') what += std::string(" (") + text.data() + ")";
  return {code, what, {}};
}

Result<Certificate> CertificateFromPem(const std::string& pem, std::string_view what) {
  return FromPem<Certificate>(pem, what, &PEM_read_bio_X509);
}

Result<CertificateRequest> RequestFromPem(const std::string& pem, std::string_view what) {
  return FromPem<CertificateRequest>(pem, what, &PEM_read_bio_X509_REQ);
}

Result<Key> KeyFromPem(const std::string& pem, std::string_view what) {
  return FromPem<Key>(pem, what, &PEM_read_bio_PrivateKey);
}

Result<std::string> ToPem(const X509* certificate) {
  const Bio bio{BIO_new(BIO_s_mem())};
  if (!bio || PEM_write_bio_X509(bio.get(), certificate) != 1) return OpensslFault("write PEM");
  return TakeText(bio.get());
}

Result<std::string> ToPem(const EVP_PKEY* key) {
  const Bio bio{BIO_new(BIO_s_secmem())};
  if (!bio ||
      PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return OpensslFault("write PEM");
  }
  return TakeText(bio.get());
}

std::string CertificateDigest(const X509* certificate) {
  return DigestOf(certificate, &X509_digest);
}

std::string PublicKeyDigest(const X509* certificate) {
  return DigestOf(certificate, &X509_pubkey_digest);
}

std::string CommonName(const X509* certificate) {
  const X509_NAME* subject = X509_get_subject_name(certificate);
  const int index = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (index < 0 || X509_NAME_get_index_by_NID(subject, NID_commonName, index) >= 0) return {};
  const ASN1_STRING* value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, index));
  const std::string name(reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
                         static_cast<size_t>(ASN1_STRING_length(value)));
  return name.find('\0') == std::string::npos ? name : std::string();
}

}  // namespace daypass::server
