// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/envelope.h"

#include <gtest/gtest.h>

namespace daypass::wire {
namespace {

using core::Reason;

constexpr size_t kMaxPayload = 64;
const std::string kSignature = "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n";

Envelope MakeEnvelope(size_t signatures = 2) {
  return {"grant", "line\nof bytes", std::vector<std::string>(signatures, kSignature)};
}

Reason Parse(std::string_view bytes, std::string_view type = "grant", size_t min_signatures = 1) {
  const auto envelope = ParseEnvelope(bytes, type, kMaxPayload, min_signatures);
  return envelope ? Reason::kGranted : envelope.error().code;
}

TEST(Envelope, ComesBackAsItWas) {
  const std::string bytes = EncodeEnvelope(MakeEnvelope());
  EXPECT_EQ(bytes, "daypass-envelope 1 grant 13\nline\nof bytes\n" + kSignature + kSignature);
  const auto envelope = ParseEnvelope(bytes, "grant", kMaxPayload);
  ASSERT_TRUE(envelope) << envelope.error().what;
  EXPECT_EQ(envelope->type, "grant");
  EXPECT_EQ(envelope->payload, MakeEnvelope().payload);
  EXPECT_EQ(envelope->signatures, MakeEnvelope().signatures);
  EXPECT_EQ(*ClaimedType(bytes), "grant");
  EXPECT_EQ(NamespaceOf("grant"), "grant@daypass");
}

TEST(Envelope, HoldsAPayloadThatLooksLikeItsOwnParts) {
  Envelope envelope = MakeEnvelope();
  envelope.payload = "\n" + kSignature;
  const auto again = ParseEnvelope(EncodeEnvelope(envelope), "grant", 1024);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->payload, envelope.payload);
  EXPECT_EQ(again->signatures.size(), 2u);
}

// GF-02: cut at every length, and followed by anything. Control: the whole of it.
TEST(Envelope, RefusesToBeCutOrFollowed) {
  const std::string bytes = EncodeEnvelope(MakeEnvelope(1));
  ASSERT_EQ(Parse(bytes), Reason::kGranted);
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_NE(Parse(bytes.substr(0, size)), Reason::kGranted) << size;
  }
  for (size_t more = 1; more <= 64; ++more) {
    for (const char c : {'\n', '\0', ' ', '-', 'x'}) {
      EXPECT_EQ(Parse(bytes + std::string(more, c)), Reason::kMalformed) << more;
    }
  }
}

// GF-16, first half: the head names another type. The other half, a head that lies, falls to the
// signature's namespace: wire_open_test.cc.
TEST(Envelope, RefusesAnotherType) {
  EXPECT_EQ(Parse(EncodeEnvelope(MakeEnvelope()), "policy"), Reason::kWrongNamespace);
}

TEST(ClaimedType, IsTheHeadsWordAndNoneOfOtherBytes) {
  const auto claimed = ClaimedType(EncodeEnvelope(MakeEnvelope()));
  ASSERT_TRUE(claimed);
  EXPECT_EQ(*claimed, "grant");
  for (const std::string_view bytes : {"", "grant", "daypass-envelope 1 gr ant 1\nx\n"}) {
    const auto none = ClaimedType(bytes);
    ASSERT_FALSE(none) << bytes;
    EXPECT_EQ(none.error().code, Reason::kMalformed) << bytes;
  }
}

// GF-31: a format number that we do not know.
TEST(Envelope, RefusesAnUnknownFormat) {
  for (const std::string_view format : {"2", "0", "01", "x", ""}) {
    EXPECT_EQ(Parse("daypass-envelope " + std::string(format) + " grant 1\nx\n" + kSignature),
              Reason::kUnknownFormat);
  }
}

// GF-34: sixteen signatures and seventeen; a payload of the limit, and one byte above it.
TEST(Envelope, RefusesWhatIsOneAboveALimit) {
  EXPECT_EQ(Parse(EncodeEnvelope(MakeEnvelope(16))), Reason::kGranted);
  EXPECT_EQ(Parse(EncodeEnvelope(MakeEnvelope(17))), Reason::kTooLarge);
  EXPECT_EQ(Parse(EncodeEnvelope(MakeEnvelope(100000))), Reason::kTooLarge);
  Envelope envelope = MakeEnvelope();
  envelope.payload = std::string(kMaxPayload, 'x');
  EXPECT_EQ(Parse(EncodeEnvelope(envelope)), Reason::kGranted);
  envelope.payload += 'x';
  EXPECT_EQ(Parse(EncodeEnvelope(envelope)), Reason::kTooLarge);
  envelope = MakeEnvelope(1);
  const std::string long_line(kMaxSignatureBytes, 'A');
  envelope.signatures[0].insert(envelope.signatures[0].find("AAAA"), long_line);
  EXPECT_EQ(Parse(EncodeEnvelope(envelope)), Reason::kTooLarge);
}

TEST(Envelope, RefusesEveryOtherFirstLine) {
  const auto with = [](std::string_view line) {
    return Parse(std::string(line) + "\nx\n" + kSignature);
  };
  EXPECT_EQ(with("daypass-envelope 1 grant 1"), Reason::kGranted);
  for (const std::string_view line :
       {"daypass-envelope 1 grant 01", "daypass-envelope 1 grant +1", "daypass-envelope 1 grant 1 ",
        "daypass-envelope 1 grant 1\r", "daypass-envelope 1 grant  1", "daypass-envelope 1 grant",
        "daypass-envelope 1 grant ", "daypass-envelope 1 grant 0", "daypass-envelope 1 grant -1",
        "daypass-envelope 1 grant 2", "daypass-envelope 1 grant 99999999999999999999",
        "daypass-envelope 1 GRANT 1", "daypass-envelope 1  1", "Daypass-envelope 1 grant 1",
        " daypass-envelope 1 grant 1", "daypass-envelope", "", "\n",
        "daypass-envelope 1 abcdefghijklmnopq 1"}) {
    EXPECT_EQ(with(line), Reason::kMalformed) << line;
  }
}

TEST(Envelope, IsUnsignedOnlyForWhoeverIsAboutToSign) {
  const std::string bytes = EncodeEnvelope(MakeEnvelope(0));
  EXPECT_EQ(Parse(bytes), Reason::kBadSignature);
  EXPECT_EQ(Parse(bytes, "grant", 0), Reason::kGranted);
}

}  // namespace
}  // namespace daypass::wire
