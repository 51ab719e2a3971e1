// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/keys.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/pem.h>

#include <array>
#include <new>
#include <optional>

#include "wire/base64.h"
#include "wire/digest.h"
#include "wire/ssh_encoding.h"
#include "wire/string_rule.h"

namespace daypass::wire {
namespace {

constexpr size_t kMaxLineBytes = 4096;
constexpr size_t kMaxApplicationBytes = 256;
constexpr std::string_view kCurve = "nistp256";
constexpr std::string_view kTypesAllowed =
    "ssh-ed25519 ecdsa-sha2-nistp256 sk-ssh-ed25519@openssh.com "
    "sk-ecdsa-sha2-nistp256@openssh.com";
constexpr std::array kTypes = {KeyType::kEd25519, KeyType::kEcdsaP256, KeyType::kSkEd25519,
                               KeyType::kSkEcdsaP256};

core::Error Malformed(std::string what) {
  return {core::Reason::kMalformed, "public key: " + std::move(what), ""};
}

std::optional<KeyType> FindType(std::string_view name) {
  for (const KeyType type : kTypes) {
    if (KeyTypeName(type) == name) return type;
  }
  return std::nullopt;
}

core::Error Refused(std::string_view type) {
  return {
      core::Reason::kKeyRefused,
      "key type \"" + Printable(type) + "\" is not read; allowed: " + std::string(kTypesAllowed),
      ""};
}

bool IsEcdsa(KeyType type) {
  return type == KeyType::kEcdsaP256 || type == KeyType::kSkEcdsaP256;
}

const unsigned char* Unsigned(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

// OpenSSL refuses a point that is not on the curve.
EvpPkey MakeP256(std::string_view point) {
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr);
  char group[] = "P-256";
  std::string octets(point);
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, octets.data(), octets.size()),
      OSSL_PARAM_construct_end()};
  EVP_PKEY* key = nullptr;
  if (context == nullptr || EVP_PKEY_fromdata_init(context) != 1 ||
      EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY,
                        const_cast<OSSL_PARAM*>(parameters)) != 1) {  // NOLINT: not written to
    ERR_clear_error();
  }
  EVP_PKEY_CTX_free(context);
  return EvpPkey(key);
}

// There is nobody to ask for a passphrase.
int NoPassphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*data*/) {
  return -1;
}

}  // namespace

std::string_view KeyTypeName(KeyType type) {
  switch (type) {
    case KeyType::kEd25519:
      return "ssh-ed25519";
    case KeyType::kEcdsaP256:
      return "ecdsa-sha2-nistp256";
    case KeyType::kSkEd25519:
      return "sk-ssh-ed25519@openssh.com";
    case KeyType::kSkEcdsaP256:
      return "sk-ecdsa-sha2-nistp256@openssh.com";
  }
  return "";
}

bool IsSecurityKey(KeyType type) {
  return type == KeyType::kSkEd25519 || type == KeyType::kSkEcdsaP256;
}

core::Result<PublicKey> ParsePublicKeyBlob(std::string_view blob) {
  SshReader in(blob);
  const std::string_view type_name = in.String();
  if (!in.ok()) return Malformed("cut off");
  const std::optional<KeyType> type = FindType(type_name);
  if (!type) return Refused(type_name);

  PublicKey key;
  key.type = *type;
  if (IsEcdsa(*type) && in.String() != kCurve) return Malformed("the curve is not nistp256");
  key.point = in.String();
  if (IsSecurityKey(*type)) key.application = in.String();
  if (!in.IsDone()) return Malformed("cut off, or followed by something");
  if (key.application.size() > kMaxApplicationBytes)
    return Malformed("the application is too long");
  if (key.point.size() != (IsEcdsa(*type) ? 65 : 32)) return Malformed("wrong length of the point");
  // 4: uncompressed, the only form that OpenSSH writes.
  if (IsEcdsa(*type) && (key.point[0] != 4 || MakeEvp(key) == nullptr)) {
    return Malformed("not a point of the curve");
  }
  key.blob = blob;
  key.line = std::string(type_name) + " " + EncodeBase64(blob);
  std::string fingerprint = EncodeBase64(Sha256(blob));
  fingerprint.pop_back();  // 32 bytes end in one '=', which ssh-keygen leaves out
  key.fingerprint = "SHA256:" + fingerprint;
  return key;
}

core::Result<PublicKey> ParsePublicKey(std::string_view line) {
  if (line.size() > kMaxLineBytes) {
    return core::Error{core::Reason::kTooLarge, "public key: a line of more than 4096 bytes", ""};
  }
  if (!line.empty() && line.back() == '\n') line.remove_suffix(1);
  if (!IsPlainLine(line)) return Malformed("not one line of plain text");
  const size_t space = line.find(' ');
  if (space == line.npos) return Malformed("not of the form TYPE BASE64 [comment]");
  const std::string_view type_name = line.substr(0, space);
  if (!FindType(type_name)) return Refused(type_name);
  const std::string_view rest = line.substr(space + 1);
  core::Result<std::string> blob = DecodeBase64(rest.substr(0, rest.find(' ')));
  if (!blob) return Malformed(blob.error().what);
  core::Result<PublicKey> key = ParsePublicKeyBlob(*blob);
  if (key && KeyTypeName(key->type) != type_name) return Malformed("the line names another type");
  return key;
}

void EvpPkeyFree::operator()(evp_pkey_st* key) const noexcept {
  EVP_PKEY_free(key);
}

EvpPkey MakeEvp(const PublicKey& key) {
  if (IsEcdsa(key.type)) return MakeP256(key.point);
  EVP_PKEY* raw =
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Unsigned(key.point), key.point.size());
  if (raw == nullptr) ERR_clear_error();
  return EvpPkey(raw);
}

PrivateKey::PrivateKey(EvpPkey key) : key_(std::move(key)) {
  std::array<unsigned char, 32> point{};
  size_t size = point.size();
  if (EVP_PKEY_get_raw_public_key(key_.get(), point.data(), &size) != 1) throw std::bad_alloc();
  const std::string_view bytes(reinterpret_cast<const char*>(point.data()), size);
  const std::string blob = SshWriter().String(KeyTypeName(KeyType::kEd25519)).String(bytes).bytes();
  public_key_ = *ParsePublicKeyBlob(blob);
}

PrivateKey PrivateKey::Generate() {
  EvpPkey key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  if (key == nullptr) throw std::bad_alloc();
  return PrivateKey(std::move(key));
}

core::Result<PrivateKey> PrivateKey::FromPem(std::string_view pem) {
  if (pem.size() > kMaxLineBytes) {
    return core::Error{core::Reason::kTooLarge, "private key: more than 4096 bytes", ""};
  }
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  if (bio == nullptr) throw std::bad_alloc();
  EvpPkey key(PEM_read_bio_PrivateKey(bio, nullptr, NoPassphrase, nullptr));
  BIO_free(bio);
  if (key == nullptr) {
    ERR_clear_error();
    return core::Error{core::Reason::kMalformed,
                       "private key: not PEM of an unencrypted PKCS#8 key", ""};
  }
  if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_ED25519) {
    return core::Error{core::Reason::kKeyRefused, "private key: not ed25519, which is needed", ""};
  }
  return PrivateKey(std::move(key));
}

std::string PrivateKey::ToPem() const {
  BIO* bio = BIO_new(BIO_s_mem());  // OpenSSL wipes it when it is freed
  if (bio == nullptr ||
      PEM_write_bio_PKCS8PrivateKey(bio, key_.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    BIO_free(bio);
    throw std::bad_alloc();
  }
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string pem(data, static_cast<size_t>(size));
  BIO_free(bio);
  return pem;
}

std::string PrivateKey::SignRaw(std::string_view bytes) const {
  std::string signature(64, '\0');
  size_t size = signature.size();
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const bool signed_ok = context != nullptr &&
                         EVP_DigestSignInit(context, nullptr, nullptr, nullptr, key_.get()) == 1 &&
                         EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()),
                                        &size, Unsigned(bytes), bytes.size()) == 1;
  EVP_MD_CTX_free(context);
  if (!signed_ok) throw std::bad_alloc();  // ed25519 has no other way to fail
  return signature;
}

}  // namespace daypass::wire
