// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/keys.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "wire/base64.h"
#include "wire/ssh_encoding.h"
#include "wire_fixture.h"

namespace daypass::wire {
namespace {

using core::Reason;

Reason Parse(std::string_view line) {
  const core::Result<PublicKey> key = ParsePublicKey(line);
  return key ? Reason::kGranted : key.error().code;
}

// What `ssh-keygen -l` says of a key line.
std::string FingerprintOf(const std::string& line) {
  const TempDir dir;
  WriteFile(dir.path("key.pub"), line + "\n");
  const std::string command =
      "ssh-keygen -l -f " + dir.path("key.pub") + " > " + dir.path("out") + " 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0) << ReadFile(dir.path("out"));  // NOLINT
  const std::string text = ReadFile(dir.path("out"));
  const size_t begin = text.find(' ') + 1;
  return text.substr(begin, text.find(' ', begin) - begin);
}

TEST(PublicKey, ReadsTheFourTypesAndNamesThemAsSshKeygenDoes) {
  const PublicKey keys[] = {SshKey("ed25519").key(), SshKey("ecdsa -b 256").key(),
                            SoftToken(KeyType::kSkEd25519).key(),
                            SoftToken(KeyType::kSkEcdsaP256).key()};
  const KeyType types[] = {KeyType::kEd25519, KeyType::kEcdsaP256, KeyType::kSkEd25519,
                           KeyType::kSkEcdsaP256};
  for (size_t i = 0; i < std::size(keys); ++i) {
    EXPECT_EQ(keys[i].type, types[i]);
    EXPECT_EQ(keys[i].fingerprint, FingerprintOf(keys[i].line));
    const core::Result<PublicKey> again = ParsePublicKey(keys[i].line + " a comment of words\n");
    ASSERT_TRUE(again);
    EXPECT_EQ(again->line, keys[i].line);
    EXPECT_EQ(again->blob, keys[i].blob);
  }
}

TEST(PublicKey, RefusesOtherTypesByName) {
  for (const std::string_view type :
       {"ssh-rsa", "ssh-dss", "ecdsa-sha2-nistp384", "ssh-ed25519-cert-v01@openssh.com",
        "webauthn-sk-ecdsa-sha2-nistp256@openssh.com"}) {
    const std::string blob = SshWriter().String(type).String("x").bytes();
    const auto key = ParsePublicKey(std::string(type) + " " + EncodeBase64(blob));
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error().code, Reason::kKeyRefused);
    EXPECT_NE(key.error().what.find(type), std::string::npos);
    EXPECT_NE(key.error().what.find("allowed: ssh-ed25519"), std::string::npos);
  }
}

TEST(PublicKey, RefusesEveryOtherLine) {
  const std::string good = SshKey("ed25519").key().line;
  const std::string p256 = SshKey("ecdsa -b 256").key().line;
  ASSERT_EQ(Parse(good), Reason::kGranted);
  for (const std::string& bad :
       {std::string(), std::string("ssh-ed25519"), std::string("ssh-ed25519 "),
        std::string("ssh-ed25519  ") + good.substr(12), good.substr(0, good.size() - 1),
        good.substr(0, good.size() - 4), good + "AAAA", good + "\n\n", good + " \x1B[2J",
        "ecdsa-sha2-nistp256 " + good.substr(12), "ssh-ed25519 " + p256.substr(20)}) {
    EXPECT_EQ(Parse(bad), Reason::kMalformed) << bad;
  }
  EXPECT_EQ(Parse(" " + good), Reason::kKeyRefused);  // of the type ""
  EXPECT_EQ(Parse("no-pty " + good), Reason::kKeyRefused);
  EXPECT_EQ(Parse(good + " " + std::string(5000, 'x')), Reason::kTooLarge);
}

TEST(PublicKey, RefusesAPointThatIsNotOnTheCurve) {
  const PublicKey good = SshKey("ecdsa -b 256").key();
  const auto with_point = [&](std::string_view curve, const std::string& point) {
    return ParsePublicKeyBlob(SshWriter()
                                  .String(KeyTypeName(KeyType::kEcdsaP256))
                                  .String(curve)
                                  .String(point)
                                  .bytes())
        .operator bool();
  };
  EXPECT_TRUE(with_point("nistp256", good.point));
  std::string off = good.point;
  off.back() = static_cast<char>(off.back() ^ 1);
  EXPECT_FALSE(with_point("nistp256", off));
  EXPECT_FALSE(with_point("nistp384", good.point));
  EXPECT_FALSE(with_point("nistp256", "\x02" + good.point.substr(1, 32)));  // compressed
  EXPECT_FALSE(with_point("nistp256", "\x04" + std::string(64, '\0')));
  EXPECT_FALSE(with_point("nistp256", std::string(1, '\0')));  // infinity
}

TEST(PrivateKey, ComesBackFromItsPem) {
  const PrivateKey key = PrivateKey::Generate();
  const core::Result<PrivateKey> again = PrivateKey::FromPem(key.ToPem());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->public_key().line, key.public_key().line);
  EXPECT_EQ(again->SignRaw("x"), key.SignRaw("x"));
  EXPECT_NE(PrivateKey::Generate().public_key().line, key.public_key().line);
}

TEST(PrivateKey, RefusesOtherPem) {
  const auto code = [](std::string_view pem) {
    const auto key = PrivateKey::FromPem(pem);
    return key ? Reason::kGranted : key.error().code;
  };
  EXPECT_EQ(code(""), Reason::kMalformed);
  EXPECT_EQ(code("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
            Reason::kMalformed);
  EXPECT_EQ(code(std::string(5000, 'x')), Reason::kTooLarge);
  const TempDir dir;
  const std::string file = dir.path("pem");
  const auto make = [&](const std::string& arguments) {
    const std::string command = "openssl genpkey " + arguments + " -out " + file + " 2>/dev/null";
    EXPECT_EQ(std::system(command.c_str()), 0);  // NOLINT: tests have one thread
    return ReadFile(file);
  };
  EXPECT_EQ(code(make("-algorithm ed25519")), Reason::kGranted);
  EXPECT_EQ(code(make("-algorithm EC -pkeyopt ec_paramgen_curve:P-256")), Reason::kKeyRefused);
  // Encrypted: refused, not asked for.
  EXPECT_EQ(code(make("-algorithm ed25519 -aes256 -pass pass:secret")), Reason::kMalformed);
}

}  // namespace
}  // namespace daypass::wire
