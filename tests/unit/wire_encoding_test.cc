// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include <gtest/gtest.h>

#include <set>

#include "wire/base64.h"
#include "wire/digest.h"
#include "wire/ssh_encoding.h"

namespace daypass::wire {
namespace {

TEST(Base64, WritesAndReadsEveryLength) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", ""}, {"a", "YQ=="}, {"ab", "YWI="}, {"abc", "YWJj"}, {"abcd", "YWJjZA=="}};
  for (const auto& [bytes, text] : cases) {
    EXPECT_EQ(EncodeBase64(bytes), text);
    const auto decoded = DecodeBase64(text);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(*decoded, bytes);
  }
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  EXPECT_EQ(*DecodeBase64(EncodeBase64(all)), all);
}

TEST(Base64, RefusesEverySecondTextForTheSameBytes) {
  for (const std::string_view bad : {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm 8=", "Zm8=\n",
                                     "=Zm8", "Z===", "====", "Zm8=Zm8=", "Zm-_", "Zm8\xFF"}) {
    EXPECT_FALSE(DecodeBase64(bad)) << bad;
  }
}

TEST(Digest, IsTheWellKnownOne) {
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(EncodeHex(Sha512("abc")).substr(0, 32), "ddaf35a193617abacc417349ae204131");
}

TEST(Digest, DrawsRandomDigitsOfTheLengthAskedFor) {
  std::set<std::string> drawn;
  for (int i = 0; i < 100; ++i) drawn.insert(RandomHex(16));
  EXPECT_EQ(drawn.size(), 100u);
  EXPECT_EQ(drawn.begin()->size(), 32u);
}

TEST(Digest, ComparesSecrets) {
  EXPECT_TRUE(IsEqualConstantTime("abc", "abc"));
  EXPECT_FALSE(IsEqualConstantTime("abc", "abd"));
  EXPECT_FALSE(IsEqualConstantTime("abc", "ab"));
  std::string secret = "secret";
  Wipe(secret);
  EXPECT_TRUE(secret.empty());
}

TEST(SshEncoding, ReadsWhatItWrites) {
  const std::string bytes = SshWriter().Byte(7).Uint32(0x01020304).String("abc").Raw("x").bytes();
  EXPECT_EQ(bytes, std::string("\x07\x01\x02\x03\x04\0\0\0\x03"
                               "abcx",
                               13));
  SshReader in(bytes);
  EXPECT_EQ(in.Byte(), 7);
  EXPECT_EQ(in.Uint32(), 0x01020304u);
  EXPECT_EQ(in.String(), "abc");
  EXPECT_FALSE(in.IsDone());
  EXPECT_EQ(in.Raw(1), "x");
  EXPECT_TRUE(in.IsDone());
}

TEST(SshEncoding, FailsForGoodPastTheEnd) {
  SshReader in(
      std::string_view("\xFF\xFF\xFF\xFF"
                       "abc",
                       7));
  EXPECT_EQ(in.String(), "");
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.Raw(0), "");
  EXPECT_EQ(in.Byte(), 0);
  EXPECT_FALSE(in.IsDone());
}

}  // namespace
}  // namespace daypass::wire
