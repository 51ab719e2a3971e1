// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire_fixture.h"

#include <gtest/gtest.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "wire/base64.h"
#include "wire/digest.h"
#include "wire/ssh_encoding.h"

namespace daypass::wire {
namespace {

bool Run(const std::string& command) {
  return std::system((command + " >/dev/null 2>&1").c_str()) == 0;  // NOLINT: tests have one thread
}

std::string EcdsaSignature(std::string_view der) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
  ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &bytes, static_cast<long>(der.size()));
  SshWriter out;
  for (const BIGNUM* number : {ECDSA_SIG_get0_r(pair), ECDSA_SIG_get0_s(pair)}) {
    std::string digits(static_cast<size_t>(BN_num_bytes(number)), '\0');
    BN_bn2bin(number, reinterpret_cast<unsigned char*>(digits.data()));
    if ((static_cast<uint8_t>(digits[0]) & 0x80) != 0) digits.insert(0, 1, '\0');
    out.String(digits);
  }
  ECDSA_SIG_free(pair);
  return out.bytes();
}

std::string SignRaw(EVP_PKEY* key, bool is_ecdsa, std::string_view bytes) {
  std::string signature(256, '\0');
  size_t size = signature.size();
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EXPECT_EQ(EVP_DigestSignInit(context, nullptr, is_ecdsa ? EVP_sha256() : nullptr, nullptr, key),
            1);
  EXPECT_EQ(EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size,
                           reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()),
            1);
  EVP_MD_CTX_free(context);
  signature.resize(size);
  return is_ecdsa ? EcdsaSignature(signature) : signature;
}

/// What a key signs for a message: PROTOCOL.sshsig.
std::string ToSign(std::string_view name_space, std::string_view message) {
  return SshWriter()
      .Raw("SSHSIG")
      .String(name_space)
      .String("")
      .String("sha512")
      .String(Sha512(message))
      .bytes();
}

std::string PointOf(EVP_PKEY* key, bool is_ecdsa) {
  std::string point(65, '\0');
  size_t size = point.size();
  auto* out = reinterpret_cast<unsigned char*>(point.data());
  if (is_ecdsa) {
    EXPECT_EQ(EVP_PKEY_get_octet_string_param(key, "pub", out, size, &size), 1);
  } else {
    EXPECT_EQ(EVP_PKEY_get_raw_public_key(key, out, &size), 1);
  }
  point.resize(size);
  return point;
}

}  // namespace

TempDir::TempDir() {
  std::string name = (std::filesystem::temp_directory_path() / "daypass-wire-XXXXXX").string();
  path_ = mkdtemp(name.data());
}
TempDir::~TempDir() {
  std::filesystem::remove_all(path_);
}

void WriteFile(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string ReadFile(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

SshKey::SshKey(const std::string& type) {
  EXPECT_TRUE(Run("ssh-keygen -q -C test -N '' -t " + type + " -f " + dir_.path("key")));
  core::Result<PublicKey> key = ParsePublicKey(ReadFile(dir_.path("key.pub")));
  EXPECT_TRUE(key) << key.error().what;
  public_key_ = *key;
}

std::string SshKey::Sign(std::string_view name_space, std::string_view message,
                         const std::string& hash) const {
  WriteFile(dir_.path("message"), message);
  std::filesystem::remove(dir_.path("message.sig"));
  EXPECT_TRUE(Run("ssh-keygen -Y sign -O hashalg=" + hash + " -f " + dir_.path("key") + " -n '" +
                  std::string(name_space) + "' " + dir_.path("message")));
  return ReadFile(dir_.path("message.sig"));
}

bool SshKeygenAccepts(const PublicKey& key, std::string_view name_space, std::string_view armoured,
                      std::string_view message) {
  const TempDir dir;
  WriteFile(dir.path("signers"), "signer " + key.line + "\n");
  WriteFile(dir.path("signature"), armoured);
  WriteFile(dir.path("message"), message);
  return Run("ssh-keygen -Y verify -I signer -f " + dir.path("signers") + " -n '" +
             std::string(name_space) + "' -s " + dir.path("signature") + " < " +
             dir.path("message"));
}

SoftToken::SoftToken(KeyType type, std::string application)
    : type_(type), application_(std::move(application)) {
  const bool is_ecdsa = type == KeyType::kSkEcdsaP256;
  private_key_.reset(is_ecdsa ? EVP_EC_gen("P-256")
                              : EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  SshWriter blob;
  blob.String(KeyTypeName(type));
  if (is_ecdsa) blob.String("nistp256");
  blob_ = blob.String(PointOf(private_key_.get(), is_ecdsa)).String(application_).bytes();
  core::Result<PublicKey> key = ParsePublicKeyBlob(blob_);
  if (key) public_key_ = *std::move(key);
}

std::string SoftToken::line() const {
  return std::string(KeyTypeName(type_)) + " " + EncodeBase64(blob_);
}

std::string SoftToken::Sign(std::string_view name_space, std::string_view message,
                            uint8_t flags) const {
  constexpr uint32_t kCounter = 7;
  SshsigParts parts;
  parts.key_blob = blob_;
  parts.name_space = name_space;
  const std::string token_bytes = SshWriter()
                                      .Raw(Sha256(application_))
                                      .Byte(flags)
                                      .Uint32(kCounter)
                                      .Raw(Sha256(ToSign(name_space, message)))
                                      .bytes();
  const bool is_ecdsa = type_ == KeyType::kSkEcdsaP256;
  parts.signature = SshWriter()
                        .String(KeyTypeName(type_))
                        .String(SignRaw(private_key_.get(), is_ecdsa, token_bytes))
                        .Byte(flags)
                        .Uint32(kCounter)
                        .bytes();
  return ArmourParts(parts);
}

std::string SoftToken::SignInBrowser(std::string_view name_space, std::string_view message) const {
  constexpr uint32_t kCounter = 7;
  constexpr std::string_view kOrigin = "https://daypass.example";
  std::string challenge = EncodeBase64(ToSign(name_space, message));
  std::replace(challenge.begin(), challenge.end(), '+', '-');
  std::replace(challenge.begin(), challenge.end(), '/', '_');
  challenge.erase(challenge.find_last_not_of('=') + 1);
  const std::string client_data = R"({"type":"webauthn.get","challenge":")" + challenge +
                                  R"(","origin":")" + std::string(kOrigin) + "\"}";
  const std::string token_bytes = SshWriter()
                                      .Raw(Sha256(application_))
                                      .Byte(kTouched)
                                      .Uint32(kCounter)
                                      .Raw(Sha256(client_data))
                                      .bytes();
  SshsigParts parts;
  parts.key_blob = blob_;
  parts.name_space = name_space;
  parts.signature = SshWriter()
                        .String("webauthn-sk-ecdsa-sha2-nistp256@openssh.com")
                        .String(SignRaw(private_key_.get(), true, token_bytes))
                        .Byte(kTouched)
                        .Uint32(kCounter)
                        .String(kOrigin)
                        .String(client_data)
                        .String("")
                        .bytes();
  return ArmourParts(parts);
}

std::string ArmourText(std::string_view blob) {
  const std::string text = EncodeBase64(blob);
  std::string armoured = "-----BEGIN SSH SIGNATURE-----\n";
  for (size_t i = 0; i < text.size(); i += 70) armoured += text.substr(i, 70) + "\n";
  return armoured + "-----END SSH SIGNATURE-----\n";
}

std::string ArmourParts(const SshsigParts& parts) {
  return ArmourText(SshWriter()
                        .Raw(parts.magic)
                        .Uint32(parts.version)
                        .String(parts.key_blob)
                        .String(parts.name_space)
                        .String(parts.reserved)
                        .String(parts.hash_algorithm)
                        .String(parts.signature)
                        .Raw(parts.trailing)
                        .bytes());
}

SshsigParts TakeApart(std::string_view armoured) {
  std::string text;
  std::istringstream lines{std::string(armoured)};
  for (std::string line; std::getline(lines, line);) {
    if (line[0] != '-') text += line;
  }
  const std::string blob = *DecodeBase64(text);
  SshReader in(blob);
  SshsigParts parts;
  parts.magic = in.Raw(6);
  parts.version = in.Uint32();
  parts.key_blob = in.String();
  parts.name_space = in.String();
  parts.reserved = in.String();
  parts.hash_algorithm = in.String();
  parts.signature = in.String();
  EXPECT_TRUE(in.IsDone());
  return parts;
}

core::Statement MakeStatement() {
  core::Statement statement;
  statement.realm = kRealm;
  statement.subject = "alice";
  statement.requester = "alice";
  statement.role = "web-operator";
  statement.role_digest = std::string(64, 'a');
  statement.policy_version = 3;
  statement.hosts = {"web-1"};
  statement.duration = core::Seconds{1800};
  statement.created = core::FromMillis(1'800'000'000'000);
  statement.start_by = core::FromMillis(1'800'003'600'000);
  statement.reason = "nginx does not answer";
  return statement;
}

std::string PolicyText(const PolicyKeys& keys) {
  std::string text = R"({
"realm":"00112233445566778899aabbccddeeff","format":1,"type":"policy","version":3,
"previous":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
"created_ms":1800000000000,"expires_ms":1802592000000,
"administrators":{"threshold":2,"people":["bob","carol"]},
"server":{"status_keys":["KEY-STATUS"],"automatic_keys":[]},
"limits":{"max_duration_s":28800,"max_pending_s":86400,"max_offline_s":3600},
"people":[
{"name":"alice","accounts":["alice","alice-adm"],"groups":["web"],"keys":[]},
{"name":"bob","accounts":["bob"],"groups":["ops"],
 "keys":[{"key":"KEY-BOB","uses":["approve","administer","signin"]}]},
{"name":"carol","accounts":[],"groups":["leads"],"valid_until_ms":1900000000000,
 "keys":[{"key":"KEY-CAROL","uses":["administer"]}]}],
"roles":[{"name":"web-operator","description":"Run the web servers",
"hosts":{"all":{"tier":"web"},"not":[{"env":"lab"}]},"doors":["sudo","ssh"],
"run_as":{"users":["root"],"groups":[]},
"rules":[
{"id":"restart","path":"/usr/bin/systemctl","args":[{"one_of":["restart","reload"]},{"is":"nginx"}],
 "rest":"none"},
{"id":"tail","path":"/usr/bin/tail","args":[{"is":"-n"},{"int":[1,500]},{"under":"/var/log/nginx"}],
 "rest":"any","cwd":"/","equals_root":false,
 "sha256":"cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"},
{"id":"grep","path":"/usr/bin/grep","args":[{"re":"[a-z]+"}],"rest":"none"},
{"id":"conf","edit":{"files":["/etc/nginx/nginx.conf"]}}],
"env":["LANG"],"max_duration_s":3600,"max_offline_s":600,"start":["approval","first_use"],"uses":3,
"on_end":"terminate","subjects":{"groups":["web"]},
"approve":[{"count":1,"groups":["ops"],"keys":"any"}]}]
})";
  text = Replaced(std::move(text), "KEY-BOB", keys.bob);
  text = Replaced(std::move(text), "KEY-CAROL", keys.carol);
  return Replaced(std::move(text), "KEY-STATUS", keys.status);
}

std::string PolicyText() {
  const auto key = [](char c) {
    return ParsePublicKeyBlob(SshWriter().String("ssh-ed25519").String(std::string(32, c)).bytes())
        ->line;
  };
  return PolicyText({key('b'), key('c'), key('s')});
}

std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, text.npos) << from;
  if (at == text.npos) return text;
  text.replace(at, from.size(), to);
  EXPECT_EQ(text.find(from, at + to.size()), text.npos) << "twice: " << from;
  return text;
}

}  // namespace daypass::wire
