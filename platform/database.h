// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Database: SQLite as Daypass wants it. WAL with synchronous=FULL, so that a commit that returned
// survives a power cut; foreign keys; no functions from the schema; a file that only its owner can
// read; and no waiting: whoever finds the file locked is told so. One thread at a time.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/result.h"

namespace daypass::platform {

/// Bytes that are bound as a BLOB; a string_view is bound as TEXT.
struct Blob {
  std::string_view bytes;
};

/// Why the last call failed, for those who can do something about it. kSql: the file has not the
/// tables and columns that the statement names. kStuck: the kernel refused a lock, and SQLite does
/// not know any more which it has; only opening the file anew helps.
enum class StoreFault : uint8_t {
  kNone,
  kFull,
  kDamaged,
  kBusy,
  kStuck,
  kConstraint,
  kSql,
  kOther
};

/// A compiled statement of a database's cache, reset and given back when it goes. Parameters count
/// from 1, columns from 0. Bound text is copied. A failed Bind is reported by the next Step.
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  void Bind(int parameter, int64_t value);
  void Bind(int parameter, std::string_view text);
  void Bind(int parameter, Blob blob);
  void Bind(int parameter, std::nullopt_t);
  // Exact types are wanted: a literal 0 would otherwise be a null pointer to text.
  void Bind(int parameter, int value) { Bind(parameter, static_cast<int64_t>(value)); }
  void Bind(int parameter, uint32_t value) { Bind(parameter, static_cast<int64_t>(value)); }
  void Bind(int parameter, uint64_t value) { Bind(parameter, static_cast<int64_t>(value)); }
  void Bind(int parameter, bool value) { Bind(parameter, static_cast<int64_t>(value)); }
  void Bind(int parameter, const char* text) { Bind(parameter, std::string_view(text)); }
  void Bind(int parameter, const std::string& text) { Bind(parameter, std::string_view(text)); }
  template <typename T>
  void Bind(int parameter, const std::optional<T>& value) {
    if (value) {
      Bind(parameter, *value);
    } else {
      Bind(parameter, std::nullopt);
    }
  }
  /// Binds parameters 1, 2, 3...
  template <typename... Values>
  void BindAll(const Values&... values) {
    int parameter = 0;  // NOLINT(misc-const-correctness): counts, unless there is nothing
    (Bind(++parameter, values), ...);
  }

  /// True: a row is there. False: done. Fails: kStoreUnavailable.
  core::Result<bool> Step();

  // Columns of the row that Step found. Tables are STRICT, so types are what the schema says.
  int64_t Int64(int column) const;
  uint64_t Uint64(int column) const { return static_cast<uint64_t>(Int64(column)); }
  std::string Text(int column) const;  ///< also of a BLOB; NULL is empty
  bool IsNull(int column) const;

 private:
  friend class Database;
  struct Compiled;
  Statement(sqlite3* db, Compiled* compiled, std::unique_ptr<Compiled> own);
  void NoteBind(int result);

  sqlite3* db_;
  Compiled* compiled_;             // in the cache, or `own_`
  std::unique_ptr<Compiled> own_;  // when the cached one is in use further up the stack
  int bind_result_ = SQLITE_OK;
};

class Database {
 public:
  /// Opens `path`, made with mode 0600 if missing. One that exists must belong to the caller and
  /// be closed to others. Fails: kPathUnsafe, kStoreUnavailable; `fault`: what kind of fault then.
  static core::Result<Database> Open(const std::string& path, StoreFault* fault = nullptr);

  Database(Database&&) noexcept;
  Database& operator=(Database&&) = delete;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  /// One statement, compiled once and kept. `sql` must be one statement.
  core::Result<Statement> Prepare(std::string_view sql);

  /// Binds, runs to the end, ignores rows. Returns how many rows were changed: with INSERT OR
  /// IGNORE, 0 says that it was there already.
  template <typename... Values>
  core::Result<int64_t> Run(std::string_view sql, const Values&... values) {
    auto statement = Prepare(sql);
    if (!statement) return std::move(statement).error();
    statement->BindAll(values...);
    return RunToEnd(*statement);
  }

  /// Several statements without parameters, uncached: schemas.
  core::Result<void> Exec(const std::string& sql);

  int64_t last_row_id() const;
  StoreFault last_fault() const;

 private:
  explicit Database(sqlite3* db);
  core::Result<void> Configure();
  core::Result<int64_t> RunToEnd(Statement& statement);

  struct Close {
    void operator()(sqlite3* db) const noexcept;
  };
  std::unique_ptr<sqlite3, Close> db_;
  // After db_: statements go before the connection.
  std::unordered_map<std::string, std::unique_ptr<Statement::Compiled>> cache_;
};

/// BEGIN IMMEDIATE now; rolled back when it goes, unless committed. One at a time.
class Transaction {
 public:
  static core::Result<Transaction> Begin(Database& database);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  /// When it returns well, the changes are on the disk. On failure nothing is.
  core::Result<void> Commit();

 private:
  explicit Transaction(Database* database) : database_(database) {}
  Database* database_;  // null: finished
};

}  // namespace daypass::platform
