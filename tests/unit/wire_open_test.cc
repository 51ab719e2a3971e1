// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/open.h"

#include <gtest/gtest.h>

#include "core/authority.h"
#include "wire/digest.h"
#include "wire/limits.h"
#include "wire/policy.h"
#include "wire/statement.h"
#include "wire/status.h"
#include "wire_fixture.h"

namespace daypass::wire {
namespace {

using core::Reason;

const SshKey& Bob() {
  static const SshKey key("ed25519");
  return key;
}
const SshKey& Carol() {
  static const SshKey key("ecdsa -b 256");
  return key;
}
const PrivateKey& Server() {
  static const PrivateKey key = PrivateKey::Generate();
  return key;
}

core::Policy MakePolicy() {
  const auto policy =
      ParsePolicy(PolicyText({Bob().key().line, Carol().key().line, Server().public_key().line}));
  EXPECT_TRUE(policy) << policy.error().what;
  return *policy;
}

std::string SealWith(const SshKey& key, std::string_view type, std::string_view payload) {
  return EncodeEnvelope(
      {std::string(type), std::string(payload), {key.Sign(NamespaceOf(type), payload)}});
}

std::string MakeGrant() {
  return SealWith(Bob(), "grant", EncodeStatement(MakeStatement(), kNonce));
}

core::Status MakeStatus() {
  core::Status status;
  status.realm = kRealm;
  status.host = "web-1";
  status.number = kNonce;
  status.policy_version = 3;
  return status;
}

// Opens a grant, and counts how often the parser was called.
struct CountedOpen {
  int parsed = 0;

  Reason operator()(std::string_view bytes) {
    const auto opened =
        Open<core::Statement>(bytes, "grant", kMaxStatementBytes, [this](std::string_view payload) {
          ++parsed;
          return ParseStatement(payload);
        });
    return opened ? Reason::kGranted : opened.error().code;
  }
};

TEST(Open, GivesTheDocumentItsBytesAndItsSigners) {
  const auto grant = OpenGrant(MakeGrant());
  ASSERT_TRUE(grant) << grant.error().what;
  EXPECT_EQ(grant->document.subject, "alice");
  EXPECT_EQ(grant->payload, EncodeStatement(MakeStatement(), kNonce));
  EXPECT_EQ(grant->document.id, Sha256Hex(grant->payload));
  EXPECT_EQ(Fingerprints(grant->signatures), std::vector{Bob().key().fingerprint});
}

// GF-01: each bit of a whole grant flipped, one at a time; the parser never runs. Control: the
// untouched grant, for which it runs once.
TEST(Open, RefusesAGrantWithAnyBitFlippedBeforeParsingIt) {
  const std::string good = MakeGrant();
  CountedOpen open;
  ASSERT_EQ(open(good), Reason::kGranted);
  ASSERT_EQ(open.parsed, 1);
  open.parsed = 0;
  for (size_t bit = 0; bit < 8 * good.size(); ++bit) {
    std::string flipped = good;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    ASSERT_NE(open(flipped), Reason::kGranted) << "bit " << bit;
  }
  EXPECT_EQ(open.parsed, 0);
}

// GF-01: the same for a FIDO2 signature, whose flags must be under it as well.
TEST(Open, RefusesATokensGrantWithAnyBitOfItsSignatureFlipped) {
  const SoftToken token(KeyType::kSkEcdsaP256);
  const std::string payload = EncodeStatement(MakeStatement(), kNonce);
  const std::string good =
      EncodeEnvelope({"grant", payload, {token.Sign("grant@daypass", payload, kTouched)}});
  CountedOpen open;
  ASSERT_EQ(open(good), Reason::kGranted);
  ASSERT_EQ(open.parsed, 1);
  open.parsed = 0;
  for (size_t bit = 8 * payload.size(); bit < 8 * good.size(); ++bit) {
    std::string flipped = good;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    ASSERT_NE(open(flipped), Reason::kGranted) << "bit " << bit;
  }
  EXPECT_EQ(open.parsed, 0);
}

// GF-02: cut at every length; followed by 1 to 64 bytes. Control: the whole grant.
TEST(Open, RefusesAGrantCutOrFollowedBeforeParsingIt) {
  const std::string good = MakeGrant();
  CountedOpen open;
  ASSERT_EQ(open(good), Reason::kGranted);
  open.parsed = 0;
  for (size_t size = 0; size < good.size(); ++size) {
    ASSERT_NE(open(good.substr(0, size)), Reason::kGranted) << size;
  }
  for (size_t more = 1; more <= 64; ++more) {
    ASSERT_NE(open(good + std::string(more, '\n')), Reason::kGranted) << more;
    ASSERT_NE(open(good + good.substr(0, more)), Reason::kGranted) << more;
  }
  EXPECT_EQ(open.parsed, 0);
}

// One bad signature beside a good one: nobody is asked to tell them apart.
TEST(Open, RefusesAGrantWithOneBadSignatureAmongGoodOnes) {
  const std::string payload = EncodeStatement(MakeStatement(), kNonce);
  const std::string good = Bob().Sign("grant@daypass", payload);
  const std::string bad = Carol().Sign("grant@daypass", payload + " ");
  for (const auto& signatures : {std::vector{good, bad}, std::vector{bad, good}}) {
    CountedOpen open;
    EXPECT_EQ(open(EncodeEnvelope({"grant", payload, signatures})), Reason::kBadSignature);
    EXPECT_EQ(open.parsed, 0);
  }
}

// GF-03: a good signature of a key that no policy names. Controls: Bob's, and the server's.
TEST(Open, TellsOfKeysThatNobodyNames) {
  const core::Policy policy = MakePolicy();
  const PrivateKey stranger = PrivateKey::Generate();
  const auto judge = [&](const std::string& envelope) {
    const auto grant = OpenGrant(envelope);
    EXPECT_TRUE(grant);
    const auto approvals = ToApprovals(grant->signatures);
    const core::Now now{MakeStatement().created, MakeStatement().created};
    return core::JudgeApprovals(policy, policy.roles[0], grant->document, approvals, {}, now);
  };
  EXPECT_TRUE(judge(MakeGrant()).enough);
  const auto judged = judge(Seal(stranger, "grant", EncodeStatement(MakeStatement(), kNonce)));
  EXPECT_FALSE(judged.enough);
  EXPECT_EQ(judged.reason, Reason::kKeyUnknown);

  const std::string status = EncodeStatus(MakeStatus());
  EXPECT_TRUE(OpenStatus(Seal(Server(), "status", status), policy.status_keys));
  const auto forged = OpenStatus(Seal(stranger, "status", status), policy.status_keys);
  ASSERT_FALSE(forged);
  EXPECT_EQ(forged.error().code, Reason::kKeyUnknown);

  const std::string request = EncodeStatement(MakeStatement(), kNonce);
  EXPECT_TRUE(OpenRequest(Seal(Server(), "request", request), Server().public_key()));
  const auto other = OpenRequest(Seal(stranger, "request", request), Server().public_key());
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, Reason::kKeyUnknown);
}

// GF-06: one approver twice, where the role wants two. Both signatures are reported, and core
// counts one person. Control: with a threshold of one the same grant is enough.
TEST(Open, ReportsEverySignatureAndCoreCountsPersons) {
  core::Policy policy = MakePolicy();
  const std::string payload = EncodeStatement(MakeStatement(), kNonce);
  const std::string twice = EncodeEnvelope({"grant",
                                            payload,
                                            {Bob().Sign("grant@daypass", payload, "sha512"),
                                             Bob().Sign("grant@daypass", payload, "sha256")}});
  const auto grant = OpenGrant(twice);
  ASSERT_TRUE(grant) << grant.error().what;
  EXPECT_EQ(Fingerprints(grant->signatures),
            (std::vector{Bob().key().fingerprint, Bob().key().fingerprint}));
  const core::Now now{MakeStatement().created, MakeStatement().created};
  const auto enough = [&] {
    return core::JudgeApprovals(policy, policy.roles[0], grant->document,
                                ToApprovals(grant->signatures), {}, now)
        .enough;
  };
  EXPECT_TRUE(enough());
  policy.roles[0].approve[0].count = 2;
  EXPECT_FALSE(enough());
}

// GF-07: an approval of X carried over to Y, which is one byte wider. Control: X itself.
TEST(Open, RefusesAnApprovalOfAnotherStatement) {
  const std::string x = EncodeStatement(MakeStatement(), kNonce);
  const std::string approval = Bob().Sign("grant@daypass", x);
  CountedOpen open;
  EXPECT_EQ(open(EncodeEnvelope({"grant", x, {approval}})), Reason::kGranted);
  const std::string y = Replaced(x, R"("duration_s":1800)", R"("duration_s":18000)");
  EXPECT_EQ(open(EncodeEnvelope({"grant", y, {approval}})), Reason::kBadSignature);
  EXPECT_EQ(open.parsed, 1);
}

// Whoever can tell that the signers do not count is asked before the payload is read.
// Control: the same policy, with nothing against its signers.
TEST(Open, ReadsNoPolicyWhoseSignersWeighNothing) {
  const auto open = [](std::string_view payload, const core::Result<void>& answer) {
    std::vector<std::string> weighed;
    const auto weigh = [&](std::string_view bytes, const std::vector<VerifiedSignature>& signers) {
      EXPECT_EQ(bytes, payload);
      weighed = Fingerprints(signers);
      return answer;
    };
    const auto policy = OpenPolicy(Seal(Server(), "policy", payload), weigh);
    EXPECT_EQ(weighed, std::vector{Server().public_key().fingerprint});
    return policy ? Reason::kGranted : policy.error().code;
  };
  const core::Error nobody{Reason::kBelowThreshold, "nobody", ""};
  EXPECT_EQ(open("no policy", nobody), Reason::kBelowThreshold);
  EXPECT_EQ(open(PolicyText(), nobody), Reason::kBelowThreshold);
  EXPECT_EQ(open("no policy", {}), Reason::kMalformed);
  EXPECT_EQ(open(PolicyText(), {}), Reason::kGranted);
}

// A good signature makes no document of other bytes.
TEST(Open, RefusesSignedBytesThatAreNoDocument) {
  const core::Policy policy = MakePolicy();
  const auto sealed = [](std::string_view type) { return Seal(Server(), type, "{}"); };
  const auto code = [](const auto& opened) {
    return opened ? Reason::kGranted : opened.error().code;
  };
  EXPECT_EQ(code(OpenPolicy(sealed("policy"))), Reason::kMalformed);
  EXPECT_EQ(code(OpenGrant(sealed("grant"))), Reason::kMalformed);
  EXPECT_EQ(code(OpenRequest(sealed("request"), Server().public_key())), Reason::kMalformed);
  EXPECT_EQ(code(OpenStatus(sealed("status"), policy.status_keys)), Reason::kMalformed);
  EXPECT_EQ(code(OpenSignin(sealed("signin"))), Reason::kMalformed);
}

// GF-16: every document as every other one, as it is and with a head that lies; by the key that may
// sign them all. Control: each as itself.
TEST(Open, RefusesADocumentOfferedAsAnother) {
  const std::pair<std::string, std::string> documents[] = {
      {"policy", PolicyText()},
      {"grant", EncodeStatement(MakeStatement(), kNonce)},
      {"status", EncodeStatus(MakeStatus())},
      {"request", EncodeStatement(MakeStatement(), kNonce)},
      {"signin", EncodeSignin({kRealm, "bob", "daypass.example.org", kNonce, {}})}};
  const PublicKey& key = Server().public_key();
  const core::PersonKey status_key{key.line, key.fingerprint, false, false, false, {}};
  const auto open_as = [&](std::string_view type, std::string_view bytes) -> Reason {
    const auto code = [](const auto& result) {
      return result ? Reason::kGranted : result.error().code;
    };
    if (type == "policy") return code(OpenPolicy(bytes));
    if (type == "grant") return code(OpenGrant(bytes));
    if (type == "status") return code(OpenStatus(bytes, {&status_key, 1}));
    if (type == "request") return code(OpenRequest(bytes, key));
    return code(OpenSignin(bytes));
  };
  for (const auto& [type, payload] : documents) {
    EXPECT_EQ(open_as(type, Seal(Server(), type, payload)), Reason::kGranted) << type;
    for (const auto& [other, unused] : documents) {
      if (other == type) continue;
      const std::string envelope = Seal(Server(), type, payload);
      EXPECT_EQ(open_as(other, envelope), Reason::kWrongNamespace) << type << " as " << other;
      const std::string lying =
          EncodeEnvelope({other, payload, {Sign(Server(), NamespaceOf(type), payload)}});
      EXPECT_EQ(open_as(other, lying), Reason::kWrongNamespace) << type << " as " << other;
    }
  }
}

// GF-16: signed in the right namespace, but the payload says that it is something else.
TEST(Open, RefusesAPayloadOfAnotherType) {
  CountedOpen open;
  EXPECT_EQ(open(Seal(Server(), "grant", EncodeStatus(MakeStatus()))), Reason::kWrongNamespace);
}

TEST(Open, RefusesAPolicyOverItsLimitUnread) {
  const std::string large(kMaxPolicyBytes + 1, ' ');
  const auto policy = OpenPolicy(EncodeEnvelope({"policy", large, {"x"}}));
  ASSERT_FALSE(policy);
  EXPECT_EQ(policy.error().code, Reason::kTooLarge);
}

}  // namespace
}  // namespace daypass::wire
