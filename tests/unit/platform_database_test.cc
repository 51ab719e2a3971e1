// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The database against real files: durability settings, types, transactions, other connections.
#include "platform/database.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "platform/file.h"
#include "platform_fixture.h"

namespace daypass::platform {
namespace {

using core::Reason;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kSchema[] =
    "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, key BLOB, "
    "until INTEGER) STRICT;"
    "CREATE TABLE keys (person INTEGER REFERENCES people(id)) STRICT;";

struct Store {
  TempDir folder;
  std::string path = folder / "agent.db";
  Database db = Opened();

  Database Opened() const {
    auto opened = Database::Open(path);
    EXPECT_TRUE(opened) << opened.error().what;
    return *std::move(opened);
  }
  Store() { EXPECT_TRUE(db.Exec(kSchema)); }
  int64_t Count() { return Number("SELECT count(*) FROM people"); }
  int64_t Number(const std::string& sql) {
    auto statement = db.Prepare(sql);
    EXPECT_TRUE(statement) << statement.error().what;
    EXPECT_TRUE(*statement->Step());
    return statement->Int64(0);
  }
};

TEST(Database, SurvivesPowerCutsAndTrustsNoSchema) {
  Store store;
  EXPECT_EQ(store.Number("PRAGMA synchronous"), 2);  // FULL
  EXPECT_EQ(store.Number("PRAGMA foreign_keys"), 1);
  EXPECT_EQ(store.Number("PRAGMA trusted_schema"), 0);
  EXPECT_EQ(store.Number("PRAGMA busy_timeout"), 0);
  auto mode = store.db.Prepare("PRAGMA journal_mode");
  ASSERT_TRUE(mode && *mode->Step());
  EXPECT_EQ(mode->Text(0), "wal");
}

TEST(Database, IsReadableByItsOwnerOnlyWhateverTheUmaskSays) {
  const mode_t before = umask(0);
  Store store;
  EXPECT_TRUE(store.db.Run("INSERT INTO people(name) VALUES(?)", "alice"));
  umask(before);
  for (const char* suffix : {"", "-wal", "-shm"}) {
    struct stat facts{};
    ASSERT_EQ(stat((store.path + suffix).c_str(), &facts), 0) << suffix;
    EXPECT_EQ(facts.st_mode & 0777, 0600u) << suffix;
  }
}

TEST(Database, RefusesAFileThatOthersCanReadAndASymlink) {
  const TempDir folder;
  ASSERT_TRUE(WriteFileDurably(folder / "open.db", "", {.mode = 0644}));
  const auto loose = Database::Open(folder / "open.db");
  ASSERT_FALSE(loose);
  EXPECT_EQ(loose.error().code, Reason::kPathUnsafe);
  ASSERT_EQ(symlink("elsewhere.db", (folder / "link.db").c_str()), 0);
  EXPECT_FALSE(Database::Open(folder / "link.db"));
  EXPECT_FALSE(Database::Open(folder / "none/agent.db"));
}

TEST(Database, RefusesAFileThatIsNoDatabase) {
  const TempDir folder;
  ASSERT_TRUE(WriteFileDurably(folder / "agent.db", std::string(8192, 'x'), {.mode = 0600}));
  const auto refused = Database::Open(folder / "agent.db");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Reason::kStoreUnavailable);
  EXPECT_THAT(refused.error().what, HasSubstr(folder / "agent.db"));
}

TEST(Database, KeepsWhatWasCommittedWhenItIsOpenedAgain) {
  Store store;
  ASSERT_TRUE(store.db.Run("INSERT INTO people(name) VALUES(?)", "alice"));
  Database again = store.Opened();
  auto row = again.Prepare("SELECT name FROM people");
  ASSERT_TRUE(row && *row->Step());
  EXPECT_EQ(row->Text(0), "alice");
}

TEST(Statement, KeepsEveryTypeExactly) {
  Store store;
  const std::string bytes("\0\xff zero", 7);
  const std::string text("a\0b", 3);
  ASSERT_TRUE(store.db.Run("INSERT INTO people(id, name, key, until) VALUES(?, ?, ?, ?)",
                           int64_t{INT64_MIN}, text, Blob{bytes}, std::optional<int64_t>()));
  auto row = store.db.Prepare("SELECT id, name, key, until FROM people");
  ASSERT_TRUE(row && *row->Step());
  EXPECT_EQ(row->Int64(0), INT64_MIN);
  EXPECT_EQ(row->Text(1), text);
  EXPECT_EQ(row->Text(2), bytes);
  EXPECT_TRUE(row->IsNull(3));
  EXPECT_FALSE(*row->Step());
}

TEST(Statement, BindsEmptyTextAndBytesAsEmptyAndNotAsNull) {
  Store store;
  ASSERT_TRUE(
      store.db.Run("INSERT INTO people(name, key) VALUES(?, ?)", std::string_view(), Blob{}));
  EXPECT_EQ(store.Number("SELECT name IS NOT NULL AND key IS NOT NULL FROM people"), 1);
}

TEST(Statement, TakesHostileTextAsText) {
  Store store;
  const std::string hostile = "'); DROP TABLE people; --";
  ASSERT_TRUE(store.db.Run("INSERT INTO people(name) VALUES(?)", hostile));
  EXPECT_EQ(store.Count(), 1);
}

TEST(Statement, StartsCleanEachTimeItIsPrepared) {
  Store store;
  constexpr char kInsert[] = "INSERT INTO people(name, until) VALUES(?, ?)";
  ASSERT_TRUE(store.db.Run(kInsert, "alice", int64_t{5}));
  auto again = store.db.Prepare(kInsert);
  ASSERT_TRUE(again);
  again->Bind(1, "bob");  // the second parameter is left unbound: it must not be 5
  ASSERT_FALSE(*again->Step());
  EXPECT_EQ(store.Number("SELECT until IS NULL FROM people WHERE name = 'bob'"), 1);
}

TEST(Statement, MayBeUsedWhileItRunsFurtherUpTheStack) {
  Store store;
  for (const char* name : {"alice", "bob"}) {
    ASSERT_TRUE(store.db.Run("INSERT INTO people(name) VALUES(?)", name));
  }
  std::vector<std::string> pairs;
  constexpr char kAll[] = "SELECT name FROM people ORDER BY id";
  auto outer = store.db.Prepare(kAll);
  while (*outer->Step()) {
    auto inner = store.db.Prepare(kAll);
    while (*inner->Step()) pairs.push_back(outer->Text(0) + inner->Text(0));
  }
  EXPECT_THAT(pairs, ElementsAre("alicealice", "alicebob", "bobalice", "bobbob"));
}

TEST(Statement, ReportsAParameterThatDoesNotExist) {
  Store store;
  const auto refused = store.db.Run("INSERT INTO people(name) VALUES(?)", "alice", "extra");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Reason::kStoreUnavailable);
  EXPECT_EQ(store.Count(), 0);
}

TEST(Database, RefusesMoreThanOneStatementAndNone) {
  Store store;
  EXPECT_FALSE(store.db.Prepare("DELETE FROM people; DELETE FROM keys"));
  EXPECT_FALSE(store.db.Prepare(""));
  EXPECT_FALSE(store.db.Prepare("-- nothing"));
}

TEST(Database, NamesTheVerbOfWhatFailed) {
  Store store;
  ASSERT_TRUE(store.db.Run("INSERT INTO people(name) VALUES(?)", "secret"));
  const auto twice = store.db.Run("INSERT INTO people(name) VALUES(?)", "secret");
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().code, Reason::kStoreUnavailable);
  EXPECT_EQ(twice.error().what, "database: INSERT: UNIQUE constraint failed: people.name");
  EXPECT_EQ(store.db.last_fault(), StoreFault::kConstraint);
  EXPECT_FALSE(store.db.Run("INSERT INTO keys(person) VALUES(?)", 99));
}

TEST(Database, TellsHowManyRowsWereChanged) {
  Store store;
  constexpr char kInsert[] = "INSERT OR IGNORE INTO people(name) VALUES(?)";
  EXPECT_EQ(*store.db.Run(kInsert, "alice"), 1);
  EXPECT_EQ(*store.db.Run(kInsert, "alice"), 0);
  EXPECT_EQ(*store.db.Run(kInsert, "bob"), 1);
  EXPECT_EQ(store.db.last_row_id(), 2);
  EXPECT_EQ(*store.db.Run("UPDATE people SET until = 1"), 2);
  EXPECT_EQ(*store.db.Run("SELECT * FROM people"), 0);
}

TEST(Transaction, IsRolledBackUnlessCommitted) {
  Store store;
  {
    auto transaction = Transaction::Begin(store.db);
    ASSERT_TRUE(transaction);
    ASSERT_TRUE(store.db.Run("INSERT INTO people(name) VALUES(?)", "alice"));
  }
  EXPECT_EQ(store.Count(), 0);
  {
    auto transaction = Transaction::Begin(store.db);
    ASSERT_TRUE(transaction);
    ASSERT_TRUE(store.db.Run("INSERT INTO people(name) VALUES(?)", "alice"));
    ASSERT_TRUE(transaction->Commit());
  }
  EXPECT_EQ(store.Count(), 1);
}

TEST(Transaction, IsRefusedAtOnceWhileAnotherWrites) {
  Store store;
  Database other = store.Opened();
  auto writing = Transaction::Begin(store.db);
  ASSERT_TRUE(writing);
  const auto refused = Transaction::Begin(other);
  ASSERT_FALSE(refused);
  EXPECT_EQ(other.last_fault(), StoreFault::kBusy);
  ASSERT_TRUE(writing->Commit());
  EXPECT_TRUE(Transaction::Begin(other));
}

TEST(Transaction, LeavesNothingBehindWhenTheDiskIsFull) {
  Store store;
  ASSERT_TRUE(store.db.Run("PRAGMA max_page_count = 20"));  // SQLite's own "disk full"
  {
    auto transaction = Transaction::Begin(store.db);
    ASSERT_TRUE(transaction);
    const std::string large(1'000'000, 'x');
    EXPECT_FALSE(store.db.Run("INSERT INTO people(name, key) VALUES(?, ?)", "a", Blob{large}));
    EXPECT_EQ(store.db.last_fault(), StoreFault::kFull);
  }
  EXPECT_EQ(store.Count(), 0);
  EXPECT_TRUE(store.db.Run("INSERT INTO people(name) VALUES(?)", "small"));
}

}  // namespace
}  // namespace daypass::platform
