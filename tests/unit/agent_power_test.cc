// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Power cuts: at any moment of the store's life the disk keeps what was synced and, of the rest,
// nothing, all, or some sectors. Whatever a commit has promised is there when it is opened again.
// DAYPASS_ROUNDS: how many moments; for the log cut off, 0 is every byte.
#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>

#include "agent/store_rescue.h"
#include "platform/file.h"
#include "tests/unit/agent_disk.h"
#include "tests/unit/agent_past_fixture.h"

namespace daypass::agent {
namespace {

size_t Rounds(size_t otherwise) {
  const char* const rounds = std::getenv("DAYPASS_ROUNDS");  // NOLINT(concurrency-mt-unsafe)
  return rounds != nullptr ? std::strtoull(rounds, nullptr, 10) : otherwise;
}

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// What was promised at some moment.
struct Promise {
  size_t at = 0;  ///< so many operations of the disk had been done
  uint64_t seq = 0;
  std::vector<std::string> over;  ///< grants that must never be open again
};

class Power : public PastTest {
 protected:
  std::string path() const { return folder_ + "/agent.db"; }

  void Promised(size_t at) {
    Promise promise{at, ledger_->last_seq(), {}};
    for (const auto& [name, id] : ids_) {
      if (!Allows(name)) promise.over.push_back(name);
    }
    promises_.push_back(std::move(promise));
  }
  const Promise& LastPromiseBefore(size_t at) const {
    const auto next = std::ranges::upper_bound(promises_, at, {}, &Promise::at);
    return *std::prev(next);
  }

  /// As after every thousand pages: the log goes into the file and is begun anew.
  void FoldLog() {
    auto other = platform::Database::Open(path());
    ASSERT_TRUE(other);
    auto fold = other->Prepare("PRAGMA wal_checkpoint(RESTART)");
    ASSERT_TRUE(fold && fold->Step());
    ASSERT_EQ(fold->Int64(0), 0) << "was kept from it";
  }

  void StartFrom(const ReplayedDisk::Files& files) {
    for (const char* part : {"", "-wal", "-shm"}) std::filesystem::remove(path() + part);
    for (const auto& [name, bytes] : files) {
      std::ofstream(name, std::ios::binary) << bytes;
      ASSERT_EQ(chmod(name.c_str(), 0600), 0);
    }
    auto opened = OpenOrReplaceStore(path());
    ASSERT_TRUE(opened) << opened.error().what;
    ASSERT_EQ(opened->loss, "") << "a power cut is no damage";
    Start(std::move(opened->store));
  }

  void ExpectKept(const Promise& promise) {
    EXPECT_GE(ledger_->last_seq(), promise.seq) << "a record that was promised is gone";
    const auto head = VerifyChain();
    ASSERT_TRUE(head) << head.error().what;
    EXPECT_EQ(head->seq, ledger_->last_seq());
    EXPECT_EQ(head->signed_seq, head->seq) << "half of a commit";
    for (const std::string& name : promise.over) EXPECT_FALSE(Allows(name)) << name;
  }

  std::vector<Promise> promises_;
};

// AG-02: no manual repair, and nothing that was promised is lost.
TEST_F(Power, LosesNothingThatACommitHasPromised) {
  Stop();
  ReplayedDisk::Files before{{path(), ReadAll(path())}};
  RecordingDisk disk;
  Start();
  const auto promised = [&] { Promised(disk.ops().size()); };
  promised();
  ledger_->on_commit = promised;
  MakePast();
  for (int i = 0; i < 3; ++i) {
    FoldLog();
    for (int j = 0; j < 10; ++j) Note("decision.denied", std::string(3'000, 'x'));
  }
  Latch("open", [](core::Latch& latch) { latch.dropped = true; });
  ledger_->on_commit = nullptr;
  promised();
  Stop();
  const size_t count = disk.ops().size();
  ASSERT_TRUE(std::ranges::any_of(disk.ops(), [&](const DiskOp& op) {
    return op.file == path() && op.kind == DiskOp::Kind::kSync;
  })) << "the log was never folded into the file";

  std::mt19937_64 random(1);
  std::vector<size_t> moments;
  for (size_t i = 0; i < Rounds(150); ++i) moments.push_back(random() % (count + 1));
  std::ranges::sort(moments);
  ReplayedDisk replayed(std::move(before));
  for (const size_t at : moments) {
    replayed.PlayTo(disk.ops(), at);
    const auto unsynced = static_cast<ReplayedDisk::Unsynced>(random() % 3);
    SCOPED_TRACE("cut after " + std::to_string(at) + " of " + std::to_string(count));
    StartFrom(replayed.Cut(unsynced, random));
    ExpectKept(LastPromiseBefore(at));
    Stop();
    ASSERT_FALSE(HasFailure());
  }
  Start();
}

// AG-12. The control is the last length, the whole log.
TEST_F(Power, OpensAtTheLastWholeCommitWhereverTheLogEnds) {
  MakeReady();
  Take("open");
  struct End {
    size_t size;
    uint64_t seq;
  };
  std::vector<End> ends;
  Stop();  // folds the log into the file
  Start();
  ledger_->on_commit = [&] {
    ends.push_back({std::filesystem::file_size(path() + "-wal"), ledger_->last_seq()});
  };
  const uint64_t first = ledger_->last_seq();
  for (int i = 0; i < 6; ++i) Note("decision.denied");
  Latch("open", [](core::Latch& latch) { latch.dropped = true; });
  const size_t dropped = ends.back().size;
  Note("decision.denied");
  const ReplayedDisk::Files files{{path(), ReadAll(path())},
                                  {path() + "-wal", ReadAll(path() + "-wal")}};
  Stop();

  const std::string& log = files.at(path() + "-wal");
  const size_t stride = Rounds(1) == 0 ? 1 : 499;
  for (size_t length = 0; length <= log.size(); ++length) {
    const bool is_near_frame = length < 40 || (length - 32) % (24 + 4096) < 2;
    if (length % stride != 0 && !is_near_frame && length != log.size()) continue;
    SCOPED_TRACE("cut at " + std::to_string(length));
    StartFrom({{path(), files.at(path())}, {path() + "-wal", log.substr(0, length)}});
    uint64_t seq = first;
    for (const End& end : ends) {
      if (end.size <= length) seq = end.seq;
    }
    EXPECT_EQ(ledger_->last_seq(), seq);
    EXPECT_TRUE(VerifyChain());
    EXPECT_EQ(Allows("open"), length < dropped);
    Stop();
    ASSERT_FALSE(HasFailure());
  }
  Start();
}

}  // namespace
}  // namespace daypass::agent
