// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/sshsig.h"

#include <gtest/gtest.h>

#include <memory>

#include "wire/ssh_encoding.h"
#include "wire_fixture.h"

namespace daypass::wire {
namespace {

using namespace std::string_view_literals;  // NOLINT(google-build-using-namespace): ""sv
using core::Reason;

constexpr std::string_view kGrant = "grant@daypass";
constexpr std::string_view kMessage = "exact bytes\n\0 of any kind"sv;

Reason CodeOf(const core::Result<VerifiedSignature>& result) {
  return result ? Reason::kGranted : result.error().code;
}

Reason Verify(std::string_view armoured, std::string_view message = kMessage) {
  return CodeOf(VerifySignature(armoured, kGrant, message));
}

const SshKey& Ed25519() {
  static const SshKey key("ed25519");
  return key;
}

// ---- against the real ssh-keygen, both ways ----

TEST(Sshsig, AcceptsWhatSshKeygenSigns) {
  for (const std::string type : {"ed25519", "ecdsa -b 256"}) {
    const SshKey key(type);
    for (const std::string hash : {"sha256", "sha512"}) {
      const auto verified = VerifySignature(key.Sign(kGrant, kMessage, hash), kGrant, kMessage);
      ASSERT_TRUE(verified) << type << " " << hash << ": " << verified.error().what;
      EXPECT_EQ(verified->key.blob, key.key().blob);
      EXPECT_FALSE(verified->presence);
      EXPECT_FALSE(verified->verified);
    }
  }
}

TEST(Sshsig, AcceptsEverySizeOfEcdsaNumbersThatSshKeygenWrites) {
  const SshKey key("ecdsa -b 256");  // r and s need a leading zero in half of the signatures each
  for (int i = 0; i < 16; ++i) {
    const std::string message = "message " + std::to_string(i);
    EXPECT_EQ(Verify(key.Sign(kGrant, message), message), Reason::kGranted);
  }
}

/// The bytes of r and s, without the zero in front.
std::pair<size_t, size_t> SizesOfNumbers(const std::string& armoured) {
  const SshsigParts parts = TakeApart(armoured);
  SshReader in(parts.signature);
  in.String();
  SshReader numbers(in.String());
  const size_t r = numbers.PositiveMpint().size();
  return {r, numbers.PositiveMpint().size()};
}

TEST(Sshsig, AcceptsEcdsaNumbersThatAreShort) {
  const SoftToken token(KeyType::kSkEcdsaP256);
  bool saw_short_r = false, saw_short_s = false;
  for (int i = 0; i < 100'000 && !(saw_short_r && saw_short_s); ++i) {  // one of 256 is
    const std::string message = "message " + std::to_string(i);
    const std::string armoured = token.Sign(kGrant, message, kTouched);
    const auto [r, s] = SizesOfNumbers(armoured);
    if (r == 32 && s == 32) continue;
    (r < 32 ? saw_short_r : saw_short_s) = true;
    EXPECT_EQ(Verify(armoured, message), Reason::kGranted) << r << " " << s;
  }
  EXPECT_TRUE(saw_short_r && saw_short_s);
}

TEST(SshReader, GivesNothingBeyondTheEndAndRemembersIt) {
  SshReader cut("\0\0\0\5abcd"sv);
  EXPECT_EQ(cut.String(), "");
  EXPECT_FALSE(cut.IsDone());
  EXPECT_EQ(cut.Raw(1), "") << "nothing after a fault";
  SshReader nothing("");
  EXPECT_EQ(nothing.Byte(), 0);
  EXPECT_FALSE(nothing.IsDone());
}

TEST(SshReader, TakesOneSpellingOfAPositiveNumber) {
  const auto read = [](std::string_view number) {
    const std::string bytes = SshWriter().String(number).bytes();
    SshReader in(bytes);
    const std::string value(in.PositiveMpint());
    EXPECT_EQ(in.IsDone(), !value.empty());
    return value;
  };
  EXPECT_EQ(read("\x7f"sv), "\x7f");
  EXPECT_EQ(read("\0\x80"sv), "\x80");
  for (const std::string_view bad : {""sv, "\0"sv, "\x80"sv, "\0\x7f"sv, "\0\0\x80"sv}) {
    EXPECT_EQ(read(bad), "");
  }
}

TEST(Sshsig, WritesNoEmptyLineHoweverLongItIs) {
  const PrivateKey key = PrivateKey::Generate();
  for (size_t size = 1; size < 120; ++size) {  // lines of 70 characters fill up at one of these
    const std::string name_space(size, 'n');
    const std::string armoured = Sign(key, name_space, kMessage);
    EXPECT_EQ(armoured.find("\n\n"), std::string::npos) << size;
    EXPECT_TRUE(VerifySignature(armoured, name_space, kMessage)) << size;
  }
}

TEST(Sshsig, SaysWhichTextIsTooLarge) {
  EXPECT_EQ(Verify(std::string(4096, 'x')), Reason::kMalformed);
  EXPECT_EQ(Verify(std::string(4097, 'x')), Reason::kTooLarge);
}

TEST(Sshsig, MakesWhatSshKeygenAccepts) {
  const PrivateKey key = PrivateKey::Generate();
  const std::string armoured = Sign(key, kGrant, kMessage);
  EXPECT_TRUE(SshKeygenAccepts(key.public_key(), kGrant, armoured, kMessage));
  EXPECT_EQ(Verify(armoured), Reason::kGranted);
  // The oracle is not one that accepts everything:
  EXPECT_FALSE(SshKeygenAccepts(key.public_key(), kGrant, armoured, "other bytes"));
  EXPECT_FALSE(SshKeygenAccepts(key.public_key(), "policy@daypass", armoured, kMessage));
  EXPECT_FALSE(SshKeygenAccepts(Ed25519().key(), kGrant, armoured, kMessage));
}

TEST(Sshsig, RefusesRsaByName) {
  const auto verified = [] {
    const TempDir dir;
    const std::string key = dir.path("key");
    WriteFile(dir.path("message"), kMessage);
    const std::string command = "ssh-keygen -q -t rsa -b 2048 -N '' -f " + key +
                                " && ssh-keygen -q -Y sign -f " + key + " -n grant@daypass " +
                                dir.path("message") + " 2>/dev/null";
    EXPECT_EQ(std::system(command.c_str()), 0);  // NOLINT: tests have one thread
    return VerifySignature(ReadFile(dir.path("message.sig")), kGrant, kMessage);
  }();
  ASSERT_EQ(CodeOf(verified), Reason::kKeyRefused);
  EXPECT_NE(verified.error().what.find("ssh-rsa"), std::string::npos);
}

// ---- FIDO2 tokens ----

// GF-40, as far as wire goes: what the token says of touch and PIN is what core gets to judge.
// A plain key says nothing (AcceptsWhatSshKeygenSigns).
TEST(Sshsig, ReportsPresenceAndPinAsTheTokenSignedThem) {
  struct Case {
    uint8_t flags;
    bool presence, verified;
  };
  for (const KeyType type : {KeyType::kSkEd25519, KeyType::kSkEcdsaP256}) {
    const SoftToken token(type);
    for (const Case& c : {Case{0, false, false}, Case{kTouched, true, false},
                          Case{kTouched | kPinEntered, true, true}, Case{kPinEntered, false, false},
                          Case{0x80, false, false}}) {
      const std::string armoured = token.Sign(kGrant, kMessage, c.flags);
      const auto verified = VerifySignature(armoured, kGrant, kMessage);
      ASSERT_TRUE(verified) << KeyTypeName(type) << ": " << verified.error().what;
      EXPECT_EQ(verified->presence, c.presence) << int{c.flags};
      EXPECT_EQ(verified->verified, c.verified) << int{c.flags};
      // ssh-keygen agrees that it is good, and does not look at the flags: that is why we do.
      EXPECT_TRUE(SshKeygenAccepts(token.key(), kGrant, armoured, kMessage));
    }
  }
}

// GF-40: a touch that is only claimed. Control: the same signature with the flags as signed.
TEST(Sshsig, RefusesFlagsThatTheTokenDidNotSign) {
  for (const KeyType type : {KeyType::kSkEd25519, KeyType::kSkEcdsaP256}) {
    const SoftToken token(type);
    SshsigParts parts = TakeApart(token.Sign(kGrant, kMessage, 0));
    ASSERT_EQ(Verify(ArmourParts(parts)), Reason::kGranted);
    const size_t flags = parts.signature.size() - 5;  // one byte, and the counter's four behind it
    parts.signature[flags] = kTouched;
    EXPECT_EQ(Verify(ArmourParts(parts)), Reason::kBadSignature);
    EXPECT_FALSE(SshKeygenAccepts(token.key(), kGrant, ArmourParts(parts), kMessage));
    parts.signature[flags] = 0;
    parts.signature.back() ^= 1;  // the counter
    EXPECT_EQ(Verify(ArmourParts(parts)), Reason::kBadSignature);
  }
}

// ---- attacks ----

// GF-04: the block names key A, and B made it. Control: B's own block.
TEST(Sshsig, RefusesASignatureThatNamesAnotherKey) {
  const PrivateKey a = PrivateKey::Generate();
  const PrivateKey b = PrivateKey::Generate();
  SshsigParts parts = TakeApart(Sign(b, kGrant, kMessage));
  ASSERT_EQ(Verify(ArmourParts(parts)), Reason::kGranted);
  parts.key_blob = a.public_key().blob;
  EXPECT_EQ(Verify(ArmourParts(parts)), Reason::kBadSignature);
}

// GF-04: a token's key with a plain signature of it, and the reverse.
TEST(Sshsig, RefusesASignatureOfAnotherTypeThanItsKey) {
  const PrivateKey plain = PrivateKey::Generate();
  const SoftToken token(KeyType::kSkEd25519);
  SshsigParts mixed = TakeApart(Sign(plain, kGrant, kMessage));
  mixed.key_blob = token.key().blob;
  EXPECT_EQ(Verify(ArmourParts(mixed)), Reason::kMalformed);
  mixed = TakeApart(token.Sign(kGrant, kMessage, kTouched));
  mixed.key_blob = plain.public_key().blob;
  EXPECT_EQ(Verify(ArmourParts(mixed)), Reason::kMalformed);
}

// GF-07: an approval of X on Y, which is one byte wider. Control: on X.
TEST(Sshsig, RefusesASignatureOverOtherBytes) {
  const std::string armoured = Ed25519().Sign(kGrant, "duration_s:1800");
  EXPECT_EQ(Verify(armoured, "duration_s:1800"), Reason::kGranted);
  EXPECT_EQ(Verify(armoured, "duration_s:18000"), Reason::kBadSignature);
  EXPECT_EQ(Verify(armoured, "duration_s:1900"), Reason::kBadSignature);
  EXPECT_EQ(Verify(armoured, ""), Reason::kBadSignature);
}

// GF-08: signatures made for something else, by the right key. Control: our own namespace.
TEST(Sshsig, RefusesASignatureOfAnotherNamespace) {
  EXPECT_EQ(Verify(Ed25519().Sign(kGrant, kMessage)), Reason::kGranted);
  for (const std::string_view other :
       {"file", "git", "policy@daypass", "grant@daypass2", "grant"}) {
    EXPECT_EQ(Verify(Ed25519().Sign(other, kMessage)), Reason::kWrongNamespace) << other;
  }
  const PrivateKey key = PrivateKey::Generate();  // ssh-keygen would not make these
  for (const std::string& other :
       {std::string(), std::string("grant@daypass\0", 14), std::string("\0grant@daypass", 14),
        std::string("Grant@daypass")}) {
    EXPECT_EQ(Verify(Sign(key, other, kMessage)), Reason::kWrongNamespace);
  }
}

// GF-08: the namespace is under the signature; writing ours over it does not help.
TEST(Sshsig, RefusesANamespaceWrittenOverTheSignedOne) {
  SshsigParts parts = TakeApart(Ed25519().Sign("file", kMessage));
  parts.name_space = kGrant;
  EXPECT_EQ(Verify(ArmourParts(parts)), Reason::kBadSignature);
}

// What a caller without an envelope's own check could hand in.
TEST(VerifyAll, RefusesWhatNobodySigned) {
  const auto verified = VerifyAll({"grant", std::string(kMessage), {}});
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().code, Reason::kBadSignature);
}

TEST(VerifyAll, JudgesEachSignatureByItsOwnHash) {
  const auto sign = [](const std::string& hash) { return Ed25519().Sign(kGrant, kMessage, hash); };
  Envelope envelope{"grant", std::string(kMessage), {}};
  for (const char* hash : {"sha256", "sha512", "sha256", "sha512"}) {
    envelope.signatures.push_back(sign(hash));
  }
  const auto verified = VerifyAll(envelope);
  ASSERT_TRUE(verified) << verified.error().what;
  EXPECT_EQ(verified->size(), 4U);
  for (std::string& signature : envelope.signatures) {
    const std::string good = signature;
    SshsigParts parts = TakeApart(good);
    parts.hash_algorithm = parts.hash_algorithm == "sha256" ? "sha512" : "sha256";
    signature = ArmourParts(parts);
    EXPECT_FALSE(VerifyAll(envelope));
    signature = good;
  }
}

// ---- one text for one signature ----

TEST(Sshsig, RefusesEveryOtherFormOfAGoodSignature) {
  const SshsigParts good = TakeApart(Ed25519().Sign(kGrant, kMessage));
  ASSERT_EQ(Verify(ArmourParts(good)), Reason::kGranted);
  const auto changed = [&](auto change) {
    SshsigParts parts = good;
    change(parts);
    return Verify(ArmourParts(parts));
  };
  EXPECT_EQ(changed([](auto& p) { p.magic = "SSHSIH"; }), Reason::kMalformed);
  EXPECT_EQ(changed([](auto& p) { p.version = 0; }), Reason::kMalformed);
  EXPECT_EQ(changed([](auto& p) { p.version = 2; }), Reason::kMalformed);
  EXPECT_EQ(changed([](auto& p) { p.reserved = "x"; }), Reason::kMalformed);
  EXPECT_EQ(changed([](auto& p) { p.trailing = std::string(1, '\0'); }), Reason::kMalformed);
  EXPECT_EQ(changed([](auto& p) { p.signature += '\0'; }), Reason::kMalformed);
  EXPECT_EQ(changed([](auto& p) { p.key_blob += '\0'; }), Reason::kMalformed);
  EXPECT_EQ(changed([](auto& p) { p.hash_algorithm = "sha1"; }), Reason::kMalformed);
  EXPECT_EQ(changed([](auto& p) { p.hash_algorithm = "SHA512"; }), Reason::kMalformed);
  EXPECT_EQ(changed([](auto& p) { p.hash_algorithm = "sha256"; }), Reason::kBadSignature);
}

TEST(Sshsig, RefusesArmourThatSshKeygenDoesNotWrite) {
  const std::string good = Ed25519().Sign(kGrant, kMessage);
  ASSERT_EQ(Verify(good), Reason::kGranted);
  std::string unbroken = good;  // the first line joined with the second
  unbroken.erase(unbroken.find('\n', 40), 1);
  const size_t first = good.find('\n') + 1;
  for (const std::string& other :
       {unbroken, good + "\n", " " + good, good.substr(0, good.size() - 1),
        good.substr(0, first) + "\n" + good.substr(first), Replaced(good, "BEGIN", "begin"),
        good.substr(0, first) + " " + good.substr(first), good + good, std::string("\n"),
        std::string(),
        std::string("-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n")}) {
    EXPECT_EQ(Verify(other), Reason::kMalformed) << other;
  }
  EXPECT_EQ(Verify(ArmourText(std::string(4096, 'x'))), Reason::kTooLarge);
}

TEST(Sshsig, RefusesEcdsaNumbersThatAreNotInTheirOnlyForm) {
  const SshKey key("ecdsa -b 256");
  const SshsigParts good = TakeApart(key.Sign(kGrant, kMessage));
  ASSERT_EQ(Verify(ArmourParts(good)), Reason::kGranted);
  SshReader outer(good.signature);
  const std::string type(outer.String());
  SshReader inner(outer.String());
  const std::string r(inner.String());
  const std::string s(inner.String());
  const std::string zero(1, '\0');
  const auto with = [&](std::string_view new_r, std::string_view new_s,
                        std::string_view more = "") {
    SshsigParts parts = good;
    const std::string pair = SshWriter().String(new_r).String(new_s).Raw(more).bytes();
    parts.signature = SshWriter().String(type).String(pair).bytes();
    return Verify(ArmourParts(parts));
  };
  EXPECT_EQ(with(r, s), Reason::kGranted);
  EXPECT_EQ(with(zero + r, s), Reason::kBadSignature);
  EXPECT_EQ(with(r, zero + s), Reason::kBadSignature);
  EXPECT_EQ(with(r, s, zero), Reason::kBadSignature);
  EXPECT_EQ(with(s, r), Reason::kBadSignature);
  EXPECT_EQ(with("", ""), Reason::kBadSignature);
  EXPECT_EQ(with(zero, zero), Reason::kBadSignature);
  EXPECT_EQ(with("\x01", "\x01"), Reason::kBadSignature);
  EXPECT_EQ(with("\xff" + r, s), Reason::kBadSignature);
  EXPECT_EQ(with(std::string(33, '\x7f'), s), Reason::kBadSignature);
  EXPECT_EQ(with(r, std::string(33, '\x7f')), Reason::kBadSignature);
}

TEST(Sshsig, RefusesASignatureCutAtEveryLength) {
  const std::string good = Ed25519().Sign(kGrant, kMessage);
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_EQ(Verify(good.substr(0, size)), Reason::kMalformed) << size;
  }
}

}  // namespace
}  // namespace daypass::wire
