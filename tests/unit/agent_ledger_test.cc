// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The chain of records, and that what cannot be made durable is as if it had never been said.
#include "tests/unit/agent_fixture.h"

namespace daypass::agent {
namespace {

class LedgerTest : public AgentTest {
 protected:
  wire::Record Event(const std::string& event) {
    wire::Record record;
    record.event = event;
    return record;
  }
  core::Result<wire::ChainHead> Verify() {
    auto records = store_->RecordsAfter(0, 1000);
    return wire::VerifyChain({kRealm, "web-1", 0, wire::kNoPrev}, *records,
                             keys_.host.public_key());
  }
};

TEST_F(LedgerTest, NumbersAndChainsRecordsFromTheFirstOne) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(ledger_->Note(Event("agent.started")));
  auto head = Verify();
  ASSERT_TRUE(head) << head.error().what;
  EXPECT_EQ(head->seq, 5u);
  EXPECT_EQ(head->signed_seq, 5u);
}

TEST_F(LedgerTest, GoesOnFromTheStoredHeadAfterARestart) {
  ASSERT_TRUE(ledger_->Note(Event("agent.started")));
  Stop();
  Start();
  ASSERT_TRUE(ledger_->Note(Event("agent.started")));
  auto head = Verify();
  ASSERT_TRUE(head) << head.error().what;
  EXPECT_EQ(head->seq, 2u);
}

TEST_F(LedgerTest, FindsARecordByItsNumber) {
  for (const char* event : {"agent.started", "policy.imported", "decision.allowed"}) {
    ASSERT_TRUE(ledger_->Note(Event(event)));
  }
  const auto found = ledger_->Find(2);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->event, "policy.imported");
  EXPECT_EQ((*found)->seq, 2u);
  const auto beyond = ledger_->Find(4);
  ASSERT_TRUE(beyond);
  EXPECT_FALSE(*beyond);
}

// Else the courier could carry none of a commit of many at once.
TEST_F(LedgerTest, SignsALargeCommitEverySixteenKibibytes) {
  ASSERT_TRUE(ledger_->Commit([&]() -> core::Result<void> {
    for (int i = 0; i < 300; ++i) EXPECT_TRUE(ledger_->Append(Event("decision.denied")));
    return {};
  }));
  auto head = Verify();
  ASSERT_TRUE(head) << head.error().what;
  EXPECT_EQ(head->signed_seq, 300u);
  size_t unsigned_bytes = 0;
  const auto records = store_->RecordsAfter(0, 1000);
  for (const wire::StoredRecord& record : *records) {
    EXPECT_LT(unsigned_bytes, size_t{16} * 1024);
    unsigned_bytes = record.signature.empty() ? unsigned_bytes + record.bytes.size() : 0;
  }
  EXPECT_EQ(unsigned_bytes, 0u);
}

// LG-12: a fault between the first and the last step of a commit leaves nothing behind.
TEST_F(LedgerTest, KeepsNothingOfACommitThatFails) {
  ASSERT_TRUE(ledger_->Note(Event("agent.started")));
  auto failed = ledger_->Commit([&]() -> core::Result<void> {
    EXPECT_TRUE(ledger_->Append(Event("decision.allowed")));
    EXPECT_TRUE(store_->Set("mirror", "77"));
    return core::Error{core::Reason::kStoreUnavailable, "a fault", {}};
  });
  EXPECT_FALSE(failed);
  EXPECT_EQ(ledger_->last_seq(), 1u);
  EXPECT_EQ(*store_->Get("mirror"), std::nullopt);
  ASSERT_TRUE(ledger_->Note(Event("decision.denied")));  // control: the next one gets the number
  auto head = Verify();
  ASSERT_TRUE(head) << head.error().what;
  EXPECT_EQ(head->seq, 2u);
}

TEST_F(LedgerTest, FindsARecordThatWasChangedInTheStore) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(ledger_->Note(Event("agent.started")));
  auto records = store_->RecordsAfter(0, 1000);
  (*records)[1].bytes.replace((*records)[1].bytes.find("started"), 7, "stopped");
  EXPECT_FALSE(
      wire::VerifyChain({kRealm, "web-1", 0, wire::kNoPrev}, *records, keys_.host.public_key()));
}

}  // namespace
}  // namespace daypass::agent
