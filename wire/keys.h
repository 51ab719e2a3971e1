// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Keys as OpenSSH writes them. Public keys: the four types that Daypass reads. Private keys: the
// ed25519 keys that programs hold themselves (a host's, the server's); people's keys stay with
// ssh-keygen. Source: openssh PROTOCOL, PROTOCOL.u2f; RFC 4253 section 6.6, RFC 5656, RFC 8709.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/policy.h"
#include "core/result.h"

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace daypass::wire {

enum class KeyType : uint8_t {
  kEd25519,      ///< ssh-ed25519
  kEcdsaP256,    ///< ecdsa-sha2-nistp256
  kSkEd25519,    ///< sk-ssh-ed25519@openssh.com
  kSkEcdsaP256,  ///< sk-ecdsa-sha2-nistp256@openssh.com
};

/// "ssh-ed25519", as in key lines and signatures.
std::string_view KeyTypeName(KeyType type);
/// Whether the key lives in a FIDO2 token, which says whether it saw a touch and a PIN.
bool IsSecurityKey(KeyType type);

struct PublicKey {
  KeyType type = KeyType::kEd25519;
  std::string blob;         ///< the key in SSH's encoding
  std::string line;         ///< "ssh-ed25519 AAAA...", without comment
  std::string fingerprint;  ///< "SHA256:..." as `ssh-keygen -l` prints it

  // What the blob holds:
  std::string point;        ///< 32 bytes, or 65 of an uncompressed point of P-256
  std::string application;  ///< of a security key, else empty
};

/// Reads "TYPE BASE64 [comment]", one line, with or without its end.
/// Fails: kKeyRefused (a type that Daypass does not read; named), kMalformed, kTooLarge.
core::Result<PublicKey> ParsePublicKey(std::string_view line);

/// Reads a key in SSH's encoding. Fails as ParsePublicKey.
core::Result<PublicKey> ParsePublicKeyBlob(std::string_view blob);

struct EvpPkeyFree {
  void operator()(evp_pkey_st* key) const noexcept;
};
using EvpPkey = std::unique_ptr<evp_pkey_st, EvpPkeyFree>;

/// The key as OpenSSL verifies with it; null if it is no point of its curve.
EvpPkey MakeEvp(const PublicKey& key);

/// An ed25519 key that this program holds. OpenSSL wipes it at the end.
class PrivateKey {
 public:
  static PrivateKey Generate();
  /// PKCS#8, not encrypted. Fails: kMalformed, kKeyRefused (not ed25519).
  static core::Result<PrivateKey> FromPem(std::string_view pem);
  /// A secret: Wipe() the text once it is written.
  std::string ToPem() const;

  const PublicKey& public_key() const { return public_key_; }
  /// The raw 64 bytes of a signature. wire::Sign makes an SSHSIG of it.
  std::string SignRaw(std::string_view bytes) const;

 private:
  explicit PrivateKey(EvpPkey key);

  EvpPkey key_;
  PublicKey public_key_;
};

}  // namespace daypass::wire
