// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// AG-10: the clock jumps while records are written. Their order is that of their numbers, for the
// chain, for whoever reads them, and after a restart.
#include <gmock/gmock.h>

#include "tests/unit/agent_past_fixture.h"

namespace daypass::agent {
namespace {

using testing::ElementsAreArray;

class Order : public PastTest {
 protected:
  /// Writes one record at each of these times of the clock.
  void NoteAt(const std::vector<core::Instant>& times) {
    for (const core::Instant time : times) {
      ledger_->moment = [time] {
        return Moment{
            std::string(32, 'b'), time, platform::BootTime(), "unknown", "enforce", {}, "stale"};
      };
      Note("decision.denied", std::to_string(++written_));
    }
  }
  std::vector<std::string> DetailsInOrder() {
    std::vector<std::string> details;
    auto records = store_->RecordsAfter(0, 1000);
    for (const wire::StoredRecord& record : *records) {
      details.push_back(wire::ParseRecord(record.bytes)->detail);
    }
    return details;
  }

  int written_ = 0;
};

TEST_F(Order, OfRecordsIsThatOfTheirNumbersWhereverTheClockJumps) {
  const core::Instant now = platform::WallTime();
  constexpr core::Seconds kYear{365LL * 86'400};
  NoteAt({now, now + 10 * kYear, now - 10 * kYear, core::FromMillis(0), now});
  Stop();
  Start();
  NoteAt({now - kYear, core::FromMillis(0), now + kYear, now});
  EXPECT_THAT(DetailsInOrder(), ElementsAreArray({"1", "2", "3", "4", "5", "6", "7", "8", "9"}));
  const auto head = VerifyChain();
  ASSERT_TRUE(head) << head.error().what;
  EXPECT_EQ(head->signed_seq, 9u);
}

TEST_F(Order, IsTheSameWhereTheClockIsSteady) {  // the control
  const core::Instant now = platform::WallTime();
  NoteAt({now, now + core::Seconds{1}, now + core::Seconds{2}});
  EXPECT_THAT(DetailsInOrder(), ElementsAreArray({"1", "2", "3"}));
  EXPECT_TRUE(VerifyChain());
}

// A part of the chain is asked for by number, not by time.
TEST_F(Order, LetsReadersGoOnBehindANumber) {
  const core::Instant now = platform::WallTime();
  NoteAt({now, now - core::Seconds{3600}, now + core::Seconds{3600}});
  auto records = store_->RecordsAfter(1, 1);
  ASSERT_TRUE(records);
  ASSERT_EQ(records->size(), 1u);
  EXPECT_EQ(records->front().seq, 2u);
}

}  // namespace
}  // namespace daypass::agent
