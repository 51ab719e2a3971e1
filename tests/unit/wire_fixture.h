// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The real ssh-keygen as signer and oracle, a FIDO2 token made of software, and small documents
// that are right in every part. Each test changes one thing; the untouched document is its control.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy.h"
#include "core/statement.h"
#include "wire/keys.h"

namespace daypass::wire {

/// A folder that is gone after the test.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  std::string path(std::string_view name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

void WriteFile(const std::string& path, std::string_view bytes);
std::string ReadFile(const std::string& path);

/// A key pair of ssh-keygen's own making. `type`: as for `ssh-keygen -t`.
class SshKey {
 public:
  explicit SshKey(const std::string& type);

  const PublicKey& key() const { return public_key_; }
  /// `ssh-keygen -Y sign`; `hash`: sha512 or sha256.
  std::string Sign(std::string_view name_space, std::string_view message,
                   const std::string& hash = "sha512") const;

 private:
  TempDir dir_;
  PublicKey public_key_;
};

/// Whether `ssh-keygen -Y verify` accepts the signature as made by this key.
bool SshKeygenAccepts(const PublicKey& key, std::string_view name_space, std::string_view armoured,
                      std::string_view message);

constexpr uint8_t kTouched = 0x01;
constexpr uint8_t kPinEntered = 0x04;

/// A FIDO2 token whose flags the test chooses, which no real one would allow.
class SoftToken {
 public:
  explicit SoftToken(KeyType type, std::string application = "ssh:");

  const PublicKey& key() const { return public_key_; }
  /// "TYPE BASE64", also of a key that Daypass would not read.
  std::string line() const;
  std::string Sign(std::string_view name_space, std::string_view message, uint8_t flags) const;
  /// The signature that a browser brings (PROTOCOL.u2f: webauthn); of an ECDSA token.
  std::string SignInBrowser(std::string_view name_space, std::string_view message) const;

 private:
  KeyType type_;
  std::string application_;
  std::string blob_;
  EvpPkey private_key_;
  PublicKey public_key_;  // of an application that is read
};

/// The fields of an SSHSIG, to be put together rightly or not.
struct SshsigParts {
  std::string magic = "SSHSIG";
  uint32_t version = 1;
  std::string key_blob;
  std::string name_space;
  std::string reserved;
  std::string hash_algorithm = "sha512";
  std::string signature;  ///< SSH's encoding: type, bytes...
  std::string trailing;
};
std::string ArmourParts(const SshsigParts& parts);
SshsigParts TakeApart(std::string_view armoured);
std::string ArmourText(std::string_view blob);

inline const std::string kRealm = "00112233445566778899aabbccddeeff";
inline const std::string kNonce = "0123456789abcdef0123456789abcdef";

/// A statement that every check accepts.
core::Statement MakeStatement();

/// The payload of a policy that every check accepts: bob administers and approves, carol
/// administers with another key, alice may be web-operator. Keys are given, so that tests hold the
/// private ones.
struct PolicyKeys {
  std::string bob, carol, status;  ///< key lines
};
std::string PolicyText(const PolicyKeys& keys);
/// With keys that nobody holds: for tests of the text alone.
std::string PolicyText();

/// `text` with the one place that reads `from` changed; fails the test if there is not exactly one.
std::string Replaced(std::string text, std::string_view from, std::string_view to);

}  // namespace daypass::wire
