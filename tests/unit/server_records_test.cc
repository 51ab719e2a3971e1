// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Records on their way in: chains that continue, and chains that do not.
#include "server/store/records.h"
#include "server_fixture.h"
#include "wire/digest.h"
#include "wire/open.h"
#include "wire/record.h"

namespace daypass::server {
namespace {

using wire::ArrayBuilder;
using wire::ObjectBuilder;
using wire::StoredRecord;

class RecordsTest : public ServerTest {
 protected:
  RecordsTest() {
    PushPolicy(1);
    Enrol("web-1");
  }

  /// A chain from `first` to `last`, the last one signed by `key`.
  std::vector<StoredRecord> Chain(uint64_t first, uint64_t last, std::string prev,
                                  const wire::PrivateKey& key, const std::string& why = "") {
    std::vector<StoredRecord> records;
    for (uint64_t seq = first; seq <= last; ++seq) {
      wire::Record record;
      record.realm = wire::kRealm;
      record.seq = seq;
      record.prev = prev;
      record.host = "web-1";
      record.boot_id = std::string(32, 'b');
      record.time = now_;
      record.clock = "anchored";
      record.event = "agent.started";
      record.mode = "enforce";
      record.policy = 1;
      record.freshness = "fresh";
      record.why = why;
      records.push_back({seq, wire::EncodeRecord(record), ""});
      prev = wire::Sha256Hex(records.back().bytes);
    }
    records.back().signature = wire::Sign(key, "record@daypass", records.back().bytes);
    return records;
  }
  std::vector<StoredRecord> Chain(uint64_t first, uint64_t last, std::string prev) {
    return Chain(first, last, std::move(prev), host_keys_.at("web-1"));
  }

  /// Two records of a host that begins anew.
  std::vector<StoredRecord> LostChain(const std::string& why, const wire::PrivateKey& key) {
    auto records = Chain(1, 1, wire::kNoPrev, key);
    auto lost = *wire::ParseRecord(records[0].bytes);
    lost.event = "store.damaged";
    lost.detail = why;
    records[0] = {1, wire::EncodeRecord(lost), ""};
    const auto second = Chain(2, 2, DigestOf(records[0]), key);
    records.push_back(second[0]);
    return records;
  }

  Outcome Send(const std::vector<StoredRecord>& records) {
    ArrayBuilder list;
    for (const StoredRecord& record : records) {
      list.Object(ObjectBuilder()
                      .Int("seq", static_cast<int64_t>(record.seq))
                      .String("bytes", record.bytes)
                      .OptString("signature", record.signature));
    }
    return PostAs("web-1", "/v1/host/records", ObjectBuilder().Array("records", std::move(list)));
  }

  static std::string DigestOf(const StoredRecord& record) { return wire::Sha256Hex(record.bytes); }
};

TEST_F(RecordsTest, AreStoredOnceAndReceiptedInTheStatus) {
  const auto first = Chain(1, 3, wire::kNoPrev);
  const Outcome taken = Send(first);
  ASSERT_EQ(Short(taken), "200 ") << taken.body;
  EXPECT_EQ(taken.Number("seq"), 3);
  EXPECT_EQ(taken.Text("digest"), DigestOf(first[2]));
  EXPECT_EQ(Send(first).Number("seq"), 3) << "sent again: at least once";

  auto overlapping = Chain(4, 5, DigestOf(first[2]));
  overlapping.insert(overlapping.begin(), first[2]);
  EXPECT_EQ(Send(overlapping).Number("seq"), 5);
  const Outcome status =
      PostAs("web-1", "/v1/host/status", ObjectBuilder().String("number", wire::kNonce));
  auto opened = wire::OpenStatus(status.Text("envelope"), policy_.status_keys);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->document.receipt.seq, 5U);
  EXPECT_EQ(opened->document.receipt.digest, DigestOf(overlapping[2]));
  EXPECT_NE(Get("/v1/hosts", "alice").body.find("\"policy_version\":1,\"records_seq\":5"),
            std::string::npos);
}

TEST_F(RecordsTest, AreTakenUpToTheLastSignedOne) {
  auto records = Chain(1, 2, wire::kNoPrev);
  const auto tail = Chain(3, 3, DigestOf(records[1]));
  records.push_back({3, tail[0].bytes, ""});
  EXPECT_EQ(Send(records).Number("seq"), 2);
  EXPECT_EQ(Send(tail).Number("seq"), 3);
}

TEST_F(RecordsTest, WithoutASignatureOfTheHostAreRefused) {
  auto records = Chain(1, 2, wire::kNoPrev);
  const std::string signature = records[1].signature;
  records[1].signature.clear();
  EXPECT_EQ(Short(Send(records)), "400 bad_signature");
  EXPECT_EQ(Short(Send(Chain(1, 2, wire::kNoPrev, town_.KeyOf("mallory")))), "403 key_unknown");
  records[1].signature = signature;
  EXPECT_EQ(Short(Send(records)), "200 ") << "control";
}

TEST_F(RecordsTest, ThatLeaveAGapAreRefusedAndSeen) {
  const auto all = Chain(1, 4, wire::kNoPrev);
  ASSERT_EQ(Short(Send(Chain(1, 1, wire::kNoPrev))), "200 ");
  const Outcome gap = Send({all[2], all[3]});
  EXPECT_EQ(Short(gap), "409 conflict");
  EXPECT_THAT(gap.Text("message"), testing::HasSubstr("gap at 3: expected 2"));
  EXPECT_THAT(
      Get("/v1/hosts", "dave").body,
      testing::HasSubstr(R"("records_fault":{"at_ms":1800000000000,"kind":"gap","seq":3})"));
  EXPECT_EQ(Send({all[1], all[2], all[3]}).Number("seq"), 4) << "control: what was missing helps";
}

// AG-18: with the host's own word that its store was lost, a new chain; without it, a fork.
TEST_F(RecordsTest, BeginAnewWhenTheFirstOneSaysThatTheStoreWasLost) {
  const auto before = Chain(1, 3, wire::kNoPrev);
  ASSERT_EQ(Short(Send(before)), "200 ");
  EXPECT_EQ(Short(Send(Chain(1, 2, wire::kNoPrev, host_keys_.at("web-1"), "another"))),
            "409 conflict");
  const auto anew = LostChain("the header is damaged", host_keys_.at("web-1"));
  ASSERT_EQ(Send(anew).Number("seq"), 2);
  EXPECT_EQ(Send(anew).Number("seq"), 2) << "sent again: at least once";
  EXPECT_EQ(Send(Chain(3, 4, DigestOf(anew[1]))).Number("seq"), 4);
  EXPECT_THAT(Get("/v1/hosts", "dave").body, testing::HasSubstr(R"("kind":"lost","seq":3)"));

  EXPECT_EQ(Short(Send(before)), "409 conflict") << "the chain before does not go on";
  const auto again = LostChain("once more", host_keys_.at("web-1"));
  ASSERT_EQ(Send(again).Number("seq"), 2);
  EXPECT_EQ(Short(Send(anew)), "409 conflict") << "a courier repeats the loss before";
  EXPECT_EQ(Send(again).Number("seq"), 2);
}

TEST_F(RecordsTest, DoNotBeginAnewOnTheWordOfAnotherKey) {
  ASSERT_EQ(Short(Send(Chain(1, 3, wire::kNoPrev))), "200 ");
  EXPECT_EQ(Short(Send(LostChain("a lie", town_.KeyOf("mallory")))), "409 conflict");
  auto unsigned_yet = LostChain("true", host_keys_.at("web-1"));
  unsigned_yet.back().signature.clear();
  EXPECT_EQ(Short(Send(unsigned_yet)), "409 conflict");
}

TEST_F(RecordsTest, ThatContradictStoredOnesAreRefusedAndKept) {  // LG-21, LG-25
  const auto stored = Chain(1, 3, wire::kNoPrev);
  ASSERT_EQ(Short(Send(stored)), "200 ");
  const auto other = Chain(1, 4, wire::kNoPrev, host_keys_.at("web-1"), "rewritten");
  EXPECT_EQ(Short(Send(other)), "409 conflict");
  EXPECT_EQ(Short(Send({other[3]})), "409 conflict") << "does not follow the stored one";
  auto faults = store_->Transact(now_, [&](Tx& tx) -> core::Result<ChainFaultRow> {
    return *Records(tx, {"web-1", 1}).NewestFault();
  });
  ASSERT_TRUE(faults);
  EXPECT_EQ(faults->kind, "fork");
  EXPECT_EQ(faults->bytes, other[3].bytes);
  EXPECT_EQ(Send(stored).Number("seq"), 3) << "nothing of it was stored";
}

TEST_F(RecordsTest, OfAnotherHostOrNumberAreRefused) {
  auto records = Chain(1, 2, wire::kNoPrev);
  records[1].seq = 7;
  EXPECT_EQ(Send(records).status, 400);
  Enrol("web-2");
  const auto mine = Chain(1, 2, wire::kNoPrev);
  peers_["web-1"].host = "web-2";
  peers_["web-1"].key = peers_["web-2"].key;
  EXPECT_GE(Send(mine).status, 400) << "web-1's records, sent by web-2";
}

TEST_F(RecordsTest, BeginAnewWithANewHostKey) {
  ASSERT_EQ(Short(Send(Chain(1, 3, wire::kNoPrev))), "200 ");
  Enrol("web-1");
  EXPECT_EQ(Send(Chain(1, 3, wire::kNoPrev)).Number("seq"), 3) << "same key: same chain";
  host_keys_.erase("web-1");
  Enrol("web-1");
  const auto anew = Chain(1, 1, wire::kNoPrev);
  EXPECT_EQ(Send(anew).Number("seq"), 1);
}

TEST_F(RecordsTest, BadBatchesAreNamed) {
  const Outcome empty =
      PostAs("web-1", "/v1/host/records", ObjectBuilder().Array("records", ArrayBuilder()));
  EXPECT_EQ(Short(empty), "400 malformed");
  EXPECT_EQ(empty.Text("field"), "/records");
  EXPECT_EQ(Short(Send({{1, "{}", ""}})), "400 malformed");
}

}  // namespace
}  // namespace daypass::server
