// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/ca/certificate_authority.h"

#include <arpa/inet.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace daypass::server {
namespace {

using core::Error;
using core::Reason;
using core::Result;
using std::chrono::days;

constexpr days kCaLife{3650};
constexpr days kServerLife{825};
constexpr days kHostLife{365};
constexpr std::chrono::hours kClockSlack{1};  // a host's clock may be behind the server's
constexpr std::string_view kCaName = "Daypass internal CA";

/// What a new certificate says, besides its key.
struct Template {
  std::string common_name;
  core::Instant now;
  days life{0};
  std::string basic_constraints;
  std::string key_usage;
  std::string extended_key_usage;  // empty: left out
  std::string alternative_names;   // empty: left out
};

Result<Key> MakeKey() {
  Key key{EVP_EC_gen("P-256")};
  if (!key) return OpensslFault("make an ECDSA key");
  return key;
}

bool SetRandomSerial(X509* certificate) {
  const std::unique_ptr<BIGNUM, OpensslFree> number{BN_new()};
  constexpr int kBits = 159;  // 20 bytes at most, and positive
  return number && BN_rand(number.get(), kBits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool SetTimes(X509* certificate, core::Instant now, days life) {
  const std::time_t at = std::chrono::system_clock::to_time_t(now);
  const std::time_t from = at - std::chrono::seconds(kClockSlack).count();
  const std::time_t to = at + std::chrono::seconds(life).count();
  return ASN1_TIME_set(X509_getm_notBefore(certificate), from) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(certificate), to) != nullptr;
}

bool SetCommonName(X509* certificate, const std::string& name) {
  return X509_NAME_add_entry_by_NID(X509_get_subject_name(certificate), NID_commonName,
                                    MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(name.data()),
                                    static_cast<int>(name.size()), -1, 0) == 1;
}

bool AddExtension(X509* certificate, X509V3_CTX* context, int nid, const std::string& value) {
  if (value.empty()) return true;
  const std::unique_ptr<X509_EXTENSION, OpensslFree> extension{
      X509V3_EXT_conf_nid(nullptr, context, nid, value.c_str())};
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

/// `issuer` null: signed by `issuer_key` as its own.
Result<Certificate> Build(const Template& t, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key) {
  Certificate certificate{X509_new()};
  X509* c = certificate.get();
  if (c == nullptr || X509_set_version(c, X509_VERSION_3) != 1 || !SetRandomSerial(c) ||
      !SetTimes(c, t.now, t.life) || !SetCommonName(c, t.common_name) ||
      X509_set_pubkey(c, key) != 1 ||
      X509_set_issuer_name(c, X509_get_subject_name(issuer == nullptr ? c : issuer)) != 1) {
    return OpensslFault("make a certificate");
  }
  X509V3_CTX context{};
  X509V3_set_ctx(&context, issuer == nullptr ? c : issuer, c, nullptr, nullptr, 0);
  if (!AddExtension(c, &context, NID_subject_key_identifier, "hash") ||
      !AddExtension(c, &context, NID_authority_key_identifier, "keyid") ||
      !AddExtension(c, &context, NID_basic_constraints, t.basic_constraints) ||
      !AddExtension(c, &context, NID_key_usage, t.key_usage) ||
      !AddExtension(c, &context, NID_ext_key_usage, t.extended_key_usage) ||
      !AddExtension(c, &context, NID_subject_alt_name, t.alternative_names)) {
    return OpensslFault("make a certificate's extensions");
  }
  if (X509_sign(c, issuer_key, EVP_sha256()) == 0) return OpensslFault("sign a certificate");
  return certificate;
}

bool IsIpAddress(const std::string& name) {
  std::array<unsigned char, 16> bytes{};
  return inet_pton(AF_INET, name.c_str(), bytes.data()) == 1 ||
         inet_pton(AF_INET6, name.c_str(), bytes.data()) == 1;
}

std::string AlternativeNames(std::span<const std::string> names) {
  std::string text;
  for (const std::string& name : names) {
    if (!text.empty()) text += ",";
    text += (IsIpAddress(name) ? "IP:" : "DNS:") + name;
  }
  return text;
}

bool IsAcceptedKey(const EVP_PKEY* key) {
  if (EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519) return true;
  std::array<char, 64> group{};
  return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
         EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) == 1 &&
         std::string_view(group.data()) == "prime256v1";
}

}  // namespace

CertificateAuthority::CertificateAuthority(Certificate certificate, Key key, std::string pem,
                                           std::string digest)
    : certificate_(std::move(certificate)),
      key_(std::move(key)),
      certificate_pem_(std::move(pem)),
      digest_(std::move(digest)) {}

Result<CertificateAuthority> CertificateAuthority::Make(core::Instant now) {
  auto key = MakeKey();
  if (!key) return std::move(key).error();
  const Template self{std::string(kCaName),           now, kCaLife, "critical,CA:TRUE,pathlen:0",
                      "critical,keyCertSign,cRLSign", "",  ""};
  auto certificate = Build(self, key->get(), nullptr, key->get());
  if (!certificate) return std::move(certificate).error();
  auto pem = ToPem(certificate->get());
  if (!pem) return std::move(pem).error();
  std::string digest = CertificateDigest(certificate->get());
  return CertificateAuthority(std::move(*certificate), std::move(*key), std::move(*pem),
                              std::move(digest));
}

Result<CertificateAuthority> CertificateAuthority::FromPem(const std::string& certificate_pem,
                                                           const std::string& key_pem) {
  auto certificate = CertificateFromPem(certificate_pem, "ca.pem");
  if (!certificate) return std::move(certificate).error();
  auto key = KeyFromPem(key_pem, "ca.key");
  if (!key) return std::move(key).error();
  if (X509_check_private_key(certificate->get(), key->get()) != 1) {
    return Error{Reason::kKeyRefused, "ca.key: is not the key of ca.pem", "ca.key"};
  }
  std::string digest = CertificateDigest(certificate->get());
  return CertificateAuthority(std::move(*certificate), std::move(*key), certificate_pem,
                              std::move(digest));
}

Result<std::string> CertificateAuthority::KeyPem() const {
  return ToPem(key_.get());
}

Result<KeyAndCertificate> CertificateAuthority::IssueServer(std::span<const std::string> names,
                                                            core::Instant now) const {
  if (names.empty()) return Error{Reason::kMalformed, "names: at least one", "names"};
  auto key = MakeKey();
  if (!key) return std::move(key).error();
  const Template server{names.front(),
                        now,
                        kServerLife,
                        "critical,CA:FALSE",
                        "critical,digitalSignature",
                        "serverAuth",
                        AlternativeNames(names)};
  auto certificate = Build(server, key->get(), certificate_.get(), key_.get());
  if (!certificate) return std::move(certificate).error();
  auto certificate_pem = ToPem(certificate->get());
  if (!certificate_pem) return std::move(certificate_pem).error();
  auto key_pem = ToPem(key->get());
  if (!key_pem) return std::move(key_pem).error();
  return KeyAndCertificate{std::move(*key_pem), std::move(*certificate_pem)};
}

Result<std::string> CertificateAuthority::SignHost(const std::string& csr_pem,
                                                   const std::string& name,
                                                   core::Instant now) const {
  auto csr = RequestFromPem(csr_pem, "csr");
  if (!csr) return std::move(csr).error();
  EVP_PKEY* key = X509_REQ_get0_pubkey(csr->get());
  if (key == nullptr || !IsAcceptedKey(key)) {
    return Error{Reason::kKeyRefused, "csr: its key must be ECDSA P-256 or Ed25519", "csr"};
  }
  if (X509_REQ_verify(csr->get(), key) != 1) {
    return Error{Reason::kMalformed, "csr: is not signed by its own key", "csr"};
  }
  const Template host{
      name,         now,          kHostLife, "critical,CA:FALSE", "critical,digitalSignature",
      "clientAuth", "DNS:" + name};
  auto certificate = Build(host, key, certificate_.get(), key_.get());
  if (!certificate) return std::move(certificate).error();
  return ToPem(certificate->get());
}

Result<bool> IsServerCertificateFit(const std::string& certificate_pem,
                                    std::span<const std::string> names, core::Instant now) {
  auto certificate = CertificateFromPem(certificate_pem, "tls.pem");
  if (!certificate) return std::move(certificate).error();
  X509* c = certificate->get();
  std::time_t third =
      std::chrono::system_clock::to_time_t(now) + std::chrono::seconds(kServerLife).count() / 3;
  if (X509_cmp_time(X509_get0_notAfter(c), &third) < 0) return false;
  return std::ranges::all_of(names, [&](const std::string& name) {
    return IsIpAddress(name) ? X509_check_ip_asc(c, name.c_str(), 0) == 1
                             : X509_check_host(c, name.data(), name.size(), 0, nullptr) == 1;
  });
}

}  // namespace daypass::server
