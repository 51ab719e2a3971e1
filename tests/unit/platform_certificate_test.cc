// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// TLS keys, requests and ends, against the openssl program.
#include "platform/certificate.h"

#include <gtest/gtest.h>

#include "platform/file.h"
#include "platform_fixture.h"

namespace daypass::platform {
namespace {

/// What `openssl ARGS` prints, run in `folder`.
std::string Openssl(const TempDir& folder, const std::string& args) {
  const std::string command = "cd " + folder.path() + " && openssl " + args + " > out 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0) << command;
  return *ReadFile(folder / "out", 65536);
}

TEST(MakeCertificateRequest, IsTakenByOpensslWithItsNameAndKey) {
  const TempDir folder;
  const core::Result<std::string> key = MakeTlsKey();
  ASSERT_TRUE(key);
  const core::Result<std::string> request = MakeCertificateRequest(*key, "web-1");
  ASSERT_TRUE(request);
  ASSERT_TRUE(WriteFileDurably(folder / "key", *key));
  ASSERT_TRUE(WriteFileDurably(folder / "csr", *request));
  const std::string text = Openssl(folder, "req -in csr -noout -verify -subject");
  EXPECT_NE(text.find("verify OK"), std::string::npos) << text;
  EXPECT_NE(text.find("subject=CN = web-1"), std::string::npos) << text;
  EXPECT_EQ(Openssl(folder, "req -in csr -noout -pubkey"), Openssl(folder, "pkey -in key -pubout"));
  EXPECT_NE(Openssl(folder, "pkey -in key -noout -text").find("prime256v1"), std::string::npos);
}

TEST(MakeTlsKey, MakesAnotherOneEachTime) {
  EXPECT_NE(*MakeTlsKey(), *MakeTlsKey());
}

TEST(MakeCertificateRequest, RefusesWhatIsNoKeyAndAsksForNoPassphrase) {
  EXPECT_FALSE(MakeCertificateRequest("", "web-1"));
  EXPECT_FALSE(MakeCertificateRequest("no key", "web-1"));
  const TempDir folder;
  ASSERT_TRUE(WriteFileDurably(folder / "key", *MakeTlsKey()));
  Openssl(folder, "pkey -in key -aes128 -passout pass:secret -out locked");
  const core::Result<std::string> refused =
      MakeCertificateRequest(*ReadFile(folder / "locked", 65536), "web-1");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, core::Reason::kMalformed);
}

TEST(CertificateEnd, IsTheEndThatOpensslPrints) {
  const TempDir folder;
  ASSERT_TRUE(WriteFileDurably(folder / "key", *MakeTlsKey()));
  Openssl(folder, "req -x509 -key key -subj /CN=x -days 7 -out pem");
  const core::Result<core::Instant> end = CertificateEnd(*ReadFile(folder / "pem", 65536));
  ASSERT_TRUE(end);
  // `x509 -checkend N` fails from the second on at which the certificate ends.
  const int64_t left = (core::ToMillis(*end) - int64_t{time(nullptr)} * 1000) / 1000;
  EXPECT_GT(left, 7 * 86400 - 60);
  EXPECT_LE(left, 7 * 86400);
  EXPECT_FALSE(CertificateEnd("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"));
  EXPECT_FALSE(CertificateEnd(""));
}

}  // namespace
}  // namespace daypass::platform
