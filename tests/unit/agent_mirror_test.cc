// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/mirror.h"

#include <gmock/gmock.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>

namespace daypass::agent {
namespace {

using core::Error;
using core::Millis;
using core::Reason;
using core::Result;
using std::chrono::steady_clock;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// A store of records in memory.
class Records final : public RecordSource {
 public:
  void Add(size_t count) {
    for (size_t i = 0; i < count; ++i) {
      wire::Record record;
      record.realm = std::string(32, 'a');
      record.seq = bytes_.size() + 1;
      record.prev = wire::kNoPrev;
      record.host = "web-1";
      record.boot_id = std::string(32, 'b');
      record.clock = "anchored";
      record.event = "agent.started";
      bytes_.push_back(wire::EncodeRecord(record));
    }
  }
  void Damage(size_t seq) { bytes_.at(seq - 1) = "{"; }

  Result<std::vector<wire::StoredRecord>> After(uint64_t seq, size_t max) override {
    if (is_away) return Error{Reason::kStoreUnavailable, "away", {}};
    std::vector<wire::StoredRecord> found;
    for (size_t i = seq; i < bytes_.size() && found.size() < max; ++i) {
      found.push_back({i + 1, bytes_[i], ""});
    }
    return found;
  }
  Result<uint64_t> LoadMirrorCursor() override { return cursor; }
  Result<void> SaveMirrorCursor(uint64_t seq) override {
    ++saves;
    if (is_full) return Error{Reason::kStoreUnavailable, "full", {}};
    cursor = seq;
    return {};
  }

  uint64_t cursor = 0;
  int saves = 0;
  bool is_away = false;
  bool is_full = false;

 private:
  std::vector<std::string> bytes_;
};

class MirrorTest : public testing::Test {
 protected:
  void SetUp() override {
    auto loop = platform::EventLoop::Make();
    ASSERT_TRUE(loop);
    loop_ = std::make_unique<platform::EventLoop>(*std::move(loop));
    Restart();
  }
  void Restart() {
    mirror_ = std::make_unique<Mirror>(*loop_, records_, [this](auto fields) -> Result<void> {
      ++attempts_;
      if (is_journald_away_) return Error{Reason::kInternal, "no journald", {}};
      std::map<std::string, std::string> entry;
      for (const platform::JournalField& field : fields) {
        entry.emplace(field.name, field.value);
      }
      sent_.push_back(std::stoull(entry.at("DAYPASS_SEQ")));
      last_ = std::move(entry);
      return {};
    });
  }
  template <typename Condition>
  [[nodiscard]] bool RunUntil(Condition condition, Millis patience = Millis{5000}) {
    const auto end = steady_clock::now() + patience;
    while (!condition() && steady_clock::now() < end) EXPECT_TRUE(loop_->RunOnce(Millis{10}));
    return condition();
  }

  std::unique_ptr<platform::EventLoop> loop_;
  Records records_;
  bool is_journald_away_ = false;
  int attempts_ = 0;
  std::vector<uint64_t> sent_;
  std::map<std::string, std::string> last_;
  std::unique_ptr<Mirror> mirror_;
};

TEST_F(MirrorTest, SendsEachRecordOnceAndInOrder) {
  records_.Add(2);
  mirror_->Wake();
  EXPECT_THAT(sent_, IsEmpty()) << "sends from inside a commit";
  ASSERT_TRUE(RunUntil([&] { return sent_.size() == 2; }));
  records_.Add(1);
  mirror_->Wake();
  mirror_->Wake();
  ASSERT_TRUE(RunUntil([&] { return sent_.size() == 3; }));
  EXPECT_FALSE(RunUntil([&] { return sent_.size() > 3; }, Millis{50}));
  EXPECT_THAT(sent_, ElementsAre(1, 2, 3));
  EXPECT_EQ(last_.at("DAYPASS_EVENT"), "agent.started");
  EXPECT_EQ(mirror_->cursor(), 3u);
  EXPECT_FALSE(mirror_->fault());
}

TEST_F(MirrorTest, LetsOthersGoFirst) {
  records_.Add(1000);
  mirror_->Wake();
  ASSERT_TRUE(loop_->RunOnce(Millis{0}));
  EXPECT_LT(sent_.size(), 100u) << "one turn of the loop sends everything";
  bool had_turn = false;
  auto urgent = loop_->Defer([&] { had_turn = true; });
  ASSERT_TRUE(loop_->RunOnce(Millis{0}));
  EXPECT_TRUE(had_turn);
  EXPECT_TRUE(RunUntil([&] { return sent_.size() == 1000; }));
}

TEST_F(MirrorTest, SavesItsCursorSoonButNotForEachRecord) {
  records_.Add(100);
  mirror_->Wake();
  ASSERT_TRUE(RunUntil([&] { return sent_.size() == 100; }));
  EXPECT_EQ(records_.saves, 0) << "a commit is followed by another fsync";
  EXPECT_TRUE(RunUntil([&] { return records_.cursor == 100; }, Millis{2000}));
  EXPECT_EQ(records_.saves, 1);
}

// LG-10
TEST_F(MirrorTest, GoesOnWhereItWasAfterARestart) {
  records_.Add(2);
  mirror_->Wake();
  ASSERT_TRUE(RunUntil([&] { return sent_.size() == 2; }));
  ASSERT_TRUE(mirror_->Flush());
  Restart();
  records_.Add(1);
  mirror_->Wake();
  ASSERT_TRUE(RunUntil([&] { return sent_.size() == 3; }));
  EXPECT_THAT(sent_, ElementsAre(1, 2, 3));
}

TEST_F(MirrorTest, RepeatsAfterACrashRatherThanLosing) {
  records_.Add(2);
  mirror_->Wake();
  ASSERT_TRUE(RunUntil([&] { return sent_.size() == 2; }));
  Restart();  // before the cursor was saved
  mirror_->Wake();
  ASSERT_TRUE(RunUntil([&] { return sent_.size() == 4; }));
  EXPECT_THAT(sent_, ElementsAre(1, 2, 1, 2));
}

// LG-09, LG-10
TEST_F(MirrorTest, WaitsForJournaldAndThenSendsWhatWasMissed) {
  is_journald_away_ = true;
  records_.Add(1);
  mirror_->Wake();
  ASSERT_TRUE(RunUntil([&] { return attempts_ == 1; }));
  ASSERT_TRUE(mirror_->fault());
  EXPECT_EQ(mirror_->fault()->what, "no journald");
  for (int commit = 0; commit < 20; ++commit) {
    records_.Add(1);
    mirror_->Wake();
    static_cast<void>(loop_->RunOnce(Millis{1}));
  }
  EXPECT_EQ(attempts_, 1) << "every commit tries again";
  EXPECT_EQ(records_.cursor, 0u);
  is_journald_away_ = false;
  ASSERT_TRUE(RunUntil([&] { return sent_.size() == 21; }));
  EXPECT_EQ(sent_.front(), 1u);
  EXPECT_FALSE(mirror_->fault());
}

TEST_F(MirrorTest, WaitsLongerEachTime) {
  is_journald_away_ = true;
  records_.Add(1);
  mirror_->Wake();
  ASSERT_TRUE(RunUntil([&] { return attempts_ == 1; }));
  const auto first = steady_clock::now();
  ASSERT_TRUE(RunUntil([&] { return attempts_ == 2; }));
  const auto second = steady_clock::now();
  ASSERT_TRUE(RunUntil([&] { return attempts_ == 3; }));
  EXPECT_GT(steady_clock::now() - second, (second - first) + Millis{500});
}

TEST_F(MirrorTest, WaitsForAStoreThatCannotBeRead) {
  records_.Add(1);
  records_.is_away = true;
  mirror_->Wake();
  ASSERT_TRUE(RunUntil([&] { return mirror_->fault().has_value(); }));
  records_.is_away = false;
  EXPECT_TRUE(RunUntil([&] { return sent_.size() == 1; }));
}

TEST_F(MirrorTest, SaysThatARecordCannotBeReadAndGoesOn) {
  records_.Add(2);
  records_.Damage(1);
  mirror_->Wake();
  ASSERT_TRUE(RunUntil([&] { return sent_.size() == 2; }));
  EXPECT_THAT(sent_, ElementsAre(1, 2));

  records_.Add(1);
  records_.Damage(3);
  mirror_->Wake();
  ASSERT_TRUE(RunUntil([&] { return sent_.size() == 3; }));
  EXPECT_EQ(last_.at("DAYPASS_EVENT"), "store.damaged");
  EXPECT_THAT(last_.at("MESSAGE"), HasSubstr("record 3 cannot be read"));
  EXPECT_EQ(last_.at("PRIORITY"), "2");
}

TEST_F(MirrorTest, SendsTheRestBeforeTheProgramEnds) {
  records_.Add(70);
  ASSERT_TRUE(mirror_->Flush());
  EXPECT_THAT(sent_, SizeIs(70));
  EXPECT_EQ(records_.cursor, 70u);
}

TEST_F(MirrorTest, TriesAgainToSaveItsCursor) {
  records_.is_full = true;
  records_.Add(1);
  mirror_->Wake();
  ASSERT_TRUE(RunUntil([&] { return records_.saves == 1; }));
  EXPECT_FALSE(mirror_->Flush());
  records_.is_full = false;
  records_.Add(1);
  mirror_->Wake();
  EXPECT_TRUE(RunUntil([&] { return records_.cursor == 2; }));
}

}  // namespace
}  // namespace daypass::agent
