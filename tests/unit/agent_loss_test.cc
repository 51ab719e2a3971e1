// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// AG-18: whatever happens to the bytes of a store, the agent starts again without anybody's hand:
// with the store as it was, or with a new one, after the damaged one was set aside. Neither revives
// a grant. DAYPASS_ROUNDS: how many kinds of damage are tried; each is made from its number alone.
#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>

#include "agent/store_rescue.h"
#include "platform/file.h"
#include "tests/unit/agent_past_fixture.h"

namespace daypass::agent {
namespace {

using testing::HasSubstr;

size_t Rounds() {
  const char* const rounds = std::getenv("DAYPASS_ROUNDS");  // NOLINT(concurrency-mt-unsafe)
  return rounds != nullptr ? std::strtoull(rounds, nullptr, 10) : 300;
}

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

void WriteAll(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

/// Changes `bytes` somewhere, in a way that the number says.
std::string Damage(std::string& bytes, std::mt19937_64& random) {
  constexpr size_t kPage = 4096;
  const auto below = [&](size_t end) { return end == 0 ? 0 : random() % end; };
  const size_t at = below(bytes.size());
  const size_t page = at / kPage * kPage;
  const size_t rest = std::min(kPage, bytes.size() - page);
  switch (random() % 6) {
    case 0:
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
      return "bit at " + std::to_string(at);
    case 1:
      for (size_t i = at; i < std::min(at + 64, bytes.size()); ++i) {
        bytes[i] = static_cast<char>(random());
      }
      return "64 random bytes at " + std::to_string(at);
    case 2:
      for (size_t i = page; i < page + rest; ++i) bytes[i] = static_cast<char>(random());
      return "random page at " + std::to_string(page);
    case 3:
      bytes.replace(page, rest, rest, '\0');
      return "zeroed page at " + std::to_string(page);
    case 4:
      bytes.resize(at);
      return "cut off at " + std::to_string(at);
    default:
      bytes.assign(bytes.size(), '\0');
      return "all zeroed";
  }
}

class Loss : public PastTest {
 protected:
  std::string path() const { return folder_ + "/agent.db"; }

  /// As the decider starts. Returns what was lost; empty: nothing.
  std::string StartAfterDamage() {
    auto opened = OpenOrReplaceStore(path());
    EXPECT_TRUE(opened) << opened.error().what;
    if (!opened) return "cannot start: " + opened.error().what;
    Start(std::move(opened->store));
    return opened->loss;
  }

  /// The files as they were kept when the agent was killed, or had ended by itself.
  void PutBack(const std::string& kept) {
    for (const auto& left : std::filesystem::directory_iterator(folder_)) {
      if (left.is_regular_file()) std::filesystem::remove(left.path());
    }
    for (const auto& file : std::filesystem::directory_iterator(folder_ + kept)) {
      std::filesystem::copy_file(file.path(), folder_ + "/" + file.path().filename().string());
    }
  }
  std::string DamageFile(const std::string& file, std::mt19937_64& random) {
    std::string bytes = ReadAll(folder_ + file);
    std::string how = file + ": " + Damage(bytes, random);
    WriteAll(folder_ + file, bytes);
    return how;
  }

  /// Grants that this start left out. Records of before may be damaged.
  size_t CountLeftOut() {
    size_t count = 0;
    auto records = store_->RecordsAfter(past_seq_, 1000);
    EXPECT_TRUE(records) << "new records stand behind the damage";
    if (!records) return 0;
    for (const wire::StoredRecord& stored : *records) {
      const auto record = wire::ParseRecord(stored.bytes);
      if (record && record->event == "grant.refused") ++count;
    }
    return count;
  }

  /// Nothing that was over is open, and what was held is as it was or gone.
  void ExpectNothingRevived(const std::string& loss) {
    for (const char* name : {"revoked", "dropped", "ended", "used"}) {
      EXPECT_FALSE(Allows(name)) << name;
    }
    if (loss.empty()) {
      // A grant whose own bytes are damaged is left out by its signatures, and that is recorded.
      EXPECT_EQ(holdings_->grants().size() + CountLeftOut(), kNames.size());
      if (holdings_->grants().size() < kNames.size()) return;
      EXPECT_TRUE(Allows("open"));
      EXPECT_EQ(Ask("revoked").reason, core::Reason::kRevoked);
      EXPECT_EQ(Ask("ended").reason, core::Reason::kExpired);
      return;
    }
    EXPECT_EQ(holdings_->policy(), nullptr);
    EXPECT_TRUE(holdings_->grants().empty());
    EXPECT_EQ(ledger_->last_seq(), 0u) << "a new chain";
  }

  /// Policy and status come again, and every old grant: none is taken; a new one is.
  void ExpectAnewFromHere() {
    revoked_.clear();  // not even the server's word is there any more
    MakeReady();
    for (const char* name : kNames) {
      auto refused = ImportGrant(envelopes_.at(name));
      ASSERT_FALSE(refused) << name;
      EXPECT_EQ(refused.error().code, core::Reason::kRollback) << name;
      EXPECT_FALSE(Allows(name));
    }
    Take("new");
    EXPECT_TRUE(Allows("new"));
    EXPECT_TRUE(VerifyChain());
  }

  uint64_t past_seq_ = 0;
};

TEST_F(Loss, RevivesNothingWhateverBytesAreDamaged) {
  MakePast();
  past_seq_ = ledger_->last_seq();
  CopyFiles(folder_ + "/killed");
  Stop();
  CopyFiles(folder_ + "/ended");
  size_t set_aside = 0;
  for (size_t round = 0; round < Rounds(); ++round) {
    std::mt19937_64 random(round);
    Stop();
    const bool is_log = random() % 4 == 0;
    PutBack(is_log || random() % 4 == 0 ? "/killed" : "/ended");
    SCOPED_TRACE("round " + std::to_string(round));
    SCOPED_TRACE(DamageFile(is_log ? "/agent.db-wal" : "/agent.db", random));
    const std::string loss = StartAfterDamage();
    ASSERT_THAT(loss, testing::Not(HasSubstr("cannot start")));
    ExpectNothingRevived(loss);
    if (loss.empty()) continue;
    ++set_aside;
    EXPECT_TRUE(platform::FileExists(path() + ".aside-1"));
    EXPECT_TRUE(platform::FileExists(path() + ".damaged")) << "until the loss is recorded";
    ASSERT_TRUE(ForgetLoss(path()));
    if (round % 10 == 0) ExpectAnewFromHere();
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(set_aside, Rounds() / 4);
}

// Each row that is left has its seal; the page itself must tell that one is missing.
TEST_F(Loss, MissesARowThatItsPageDoesNotCountAnyMore) {
  MakePast();
  Stop();
  size_t page = 0;
  {
    auto database = platform::Database::Open(path());
    ASSERT_TRUE(database);
    auto root = database->Prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'revocations'");
    ASSERT_TRUE(root && *root->Step());
    page = 4096 * (root->Uint64(0) - 1);
  }
  std::string bytes = ReadAll(path());
  ASSERT_EQ(bytes[page + 4], 1) << "one revocation";
  bytes[page + 4] = 0;
  WriteAll(path(), bytes);
  EXPECT_NE(StartAfterDamage(), "");
}

// After a boot there may be no index that counts the log's frames: then the log itself must tell,
// for all but the last commits.
TEST_F(Loss, FindsDamageInsideTheLogWithoutItsIndex) {
  MakePast();
  const auto past = std::filesystem::file_size(path() + "-wal");
  for (int i = 0; i < 2; ++i) Note("decision.denied");
  CopyFiles(folder_ + "/killed");
  for (size_t round = 0; round < Rounds() / 10; ++round) {
    std::mt19937_64 random(round);
    Stop();
    PutBack("/killed");
    std::filesystem::remove(path() + "-shm");
    std::string bytes = ReadAll(path() + "-wal");
    const size_t at = 32 + random() % (past - 32);
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    WriteAll(path() + "-wal", bytes);
    EXPECT_NE(StartAfterDamage(), "") << "a bit at " << at;
    ASSERT_TRUE(ForgetLoss(path()));
  }
}

// The control of all of these: the same stop and start without damage.
TEST_F(Loss, KeepsEverythingOfAStoreThatIsWhole) {
  MakePast();
  const uint64_t seq = ledger_->last_seq();
  Stop();
  EXPECT_EQ(StartAfterDamage(), "");
  ExpectNothingRevived("");
  EXPECT_EQ(ledger_->last_seq(), seq);
  auto again = ImportGrant(envelopes_.at("open"));
  EXPECT_TRUE(again) << again.error().what;
}

TEST_F(Loss, TakesGrantsFromBeforeNoMoreWhenTheFileIsGone) {
  MakePast();
  Stop();
  std::filesystem::remove(path());
  EXPECT_EQ(StartAfterDamage(), "") << "nothing says that there was one";
  ExpectAnewFromHere();
}

TEST_F(Loss, RemembersUntilItIsToldThatItIsRecorded) {
  MakePast();
  Stop();
  WriteAll(path(), std::string(8192, 'x'));
  EXPECT_THAT(StartAfterDamage(), HasSubstr("header is damaged"));
  Stop();  // killed before the record
  EXPECT_THAT(StartAfterDamage(), HasSubstr("header is damaged"));
  ASSERT_TRUE(ForgetLoss(path()));
  Stop();
  EXPECT_EQ(StartAfterDamage(), "");
}

TEST_F(Loss, SetsAsideAtTheNextStartWhatIsFoundWhileItRuns) {
  MakePast();
  ASSERT_TRUE(MarkDamaged(path(), "page 7 cannot be read"));
  Stop();
  EXPECT_THAT(StartAfterDamage(), HasSubstr("page 7 cannot be read; set aside as " + path()));
  EXPECT_TRUE(holdings_->grants().empty());
}

TEST_F(Loss, LeavesAnotherVersionsStoreAlone) {
  MakePast();
  ASSERT_TRUE(store_->Set("schema", "99"));
  Stop();
  {
    auto database = platform::Database::Open(path());
    ASSERT_TRUE(database && database->Exec("PRAGMA user_version = 99"));
  }
  auto refused = OpenOrReplaceStore(path());
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().what, HasSubstr("another version"));
  EXPECT_FALSE(platform::FileExists(path() + ".aside-1"));
}

TEST_F(Loss, FillsNoDiskWithStoresThatBreakAgainAndAgain) {
  for (int i = 0; i < 12; ++i) {
    Stop();
    WriteAll(path(), "broken " + std::to_string(i));
    StartAfterDamage();
    ASSERT_TRUE(ForgetLoss(path()));
  }
  EXPECT_EQ(ReadAll(path() + ".aside-1"), "broken 0") << "the first says most";
  EXPECT_FALSE(platform::FileExists(path() + ".aside-10"));
}

}  // namespace
}  // namespace daypass::agent
