// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The store on a real SQLite file.
#include "server/store/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/store/approvals.h"
#include "server/store/challenges.h"
#include "server/store/changes.h"
#include "server/store/hosts.h"
#include "server/store/join_tokens.h"
#include "server/store/policies.h"
#include "server/store/records.h"
#include "server/store/requests.h"
#include "server/store/revocations.h"
#include "server/store/sessions.h"
#include "server/store/sql.h"
#include "wire_fixture.h"

namespace daypass::server {
namespace {

Requests::Filter Pending() {
  Requests::Filter filter;
  filter.pending = true;
  return filter;
}

using core::Error;
using core::FromMillis;
using core::Reason;
using core::Result;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr core::Instant kNow = FromMillis(1'800'000'000'000);
constexpr std::chrono::seconds kSecond{1};

class StoreTest : public testing::Test {
 protected:
  StoreTest() { Reopen(); }

  void Reopen() {
    store_.reset();
    auto store = Store::Open(folder_.path("server.db"));
    ASSERT_TRUE(store) << store.error().what;
    store_ = std::make_unique<Store>(std::move(*store));
    store_->OnCommit([this](const std::string& topic) { woken_.push_back(topic); });
  }

  /// Runs `work` and commits.
  template <typename Work>
  void Commit(Work work, core::Instant now = kNow) {
    auto done = store_->Transact(now, [&](Tx& tx) -> Result<void> {
      work(tx);
      return {};
    });
    ASSERT_TRUE(done) << done.error().what;
  }

  static HostRow Host(const std::string& name) {
    return {.name = name,
            .labels = {{"tier", "web"}, {"zone", ""}},
            .host_key = "ssh-ed25519 A",
            .tls_key = "k1",
            .tls_key_before = "",
            .chain = 1,
            .enrolled = kNow,
            .last_seen = kNow,
            .policy_version = 0};
  }

  static RequestRow Request(const std::string& id) {
    RequestRow row;
    row.id = id;
    row.short_id = "g-" + id;
    row.statement = "{\"exact\":  \"bytes\"}";
    row.requested_by = "alice";
    row.created = kNow;
    row.start_by = kNow + 60 * kSecond;
    row.ends = kNow + 120 * kSecond;
    return row;
  }

  wire::TempDir folder_;
  std::unique_ptr<Store> store_;
  std::vector<std::string> woken_;
};

TEST_F(StoreTest, KeepsWhatWasCommittedWhenItIsOpenedAgain) {
  Commit([](Tx& tx) { Policies(tx).Add({9007199254740993ULL, "d", "envelope\n", kNow}); });
  Reopen();
  Commit([](Tx& tx) {
    const auto row = Policies(tx).Newest();
    ASSERT_TRUE(row);
    EXPECT_EQ(row->version, 9007199254740993ULL) << "a number that an int or a double would cut";
    EXPECT_EQ(row->envelope, "envelope\n");
    EXPECT_EQ(row->taken, kNow);
  });
}

TEST_F(StoreTest, UndoesEverythingWhenTheWorkFailsAndWakesNobody) {
  Commit([](Tx& tx) { Hosts(tx).Save(Host("web-1")); });
  auto failed = store_->Transact(kNow, [](Tx& tx) -> Result<int> {
    Changes(tx).MarkAllHosts();
    Policies(tx).Add({1, "d", "e", kNow});
    return Error{Reason::kConflict, "changed my mind", {}};
  });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().what, "changed my mind");
  EXPECT_THAT(woken_, IsEmpty());
  Commit([](Tx& tx) {
    EXPECT_FALSE(Policies(tx).Newest());
    EXPECT_EQ(Changes(tx).CursorOf("web-1"), 0U);
  });
}

TEST_F(StoreTest, SaysThatTheStoreFailedWhenTheDatabaseRefuses) {
  Commit([](Tx& tx) { Policies(tx).Add({1, "d", "e", kNow}); });
  auto twice = store_->Transact(kNow, [](Tx& tx) -> Result<void> {
    Policies(tx).Add({1, "other", "e", kNow});
    return {};
  });
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().code, Reason::kStoreUnavailable);
  EXPECT_EQ(twice.error().what.find("other"), std::string::npos) << "values stay out of the log";
}

TEST_F(StoreTest, GoesOnAfterWorkThatThrew) {
  EXPECT_THROW((void)store_->Transact(kNow,
                                      [](Tx& tx) -> Result<void> {
                                        Policies(tx).Add({1, "d", "e", kNow});
                                        throw std::bad_alloc();
                                      }),
               std::bad_alloc);
  Commit([](Tx& tx) { EXPECT_FALSE(Policies(tx).Newest()); });
}

TEST_F(StoreTest, IsDurableAtCommit) {
  Commit([](Tx& tx) {
    std::string mode;
    uint64_t synchronous = 0;
    Sql(tx, "PRAGMA journal_mode").Into(mode).Fetch();
    Sql(tx, "PRAGMA synchronous").Into(synchronous).Fetch();
    EXPECT_EQ(mode, "wal");
    EXPECT_EQ(synchronous, 2U) << "FULL";
  });
}

TEST_F(StoreTest, RefusesAFileThatANewerProgramHasWritten) {
  Commit([](Tx& tx) { Sql(tx, "UPDATE schemas SET version = 99 WHERE noun = 'hosts'").Run(); });
  store_.reset();
  auto opened = Store::Open(folder_.path("server.db"));
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().what, testing::HasSubstr("\"hosts\" has schema 99"));
}

TEST_F(StoreTest, LetsAnotherProcessWaitInsteadOfFailing) {
  auto other = Store::Open(folder_.path("server.db"));
  ASSERT_TRUE(other);
  auto added = other->Transact(kNow, [](Tx& tx) -> Result<void> {
    Policies(tx).Add({1, "d", "e", kNow});
    return {};
  });
  ASSERT_TRUE(added);
  Commit([](Tx& tx) { EXPECT_TRUE(Policies(tx).Find(1)); });
}

TEST_F(StoreTest, GivesAJoinTokenOnceForItsHostWithinItsHour) {
  const JoinTokenRow token{"digest", "web-1", "dave", kNow + 3600 * kSecond};
  Commit([&](Tx& tx) { JoinTokens(tx).Add(token); });
  Commit([](Tx& tx) { EXPECT_FALSE(JoinTokens(tx).Take("digest", "web-2")); });
  Commit([](Tx& tx) { EXPECT_FALSE(JoinTokens(tx).Take("digest", "web-1")); },
         kNow + 3600 * kSecond);
  Commit([](Tx& tx) {
    EXPECT_TRUE(JoinTokens(tx).Take("digest", "web-1"));
    EXPECT_FALSE(JoinTokens(tx).Take("digest", "web-1"));
  });
}

TEST_F(StoreTest, GivesAChallengeOnce) {
  Commit([](Tx& tx) { EXPECT_TRUE(Challenges(tx).Add("c", kNow + kSecond)); });
  Commit([](Tx& tx) { EXPECT_FALSE(Challenges(tx).Take("c")); }, kNow + kSecond);
  Commit([](Tx& tx) {
    EXPECT_TRUE(Challenges(tx).Take("c"));
    EXPECT_FALSE(Challenges(tx).Take("c"));
  });
}

TEST_F(StoreTest, EndsSessionsAtTheirTimeAndByPerson) {
  Commit([](Tx& tx) {
    Sessions(tx).Add({"t1", "alice", "SHA256:a", kNow + kSecond});
    Sessions(tx).Add({"t2", "bob", "SHA256:b", kNow + 9 * kSecond});
    EXPECT_EQ(Sessions(tx).Find("t1")->person, "alice");
    EXPECT_FALSE(Sessions(tx).Find("t3"));
  });
  Commit([](Tx& tx) { EXPECT_FALSE(Sessions(tx).Find("t1")); }, kNow + kSecond);
  Commit([](Tx& tx) {
    Sessions(tx).EndAllOf("bob");
    EXPECT_FALSE(Sessions(tx).Find("t2"));
  });
}

TEST_F(StoreTest, RemembersHostsWithTheirLabels) {
  Commit([](Tx& tx) {
    Hosts(tx).Save(Host("web-1"));
    HostRow anew = Host("web-1");
    anew.chain = 2;
    Hosts(tx).Save(anew);
    const auto row = Hosts(tx).Find("web-1");
    ASSERT_TRUE(row);
    EXPECT_EQ(row->chain, 2U);
    EXPECT_EQ(row->labels, Host("").labels);
    EXPECT_FALSE(Hosts(tx).Find("web-2"));
    EXPECT_EQ(Hosts(tx).All().size(), 1U);
  });
}

TEST_F(StoreTest, CountsChangesUpwardsAndWakesThoseConcerned) {
  Commit([](Tx& tx) {
    Hosts(tx).Save(Host("web-1"));
    Hosts(tx).Save(Host("web-2"));
  });
  Commit([](Tx& tx) { EXPECT_EQ(Changes(tx).MarkHosts(std::vector<std::string>{"web-2"}), 1U); });
  EXPECT_THAT(woken_, ElementsAre("web-2"));
  Commit([](Tx& tx) {
    EXPECT_EQ(Changes(tx).CursorOf("web-1"), 0U);
    EXPECT_EQ(Changes(tx).CursorOf("web-2"), 1U);
    EXPECT_EQ(Changes(tx).MarkAllHosts(), 2U);
  });
  EXPECT_THAT(woken_, ElementsAre("web-2", "web-1", "web-2"));
}

TEST_F(StoreTest, FindsRequestsByBothIdsInTheirExactBytes) {
  Commit([](Tx& tx) { Requests(tx).Add(Request("a"), {"web-1"}); });
  Commit([](Tx& tx) {
    EXPECT_EQ(Requests(tx).Find("a")->statement, "{\"exact\":  \"bytes\"}");
    EXPECT_EQ(Requests(tx).Find("g-a")->id, "a");
    EXPECT_FALSE(Requests(tx).Find("b"));
    EXPECT_EQ(Requests(tx).CountPending("", "alice"), 1U);
  });
}

TEST_F(StoreTest, ReadsAPendingRequestAsExpiredFromItsStartBy) {
  Commit([](Tx& tx) { Requests(tx).Add(Request("a"), {"web-1"}); });
  Commit([](Tx& tx) { EXPECT_EQ(Requests(tx).Find("a")->state, RequestState::kPending); },
         kNow + 60 * kSecond - core::Millis(1));
  Commit(
      [](Tx& tx) {
        EXPECT_EQ(Requests(tx).Find("a")->state, RequestState::kExpired);
        EXPECT_THAT(Requests(tx).List(Pending()), IsEmpty());
      },
      kNow + 60 * kSecond);
}

TEST_F(StoreTest, HandsAHostItsOwnGrantsUntilTheirEndOrRevocation) {
  Commit([](Tx& tx) {
    for (const char* id : {"a", "b", "c"}) {
      RequestRow row = Request(id);
      Requests(tx).Add(row, {"web-1"});
      row.state = RequestState::kApproved;
      row.changed = id[0] == 'a' ? 5 : 6;
      if (id[0] != 'c') Requests(tx).SaveState(row);  // c stays pending
    }
  });
  const auto ids = [](const std::vector<RequestRow>& rows) {
    std::vector<std::string> list;
    for (const RequestRow& row : rows) list.push_back(row.id);
    return list;
  };
  Commit([&](Tx& tx) {
    EXPECT_THAT(ids(Requests(tx).GrantsToHold("web-1", 0)), ElementsAre("a", "b"));
    EXPECT_THAT(ids(Requests(tx).GrantsToHold("web-1", 5)), ElementsAre("b"));
    EXPECT_THAT(ids(Requests(tx).GrantsToHold("web-2", 0)), IsEmpty());
    Revocations(tx).AddGrant({"a", "bob", "enough", kNow});
    EXPECT_THAT(ids(Requests(tx).GrantsToHold("web-1", 0)), ElementsAre("b"));
    EXPECT_EQ(Requests(tx).Grants("").size(), 2U);
    EXPECT_EQ(Revocations(tx).OfHost("web-1").size(), 1U);
    EXPECT_THAT(Revocations(tx).OfHost("web-2"), IsEmpty());
  });
  Commit(
      [&](Tx& tx) {
        EXPECT_THAT(Requests(tx).GrantsToHold("web-1", 0), IsEmpty());
        EXPECT_THAT(Revocations(tx).OfHost("web-1"), IsEmpty()) << "nothing left to subtract from";
      },
      kNow + 120 * kSecond);
}

TEST_F(StoreTest, KeepsOneApprovalPerPersonAndTheFirstRevocation) {
  Commit([](Tx& tx) {
    Requests(tx).Add(Request("a"), {"web-1"});
    Approvals(tx).Save({"a", "bob", "SHA256:1", "sig1", kNow});
    Approvals(tx).Save({"a", "bob", "SHA256:2", "sig2", kNow + kSecond});
    ASSERT_EQ(Approvals(tx).Of("a").size(), 1U);
    EXPECT_EQ(Approvals(tx).Of("a").front().signature, "sig2");
    Revocations(tx).AddGrant({"a", "bob", "first", kNow});
    Revocations(tx).AddGrant({"a", "carol", "second", kNow});
    EXPECT_EQ(Revocations(tx).OfGrant("a")->by, "bob");
  });
}

TEST_F(StoreTest, KeepsEachChainOfRecordsApartAndItsFaults) {
  Commit([](Tx& tx) {
    Records first(tx, {"web-1", 1});
    Records second(tx, {"web-1", 2});
    first.Add({1, "one", ""}, "d1");
    first.Add({2, "two", "sig"}, "d2");
    EXPECT_EQ(first.Head().seq, 2U);
    EXPECT_EQ(first.Head().digest, "d2");
    EXPECT_EQ(second.Head().seq, 0U);
    EXPECT_EQ(first.DigestOf(1), "d1");
    EXPECT_FALSE(first.DigestOf(3));
    EXPECT_FALSE(first.NewestFault());
    for (uint64_t seq = 1; seq <= 200; ++seq) first.AddFault({"gap", seq, "bytes", kNow});
    EXPECT_EQ(first.NewestFault()->seq, 100U) << "a host cannot fill the disk with them";
  });
}

}  // namespace
}  // namespace daypass::server
