// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/sshsig.h"

#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <optional>

#include "wire/base64.h"
#include "wire/digest.h"
#include "wire/ssh_encoding.h"
#include "wire/string_rule.h"

namespace daypass::wire {
namespace {

constexpr std::string_view kMagic = "SSHSIG";
constexpr std::string_view kBegin = "-----BEGIN SSH SIGNATURE-----\n";
constexpr std::string_view kEnd = "-----END SSH SIGNATURE-----\n";
constexpr size_t kLineWidth = 70;
constexpr uint32_t kVersion = 1;
constexpr uint8_t kPresence = 0x01;  // PROTOCOL.u2f: "user present"
constexpr uint8_t kVerified = 0x04;  // "user verified"

core::Error Malformed(std::string_view what) {
  return {core::Reason::kMalformed, "signature: " + std::string(what), ""};
}

// A signature taken apart, nothing of it believed yet.
struct Claim {
  PublicKey key;
  std::string name_space;
  std::string hash_algorithm;
  std::string signature;  // 64 bytes, or SSH's encoding of ECDSA's r and s
  uint8_t flags = 0;      // of a security key
  uint32_t counter = 0;   // of a security key
};

// The message's digests, each made once however many signatures there are.
class Message {
 public:
  explicit Message(std::string_view bytes) : bytes_(bytes) {}

  const std::string& Digest(std::string_view algorithm) {
    const bool is_256 = algorithm == "sha256";
    std::optional<std::string>& digest = is_256 ? sha256_ : sha512_;
    if (!digest) digest = is_256 ? Sha256(bytes_) : Sha512(bytes_);
    return *digest;
  }

 private:
  std::string_view bytes_;
  std::optional<std::string> sha256_, sha512_;
};

std::string Armour(std::string_view blob) {
  const std::string text = EncodeBase64(blob);
  std::string armoured(kBegin);
  for (size_t i = 0; i < text.size(); i += kLineWidth) {
    armoured.append(text, i, kLineWidth).append("\n");
  }
  return armoured.append(kEnd);
}

// Takes the armour off. Canonical means: putting it on again gives the same text.
core::Result<std::string> Unarmour(std::string_view armoured) {
  if (armoured.size() > kMaxSignatureBytes) {
    return core::Error{core::Reason::kTooLarge, "signature: more than 4096 bytes", ""};
  }
  if (armoured.size() < kBegin.size() + kEnd.size() ||
      armoured.substr(0, kBegin.size()) != kBegin ||
      armoured.substr(armoured.size() - kEnd.size()) != kEnd) {
    return Malformed("not an armoured SSH signature");
  }
  std::string text;
  for (const char c :
       armoured.substr(kBegin.size(), armoured.size() - kBegin.size() - kEnd.size())) {
    if (c != '\n') text += c;
  }
  core::Result<std::string> blob = DecodeBase64(text);
  if (!blob) return Malformed(blob.error().what);
  if (Armour(*blob) != armoured) return Malformed("the armour is not as ssh-keygen writes it");
  return blob;
}

// The inner signature: its type must be the key's, and only security keys have flags.
core::Result<void> ParseSignature(std::string_view bytes, Claim& claim) {
  SshReader in(bytes);
  if (in.String() != KeyTypeName(claim.key.type)) {
    return Malformed("the signature is of another type than its key");
  }
  claim.signature = in.String();
  if (IsSecurityKey(claim.key.type)) {
    claim.flags = in.Byte();
    claim.counter = in.Uint32();
  }
  if (!in.IsDone()) return Malformed("the inner signature is cut off, or followed by something");
  return {};
}

core::Result<Claim> ParseClaim(std::string_view armoured) {
  core::Result<std::string> blob = Unarmour(armoured);
  if (!blob) return std::move(blob).error();
  SshReader in(*blob);
  if (in.Raw(kMagic.size()) != kMagic) return Malformed("it does not begin with SSHSIG");
  if (in.Uint32() != kVersion) return Malformed("a version other than 1");
  const std::string_view key_blob = in.String();
  const std::string_view name_space = in.String();
  const std::string_view reserved = in.String();
  const std::string_view hash_algorithm = in.String();
  const std::string_view signature = in.String();
  if (!in.IsDone()) return Malformed("cut off, or followed by something");
  if (!reserved.empty()) return Malformed("the reserved field is not empty");
  if (hash_algorithm != "sha256" && hash_algorithm != "sha512") {
    return Malformed("a hash algorithm other than sha256 and sha512");
  }
  core::Result<PublicKey> key = ParsePublicKeyBlob(key_blob);
  if (!key) return std::move(key).error();
  Claim claim;
  claim.key = std::move(*key);
  claim.name_space = name_space;
  claim.hash_algorithm = hash_algorithm;
  core::Result<void> inner = ParseSignature(signature, claim);
  if (!inner) return std::move(inner).error();
  return claim;
}

// What the key signs (PROTOCOL.sshsig): the magic without a version, and a digest of the message.
std::string SignedBytes(std::string_view name_space, std::string_view hash_algorithm,
                        std::string_view digest) {
  return SshWriter()
      .Raw(kMagic)
      .String(name_space)
      .String("")
      .String(hash_algorithm)
      .String(digest)
      .bytes();
}

// What the token signs in place of `bytes` (PROTOCOL.u2f).
std::string TokenBytes(const Claim& claim, std::string_view bytes) {
  return SshWriter()
      .Raw(Sha256(claim.key.application))
      .Byte(claim.flags)
      .Uint32(claim.counter)
      .Raw(Sha256(bytes))
      .bytes();
}

// ECDSA's r and s as OpenSSL reads them (DER); empty if they are not two canonical numbers.
std::string ToDer(std::string_view signature) {
  constexpr size_t kMaxNumber = 32;
  SshReader in(signature);
  const std::string_view r = in.PositiveMpint();
  const std::string_view s = in.PositiveMpint();
  if (!in.IsDone() || r.size() > kMaxNumber || s.size() > kMaxNumber) return "";
  const auto to_number = [](std::string_view bytes) {
    return BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                     static_cast<int>(bytes.size()), nullptr);
  };
  ECDSA_SIG* pair = ECDSA_SIG_new();
  if (pair == nullptr || ECDSA_SIG_set0(pair, to_number(r), to_number(s)) != 1) {
    ECDSA_SIG_free(pair);
    return "";
  }
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair, &der);
  ECDSA_SIG_free(pair);
  std::string result;
  if (size > 0) result.assign(reinterpret_cast<const char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  return result;
}

bool IsGood(const Claim& claim, std::string_view bytes) {
  const bool is_ed25519 =
      claim.key.type == KeyType::kEd25519 || claim.key.type == KeyType::kSkEd25519;
  const std::string signature = is_ed25519 ? claim.signature : ToDer(claim.signature);
  const EvpPkey key = MakeEvp(claim.key);
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const auto data = [](std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
  };
  // Only 1 is "good": 0 and negative numbers are the many ways in which it is not.
  const bool good =
      key != nullptr && context != nullptr && !signature.empty() &&
      EVP_DigestVerifyInit(context, nullptr, is_ed25519 ? nullptr : EVP_sha256(), nullptr,
                           key.get()) == 1 &&
      EVP_DigestVerify(context, data(signature), signature.size(), data(bytes), bytes.size()) == 1;
  EVP_MD_CTX_free(context);
  if (!good) ERR_clear_error();
  return good;
}

core::Result<VerifiedSignature> VerifyClaim(Claim claim, std::string_view name_space,
                                            Message& message) {
  if (claim.name_space != name_space) {
    return core::Error{core::Reason::kWrongNamespace,
                       "signature: made for \"" + Printable(claim.name_space) + "\"; needed: \"" +
                           std::string(name_space) + "\"",
                       ""};
  }
  std::string bytes =
      SignedBytes(name_space, claim.hash_algorithm, message.Digest(claim.hash_algorithm));
  if (IsSecurityKey(claim.key.type)) bytes = TokenBytes(claim, bytes);
  if (!IsGood(claim, bytes)) {
    return core::Error{core::Reason::kBadSignature,
                       "signature: not good for this document (key " + claim.key.fingerprint + ")",
                       ""};
  }
  VerifiedSignature verified;
  verified.presence = (claim.flags & kPresence) != 0;
  verified.verified = verified.presence && (claim.flags & kVerified) != 0;
  verified.key = std::move(claim.key);
  return verified;
}

}  // namespace

core::Result<VerifiedSignature> VerifySignature(std::string_view armoured,
                                                std::string_view name_space,
                                                std::string_view message) {
  core::Result<Claim> claim = ParseClaim(armoured);
  if (!claim) return std::move(claim).error();
  Message digests(message);
  return VerifyClaim(std::move(*claim), name_space, digests);
}

core::Result<std::vector<VerifiedSignature>> VerifyAll(const Envelope& envelope) {
  if (envelope.signatures.empty()) {
    return core::Error{core::Reason::kBadSignature, "envelope: not signed", ""};
  }
  const std::string name_space = NamespaceOf(envelope.type);
  Message message(envelope.payload);
  std::vector<VerifiedSignature> verified;
  for (const std::string& armoured : envelope.signatures) {
    core::Result<Claim> claim = ParseClaim(armoured);
    if (!claim) return std::move(claim).error();
    core::Result<VerifiedSignature> one = VerifyClaim(std::move(*claim), name_space, message);
    if (!one) return std::move(one).error();
    verified.push_back(std::move(*one));
  }
  return verified;
}

std::string Sign(const PrivateKey& key, std::string_view name_space, std::string_view message) {
  constexpr std::string_view kHash = "sha512";
  const std::string raw = key.SignRaw(SignedBytes(name_space, kHash, Sha512(message)));
  const std::string inner = SshWriter().String(KeyTypeName(KeyType::kEd25519)).String(raw).bytes();
  return Armour(SshWriter()
                    .Raw(kMagic)
                    .Uint32(kVersion)
                    .String(key.public_key().blob)
                    .String(name_space)
                    .String("")
                    .String(kHash)
                    .String(inner)
                    .bytes());
}

std::vector<core::Approval> ToApprovals(const std::vector<VerifiedSignature>& signatures) {
  std::vector<core::Approval> approvals;
  approvals.reserve(signatures.size());
  for (const VerifiedSignature& signature : signatures) {
    approvals.push_back({signature.key.fingerprint, signature.presence, signature.verified});
  }
  return approvals;
}

}  // namespace daypass::wire
