// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// A host's own records and requests, as its agent makes them, on their way through a courier that
// somebody has taken over, or that cannot help sending everything again.
#include <algorithm>
#include <random>

#include "agent/ledger.h"
#include "platform/clock.h"
#include "server/store/records.h"
#include "server_chain.h"
#include "server_fixture.h"
#include "wire/open.h"

namespace daypass::server {
namespace {

using wire::ObjectBuilder;
using wire::StoredRecord;
using Records = std::vector<StoredRecord>;

class CarriedTest : public ServerTest {
 protected:
  CarriedTest() {
    PushPolicy(1);
    Enrol("web-1");
    auto agent = agent::Store::Open(folder_.path("agent.db"));
    EXPECT_TRUE(agent) << agent.error().what;
    agent_ = std::make_unique<agent::Store>(std::move(*agent));
    auto ledger = agent::Ledger::Make(*agent_, identity_, host_key());
    EXPECT_TRUE(ledger) << ledger.error().what;
    ledger_ = std::move(*ledger);
    ledger_->moment = [this] {
      return agent::Moment{
          std::string(32, 'b'), now_, core::Millis{1}, "anchored", "enforce", 1, "fresh"};
    };
  }

  const wire::PrivateKey& host_key() const { return host_keys_.at("web-1"); }

  /// What the agent hands out after so many commits, of one to three records each.
  Records Made(int commits) {
    for (int i = 0; i < commits; ++i) {
      auto done = ledger_->Commit([&]() -> core::Result<void> {
        for (int n = 0; n <= i % 3; ++n) {
          wire::Record record;
          record.event = "decision.denied";
          record.user = "alice";
          record.why = "number " + std::to_string(i);
          if (auto seq = ledger_->Append(record); !seq) return std::move(seq).error();
        }
        return {};
      });
      EXPECT_TRUE(done) << done.error().what;
    }
    return *agent_->RecordsAfter(0, 100'000);
  }

  Outcome Send(const Records& records) {
    return PostAs("web-1", "/v1/host/records", RecordsBody(records));
  }
  uint64_t Stored() {
    return *store_->Transact(now_, [](Tx& tx) -> core::Result<uint64_t> {
      return server::Records(tx, {"web-1", 1}).Head().seq;
    });
  }
  /// "gap 3": how the last fault of this host's chain shows to administrators.
  std::string Fault() {
    return *store_->Transact(now_, [](Tx& tx) -> core::Result<std::string> {
      const auto fault = server::Records(tx, {"web-1", 1}).NewestFault();
      return fault ? fault->kind + " " + std::to_string(fault->seq) : "";
    });
  }

  core::HostIdentity identity_{wire::kRealm, "web-1", {}};
  std::unique_ptr<agent::Store> agent_;
  std::unique_ptr<agent::Ledger> ledger_;
};

/// Those between two places, as a batch.
Records Part(const Records& all, size_t begin, size_t end) {
  return {all.begin() + static_cast<std::ptrdiff_t>(begin),
          all.begin() + static_cast<std::ptrdiff_t>(end)};
}

// IPC-16
TEST_F(CarriedTest, RecordsThatTheCourierDropsAreMissed) {
  const Records all = Made(12);
  ASSERT_EQ(Short(Send(Part(all, 0, 3))), "200 ");
  EXPECT_EQ(Short(Send(Part(all, 4, all.size()))), "409 conflict");
  EXPECT_EQ(Fault(), "gap 5");
  EXPECT_EQ(Stored(), 3U);
  Records inside = all;
  inside.erase(inside.begin() + 5);
  EXPECT_GE(Send(inside).status, 400);
  EXPECT_EQ(Stored(), 3U) << "nothing of the batch was taken";
  ASSERT_EQ(Short(Send(all)), "200 ") << "control: nothing dropped";
  ExpectWholeChain(StoredIn(folder_.path("server.db")), all.size(), host_key());
}

// IPC-16
TEST_F(CarriedTest, RecordsInAnotherOrderAreNotTaken) {
  const Records all = Made(6);
  Records swapped = all;
  std::swap(swapped[2], swapped[3]);
  EXPECT_GE(Send(swapped).status, 400);
  std::swap(swapped[2].seq, swapped[3].seq);  // and numbered anew
  EXPECT_GE(Send(swapped).status, 400);
  std::reverse(swapped.begin(), swapped.end());
  EXPECT_GE(Send(swapped).status, 400);
  EXPECT_EQ(Stored(), 0U);
  EXPECT_EQ(Short(Send(all)), "200 ") << "control";
}

// IPC-16: one record rewritten, and all behind it chained to it as they should be.
TEST_F(CarriedTest, RewrittenRecordsGiveThemselvesAwayHoweverWellTheyAreChained) {
  const Records all = Made(8);
  Records forged = all;
  for (size_t i = 4; i < forged.size(); ++i) {
    wire::Record record = *wire::ParseRecord(forged[i].bytes);
    if (i == 4) record.why = "nothing to see";
    record.prev = wire::Sha256Hex(forged[i - 1].bytes);
    forged[i].bytes = wire::EncodeRecord(record);
  }
  ASSERT_TRUE(wire::VerifyChain({wire::kRealm, "web-1", 0, wire::kNoPrev}, Part(all, 0, 3),
                                host_key().public_key()));
  EXPECT_EQ(Short(Send(forged)), "400 bad_signature") << "with the host's signatures";
  Records by_courier = forged;
  for (StoredRecord& record : by_courier) {
    if (record.signature.empty()) continue;
    record.signature = wire::Sign(town_.KeyOf("mallory"), "record@daypass", record.bytes);
  }
  EXPECT_EQ(Short(Send(by_courier)), "403 key_unknown") << "with its own";
  Records unsigned_ones = forged;
  for (StoredRecord& record : unsigned_ones) record.signature.clear();
  EXPECT_EQ(Short(Send(unsigned_ones)), "400 bad_signature") << "with none";
  EXPECT_EQ(Stored(), 0U);

  // Behind the last signature of the host's nothing is taken, so there is no place for more.
  Records longer = all;
  wire::Record more = *wire::ParseRecord(all.back().bytes);
  more.seq = all.size() + 1;
  more.prev = wire::Sha256Hex(all.back().bytes);
  longer.push_back({more.seq, wire::EncodeRecord(more), ""});
  EXPECT_EQ(Send(longer).Number("seq"), static_cast<int64_t>(all.size())) << "control";
  EXPECT_EQ(Short(Send(forged)), "409 conflict");
  EXPECT_EQ(Fault(), "fork 5");
}

// IPC-16
TEST_F(CarriedTest, RequestsThatTheCourierMakesUpAreRefused) {
  const std::string statement = Encode(Statement());
  const auto deliver = [&](const std::string& envelope) {
    return Short(
        PostAs("web-1", "/v1/host/requests", ObjectBuilder().String("envelope", envelope)));
  };
  EXPECT_EQ(deliver(wire::Seal(town_.KeyOf("mallory"), "request", statement)), "403 key_unknown");
  const std::string honest = wire::Seal(host_key(), "request", statement);
  EXPECT_EQ(deliver(wire::Replaced(honest, "\"uses\":0", "\"uses\":9")), "400 bad_signature");
  EXPECT_EQ(deliver(town_.Sign("request", statement, {"bob"})), "403 key_unknown")
      << "an approver's key is not the host's";
  EXPECT_EQ(Get("/v1/requests", "bob").Texts("requests", "id").size(), 0U);
  EXPECT_EQ(deliver(honest), "200 ") << "control";
  EXPECT_EQ(deliver(honest), "200 ") << "and again";
  EXPECT_EQ(Get("/v1/requests", "bob").Texts("requests", "id").size(), 1U);
}

// DB-05: every batch five times, in any order, mixed with all the others.
TEST_F(CarriedTest, RecordsThatComeFiveTimesInAnyOrderAreStoredOnce) {
  const Records all = Made(90);
  std::vector<Records> batches;
  for (size_t begin = 0; begin < all.size();) {
    size_t end = begin + 1;
    while (all[end - 1].signature.empty() || end - begin < 5) {
      if (end == all.size()) break;
      ++end;
    }
    for (int i = 0; i < 5; ++i) batches.push_back(Part(all, begin, end));
    begin = end;
  }
  std::mt19937_64 random(5);
  size_t sent = 0;
  size_t refused = 0;
  while (Stored() < all.size()) {  // at least once: until it is acknowledged
    std::shuffle(batches.begin(), batches.end(), random);
    for (const Records& batch : batches) {
      const Outcome outcome = Send(batch);
      ASSERT_TRUE(outcome.status == 200 || outcome.status == 409) << outcome.body;
      refused += outcome.status == 409 ? 1 : 0;
      ++sent;
    }
    ASSERT_LT(sent, 100'000U);
  }
  EXPECT_GT(refused, 0U) << "too early ones were there";
  ExpectWholeChain(StoredIn(folder_.path("server.db")), all.size(), host_key());
  EXPECT_EQ(Fault().substr(0, 4), "gap ") << "none contradicts another";
}

}  // namespace
}  // namespace daypass::server
