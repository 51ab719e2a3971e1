// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Making a store, opening one, and judging whether it is whole. Everything that decides is read
// and checked: structure by SQLite, values by their seals. Records are not, as there may be a
// gibibyte of them: their chain shows what was changed, and whoever meets a page of theirs that
// cannot be read says so then.
#include <array>
#include <utility>
#include <vector>

#include "agent/birth.h"
#include "agent/store.h"
#include "agent/store_log.h"
#include "agent/store_seal.h"
#include "platform/file.h"

namespace daypass::agent {
namespace {

constexpr const char* kSchemaVersion = "2";

constexpr const char* kSchema = R"(
  PRAGMA user_version = 2;
  CREATE TABLE meta(
    key TEXT PRIMARY KEY, value TEXT NOT NULL, seal TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE grants(
    id TEXT PRIMARY KEY, short_id TEXT NOT NULL UNIQUE, envelope BLOB NOT NULL, uid INTEGER NOT NULL,
    started_ms INTEGER, ended INTEGER NOT NULL DEFAULT 0, dropped INTEGER NOT NULL DEFAULT 0,
    uses_spent INTEGER NOT NULL DEFAULT 0, last_end_ms INTEGER NOT NULL, seal TEXT NOT NULL,
    latch_seal TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE revocations(
    id TEXT NOT NULL, person TEXT NOT NULL, at_ms INTEGER NOT NULL, seal TEXT NOT NULL,
    PRIMARY KEY(id, person)) STRICT, WITHOUT ROWID;
  CREATE TABLE live(
    query INTEGER PRIMARY KEY, grant_id TEXT NOT NULL, scope TEXT NOT NULL, user TEXT NOT NULL,
    uid INTEGER NOT NULL, pid INTEGER NOT NULL, start_ticks INTEGER NOT NULL, boot_id TEXT NOT NULL,
    until_ms INTEGER NOT NULL, ended_at_end INTEGER NOT NULL, started INTEGER NOT NULL,
    seal TEXT NOT NULL) STRICT;
  CREATE TABLE requests(
    id TEXT PRIMARY KEY, envelope BLOB NOT NULL, uid INTEGER NOT NULL, state TEXT NOT NULL,
    text TEXT NOT NULL, delivered INTEGER NOT NULL, start_by_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE records(
    seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL, signature TEXT NOT NULL DEFAULT '') STRICT;
  CREATE TABLE evidence(
    number INTEGER PRIMARY KEY, reason TEXT NOT NULL, at_ms INTEGER NOT NULL,
    envelope BLOB NOT NULL) STRICT;
)";

/// What a seal is of: the columns before the last, which is the seal.
struct Sealed {
  std::string_view kind;
  std::string_view sql;
  int columns;
};
constexpr std::array kSealed = {
    Sealed{"meta", "SELECT key, value, seal FROM meta", 2},
    Sealed{"grant", "SELECT id, short_id, uid, last_end_ms, seal FROM grants", 4},
    Sealed{"latch", "SELECT id, started_ms, ended, dropped, uses_spent, latch_seal FROM grants", 5},
    Sealed{"revocation", "SELECT id, person, at_ms, seal FROM revocations", 3},
    Sealed{"live",
           "SELECT query, grant_id, scope, user, uid, pid, start_ticks, boot_id, until_ms, "
           "ended_at_end, seal FROM live",
           10},
};

constexpr std::array<std::string_view, 5> kChecked = {
    "PRAGMA quick_check(meta)", "PRAGMA quick_check(grants)", "PRAGMA quick_check(revocations)",
    "PRAGMA quick_check(live)", "PRAGMA quick_check(requests)"};

core::Error Unavailable(std::string what) {
  return {core::Reason::kStoreUnavailable, std::move(what), {}};
}

/// Steps to the end; `judge` says what is wrong with a row, if something is.
template <typename Judge>
core::Result<void> JudgeRows(platform::Database& database, std::string_view sql, Judge judge) {
  auto query = database.Prepare(sql);
  if (!query) return std::move(query).error();
  while (true) {
    const core::Result<bool> row = query->Step();
    if (!row) return row.error();
    if (!*row) return {};
    if (std::string what = judge(*query); !what.empty()) return Unavailable(std::move(what));
  }
}

core::Result<void> CheckSeals(platform::Database& database, const Sealed& sealed) {
  return JudgeRows(database, sealed.sql, [&](const platform::Statement& row) {
    std::string text(sealed.kind);
    for (int column = 0; column < sealed.columns; ++column) text += "\n" + row.Text(column);
    if (SealOf(text) == row.Text(sealed.columns)) return std::string();
    return "a row of kind " + std::string(sealed.kind) + " is not what was written";
  });
}

/// Of a check of SQLite's own: "ok", or a line about which database and one about what is wrong.
std::string JudgeCheck(const platform::Statement& row) {
  const std::string said = row.Text(0);
  return said == "ok" ? std::string() : said.substr(said.rfind('\n') + 1);
}

core::Result<void> CheckTables(platform::Database& database) {
  for (const std::string_view check : kChecked) {
    if (auto sound = JudgeRows(database, check, JudgeCheck); !sound) return sound;
  }
  for (const Sealed& sealed : kSealed) {
    if (auto sound = CheckSeals(database, sealed); !sound) return sound;
  }
  // The chain goes on from here.
  return JudgeRows(database, "SELECT bytes FROM records ORDER BY seq DESC LIMIT 1",
                   [](const platform::Statement& row) {
                     return row.Text(0).empty() ? std::string("the last record is empty")
                                                : std::string();
                   });
}

/// It stands in two places: where they differ, one of them is damaged, and no other version of ours
/// has been here.
core::Result<std::string> ReadVersion(platform::Database& database) {
  std::vector<std::string> found;
  for (const std::string_view sql :
       {"PRAGMA user_version", "SELECT value FROM meta WHERE key = 'schema'"}) {
    auto read = JudgeRows(database, sql, [&](const platform::Statement& row) {
      found.push_back(row.Text(0));
      return std::string();
    });
    if (!read) return std::move(read).error();
  }
  if (found.size() == 2 && found[0] == found[1]) return found[0];
  return Unavailable("it has no tables of a store");
}

/// What SQLite would take for a new file, for one that may only be read, or for another program's.
core::Result<void> CheckHeader(const std::string& path) {
  constexpr std::string_view kMagic("SQLite format 3\0\2\2", 18);  // both versions: with a log
  constexpr size_t kHeader = 100;
  core::Result<std::string> header = platform::ReadBeginning(path, kHeader);
  if (!header) return std::move(header).error();
  if (header->size() < kHeader) return Unavailable(path + ": it is cut off");
  header->erase(16, 2);  // the size of a page
  if (!header->starts_with(kMagic)) return Unavailable(path + ": its header is damaged");
  return {};
}

/// `fault`: what SQLite thinks of it, if it fails.
core::Result<platform::Database> OpenWhole(const std::string& path, platform::StoreFault& fault) {
  // Before SQLite opens it, which would take an empty file for a new one, and drop its log.
  core::Result<void> sound = CheckHeader(path);
  if (sound) sound = CheckLog(path);
  if (!sound) {
    const bool is_read = sound.error().code == core::Reason::kStoreUnavailable;
    fault = is_read ? platform::StoreFault::kDamaged : platform::StoreFault::kOther;
    return std::move(sound).error();
  }
  core::Result<platform::Database> database = platform::Database::Open(path, &fault);
  if (!database) return database;
  core::Result<std::string> version = ReadVersion(*database);
  if (version && *version != kSchemaVersion) {
    fault = platform::StoreFault::kOther;
    return Unavailable(path + ": was written by another version of daypassd (schema " + *version +
                       "; this one reads " + kSchemaVersion + "); install that version again");
  }
  sound = version ? CheckTables(*database) : std::move(version).error();
  if (sound) return database;
  fault = database->last_fault();
  return Unavailable(path + ": " + sound.error().what);
}

core::Result<void> Fill(const std::string& path) {
  core::Result<std::string> birth = DescribeBirth();
  if (!birth) return std::move(birth).error();
  core::Result<platform::Database> database = platform::Database::Open(path);
  if (!database) return std::move(database).error();
  auto transaction = platform::Transaction::Begin(*database);
  if (!transaction) return std::move(transaction).error();
  if (auto made = database->Exec(kSchema); !made) return made;
  constexpr std::string_view kInsert = "INSERT INTO meta VALUES(?, ?, ?)";
  const std::string version = kSchemaVersion;
  auto put = database->Run(kInsert, "schema", version, Seal("meta", "schema", version));
  if (put) put = database->Run(kInsert, kBornKey, *birth, Seal("meta", kBornKey, *birth));
  if (!put) return std::move(put).error();
  return transaction->Commit();
}

}  // namespace

/// Under another name until it is complete: a start that is cut off leaves no half of a store,
/// which would look like a damaged one.
core::Result<void> Store::Make(const std::string& path) {
  const std::string fresh = path + ".new";
  for (const char* part : {"", "-wal", "-shm"}) {
    if (auto removed = platform::RemoveFileDurably(fresh + part); !removed) return removed;
  }
  if (auto filled = Fill(fresh); !filled) return filled;
  // Closing it has folded the log into the file, unless the disk was full.
  if (platform::FileExists(fresh + "-wal")) return Unavailable(fresh + ": could not be completed");
  return platform::RenameFileDurably(fresh, path);
}

core::Result<void> Store::CheckEverything() {
  return JudgeRows(database_, "PRAGMA quick_check", JudgeCheck);
}

core::Result<Store> Store::Open(const std::string& path, platform::StoreFault* why) {
  if (why != nullptr) *why = platform::StoreFault::kOther;
  if (!platform::FileExists(path)) {
    if (auto made = Make(path); !made) return std::move(made).error();
  }
  platform::StoreFault fault{};
  core::Result<platform::Database> database = OpenWhole(path, fault);
  if (database) return Store(std::move(*database));
  // What SQLite calls well and we do not is damage too, and so are tables that are not those of
  // this version; a disk that cannot be read is none.
  const bool is_content =
      fault == platform::StoreFault::kNone || fault == platform::StoreFault::kSql;
  if (why != nullptr) *why = is_content ? platform::StoreFault::kDamaged : fault;
  return std::move(database).error();
}

}  // namespace daypass::agent
