// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/record.h"

#include <gtest/gtest.h>

#include <map>

#include "wire/digest.h"
#include "wire/sshsig.h"
#include "wire_fixture.h"

namespace daypass::wire {
namespace {

using core::Reason;

Record MakeRecord(uint64_t seq = 1, core::Digest prev = kNoPrev) {
  Record record;
  record.realm = kRealm;
  record.seq = seq;
  record.prev = std::move(prev);
  record.host = "web-1";
  record.boot_id = kNonce;
  record.time = core::FromMillis(1'800'000'000'000);
  record.boot_ms = 5000;
  record.clock = "anchored";
  record.event = "decision.allowed";
  record.mode = "enforce";
  record.policy = 3;
  record.user = "alice";
  record.uid = 1001;
  record.command = "/usr/bin/systemctl";
  record.argv = "systemctl restart nginx";
  record.argv_b64 = {"c3lzdGVtY3Rs", "cmVzdGFydA==", "bmdpbng="};
  record.grant = std::string(64, 'f');
  record.verdict = "allow";
  record.until_ms = 1'800'001'800'000;
  return record;
}

// A chain of `size` records, the last one signed.
std::vector<StoredRecord> MakeChain(size_t size, const PrivateKey& key) {
  std::vector<StoredRecord> chain;
  core::Digest prev = kNoPrev;
  for (uint64_t seq = 1; seq <= size; ++seq) {
    chain.push_back({seq, EncodeRecord(MakeRecord(seq, prev)), ""});
    prev = Sha256Hex(chain.back().bytes);
  }
  chain.back().signature = Sign(key, "record@daypass", chain.back().bytes);
  return chain;
}

TEST(Record, ComesBackAsItWas) {
  const std::string bytes = EncodeRecord(MakeRecord());
  const auto again = ParseRecord(bytes);
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(again->seq, 1u);
  EXPECT_EQ(again->argv_b64, MakeRecord().argv_b64);
  EXPECT_EQ(again->uid, 1001);
  EXPECT_EQ(again->pid, std::nullopt);
  EXPECT_EQ(again->tty, "");
  EXPECT_EQ(EncodeRecord(*again), bytes);
}

TEST(Record, ShowsEveryFieldThatIsSet) {
  std::map<std::string, std::string, std::less<>> shown;
  ForEachField(MakeRecord(), [&](std::string_view key, std::string_view text) {
    shown[std::string(key)] += text;
  });
  EXPECT_EQ(shown.at("event"), "decision.allowed");
  EXPECT_EQ(shown.at("uid"), "1001");
  EXPECT_EQ(shown.at("argv_b64"), "c3lzdGVtY3RscmVzdGFydA==bmdpbng=");
  EXPECT_FALSE(shown.contains("tty"));
}

TEST(Record, MakesBytesFromOutsideVisible) {
  Record record = MakeRecord();
  record.cwd = "/tmp/\x1B[2J\n\xFF";
  const auto again = ParseRecord(EncodeRecord(record));
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(again->cwd, "/tmp/\\x1b[2J\\x0a\\xff");
}

// GF-31 for records. Control: the same record untouched.
TEST(Record, IsRefusedWithWhatItsFormatDoesNotKnow) {
  const std::string good = EncodeRecord(MakeRecord());
  ASSERT_TRUE(ParseRecord(good));
  const auto code = [&](std::string_view from, std::string_view to) {
    return ParseRecord(Replaced(good, from, to)).error().code;
  };
  EXPECT_EQ(code(R"("seq":1)", R"("seq":1,"x":1)"), Reason::kUnknownField);
  EXPECT_EQ(code(R"("seq":1)", R"("seq":0)"), Reason::kMalformed);
  EXPECT_EQ(code(R"("format":1)", R"("format":2)"), Reason::kUnknownFormat);
  EXPECT_EQ(code(R"("type":"record")", R"("type":"status")"), Reason::kWrongNamespace);
  EXPECT_EQ(code(R"("uid":1001)", R"("uid":"1001")"), Reason::kMalformed);
}

class Chain : public testing::Test {
 protected:
  Reason Verify() const { return Verify({kRealm, "web-1", 0, kNoPrev}); }
  Reason Verify(const ChainStart& start) const {
    const auto head = VerifyChain(start, chain_, key_.public_key());
    return head ? Reason::kGranted : head.error().code;
  }
  void Resign(size_t index) {
    chain_[index].signature = Sign(key_, "record@daypass", chain_[index].bytes);
  }

  PrivateKey key_ = PrivateKey::Generate();
  std::vector<StoredRecord> chain_ = MakeChain(5, key_);
};

TEST_F(Chain, IsVerifiedToItsHead) {
  const auto head = VerifyChain({kRealm, "web-1", 0, kNoPrev}, chain_, key_.public_key());
  ASSERT_TRUE(head) << head.error().what;
  EXPECT_EQ(head->seq, 5u);
  EXPECT_EQ(head->digest, Sha256Hex(chain_.back().bytes));
  EXPECT_EQ(head->signed_seq, 5u);
}

TEST_F(Chain, IsContinuedFromWhereItWasLeft) {
  const std::vector<StoredRecord> rest(chain_.begin() + 2, chain_.end());
  const ChainStart start{kRealm, "web-1", 2, Sha256Hex(chain_[1].bytes)};
  const auto head = VerifyChain(start, rest, key_.public_key());
  ASSERT_TRUE(head) << head.error().what;
  EXPECT_EQ(head->seq, 5u);
  EXPECT_FALSE(VerifyChain({kRealm, "web-1", 2, Sha256Hex("x")}, rest, key_.public_key()));
  EXPECT_FALSE(VerifyChain({kRealm, "web-1", 1, start.digest}, rest, key_.public_key()));
}

TEST_F(Chain, IsAsLongAsItsSignaturesReach) {
  chain_.push_back({6, EncodeRecord(MakeRecord(6, Sha256Hex(chain_.back().bytes))), ""});
  const auto head = VerifyChain({kRealm, "web-1", 0, kNoPrev}, chain_, key_.public_key());
  ASSERT_TRUE(head);
  EXPECT_EQ(head->seq, 6u);
  EXPECT_EQ(head->signed_seq, 5u);
}

TEST_F(Chain, IsRefusedWithARecordMissingTwiceMovedOrChanged) {
  ASSERT_EQ(Verify(), Reason::kGranted);
  const auto good = chain_;
  chain_.erase(chain_.begin() + 1);
  EXPECT_EQ(Verify(), Reason::kMalformed);
  chain_ = good;
  chain_.insert(chain_.begin() + 1, chain_[1]);
  EXPECT_EQ(Verify(), Reason::kMalformed);
  chain_ = good;
  std::swap(chain_[1], chain_[2]);
  EXPECT_EQ(Verify(), Reason::kMalformed);
  chain_ = good;
  chain_[1].bytes = Replaced(chain_[1].bytes, R"("user":"alice")", R"("user":"mallo")");
  EXPECT_EQ(Verify(), Reason::kMalformed);  // the next one's prev tells
  chain_ = good;
  chain_.back().bytes = Replaced(chain_.back().bytes, R"("user":"alice")", R"("user":"mallo")");
  EXPECT_EQ(Verify(), Reason::kBadSignature);  // of the last one only the signature can
  chain_ = good;
  chain_[0].seq = 2;
  EXPECT_EQ(Verify(), Reason::kMalformed);
  chain_ = good;
  chain_.resize(2);
  EXPECT_EQ(Verify(), Reason::kGranted);
  chain_[1].bytes = EncodeRecord(MakeRecord(3, Sha256Hex(chain_[0].bytes)));
  EXPECT_EQ(Verify(), Reason::kMalformed);  // in the second place, but the third by its own words
  chain_[1].bytes = "no record";
  const auto head = VerifyChain({kRealm, "web-1", 0, kNoPrev}, chain_, key_.public_key());
  ASSERT_FALSE(head);
  EXPECT_EQ(head.error().what.substr(0, 10), "record 2: ");
}

TEST_F(Chain, IsRefusedUnderAnotherNameRealmOrKey) {
  EXPECT_EQ(Verify({kRealm, "web-2", 0, kNoPrev}), Reason::kMalformed);
  EXPECT_EQ(Verify({kNonce, "web-1", 0, kNoPrev}), Reason::kMalformed);
  const PrivateKey other = PrivateKey::Generate();
  chain_.back().signature = Sign(other, "record@daypass", chain_.back().bytes);
  EXPECT_EQ(Verify(), Reason::kKeyUnknown);
  chain_.back().signature = Sign(key_, "status@daypass", chain_.back().bytes);
  EXPECT_EQ(Verify(), Reason::kWrongNamespace);
  Resign(4);
  EXPECT_EQ(Verify(), Reason::kGranted);
}

}  // namespace
}  // namespace daypass::wire
