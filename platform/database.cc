// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "platform/database.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "platform/fault.h"
#include "platform/fd.h"

namespace daypass::platform {
namespace {

constexpr int kOpenFlags =
    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE;

core::Error Unavailable(std::string what) {
  return {core::Reason::kStoreUnavailable, std::move(what), {}};
}

/// The words of SQL up to its object are enough to find the statement, and hold no data.
std::string Verb(std::string_view sql) {
  const size_t begin = std::min(sql.find_first_not_of(" \t\n"), sql.size());
  sql.remove_prefix(begin);
  return std::string(sql.substr(0, sql.find_first_of(" \t\n(;")));
}

core::Error StoreError(sqlite3* db, std::string_view sql) {
  return Unavailable("database: " + Verb(sql) + ": " + sqlite3_errmsg(db));
}

/// SQLite would make the file as the umask says; WAL and shared memory take the mode of the file.
core::Result<void> MakePrivateFile(const std::string& path) {
  constexpr int kNew = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const Fd made(open(path.c_str(), kNew, 0600));
  if (made) return {};
  if (errno != EEXIST) {
    return SystemFault("create " + path, errno, core::Reason::kStoreUnavailable);
  }
  // Looked at, never opened: closing would drop the locks of another connection of this process.
  struct stat facts{};
  if (lstat(path.c_str(), &facts) != 0) {
    return SystemFault("stat " + path, errno, core::Reason::kStoreUnavailable);
  }
  if (!S_ISREG(facts.st_mode) || facts.st_uid != geteuid() || (facts.st_mode & 0077) != 0) {
    return core::Error{
        core::Reason::kPathUnsafe,
        path + ": must be a regular file of uid " + std::to_string(geteuid()) + " with mode 0600",
        {}};
  }
  return {};
}

/// SQLite's own files, but for one thing: where it tries to get a lock again and again, it would
/// sleep in between, ten seconds in all, and with it everybody who waits for us.
constexpr const char* kVfs = "daypass-awake";

void RegisterVfs() {
  static sqlite3_vfs awake;
  sqlite3_vfs_unregister(&awake);
  const sqlite3_vfs* const files = sqlite3_vfs_find(nullptr);
  if (files == nullptr) return;  // no memory: opening says so
  awake = *files;
  awake.zName = kVfs;
  awake.xSleep = [](sqlite3_vfs*, int microseconds) { return microseconds; };
  sqlite3_vfs_register(&awake, /*makeDflt=*/0);
}

StoreFault FaultOf(int extended_code) {
  switch (extended_code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
      return StoreFault::kNone;
    case SQLITE_FULL:
      return StoreFault::kFull;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return StoreFault::kDamaged;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return StoreFault::kBusy;
    case SQLITE_PROTOCOL:
      return StoreFault::kStuck;
    case SQLITE_CONSTRAINT:
      return StoreFault::kConstraint;
    case SQLITE_ERROR:
      return StoreFault::kSql;
    default:  // SQLite has more codes, and newer ones may come
      return StoreFault::kOther;
  }
}

}  // namespace

/// One compiled statement. In the cache it is lent to one Statement at a time.
struct Statement::Compiled {
  explicit Compiled(sqlite3_stmt* compiled) : handle(compiled) {}
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;
  Compiled(Compiled&&) = delete;
  Compiled& operator=(Compiled&&) = delete;
  ~Compiled() { sqlite3_finalize(handle); }

  sqlite3_stmt* handle;
  bool lent = false;
};

Statement::Statement(sqlite3* db, Compiled* compiled, std::unique_ptr<Compiled> own)
    : db_(db), compiled_(compiled), own_(std::move(own)) {
  compiled_->lent = true;
}

Statement::Statement(Statement&& other) noexcept
    : db_(other.db_),
      compiled_(std::exchange(other.compiled_, nullptr)),
      own_(std::move(other.own_)),
      bind_result_(other.bind_result_) {}

Statement::~Statement() {
  if (compiled_ == nullptr) return;
  sqlite3_reset(compiled_->handle);  // its result is that of the last step, already told
  sqlite3_clear_bindings(compiled_->handle);
  compiled_->lent = false;
}

void Statement::NoteBind(int result) {
  if (bind_result_ == SQLITE_OK) bind_result_ = result;
}

void Statement::Bind(int parameter, int64_t value) {
  NoteBind(sqlite3_bind_int64(compiled_->handle, parameter, value));
}

void Statement::Bind(int parameter, std::string_view text) {
  // A null pointer would bind NULL: an empty text is a text.
  const char* bytes = text.data() == nullptr ? "" : text.data();
  NoteBind(sqlite3_bind_text64(compiled_->handle, parameter, bytes, text.size(), SQLITE_TRANSIENT,
                               SQLITE_UTF8));
}

void Statement::Bind(int parameter, Blob blob) {
  const char* bytes = blob.bytes.data() == nullptr ? "" : blob.bytes.data();
  NoteBind(sqlite3_bind_blob64(compiled_->handle, parameter, bytes, blob.bytes.size(),
                               SQLITE_TRANSIENT));
}

void Statement::Bind(int parameter, std::nullopt_t) {
  NoteBind(sqlite3_bind_null(compiled_->handle, parameter));
}

core::Result<bool> Statement::Step() {
  const char* const sql = sqlite3_sql(compiled_->handle);
  if (bind_result_ != SQLITE_OK) {
    return Unavailable("database: " + Verb(sql) + ": cannot bind: " + sqlite3_errstr(bind_result_));
  }
  const int result = sqlite3_step(compiled_->handle);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  return StoreError(db_, sql);
}

int64_t Statement::Int64(int column) const {
  return sqlite3_column_int64(compiled_->handle, column);
}

std::string Statement::Text(int column) const {
  // Asked for as a blob: bytes come back as they were stored, zero bytes included.
  const void* const bytes = sqlite3_column_blob(compiled_->handle, column);
  const int size = sqlite3_column_bytes(compiled_->handle, column);
  if (bytes == nullptr || size <= 0) return {};
  return std::string(static_cast<const char*>(bytes), static_cast<size_t>(size));
}

bool Statement::IsNull(int column) const {
  return sqlite3_column_type(compiled_->handle, column) == SQLITE_NULL;
}

void Database::Close::operator()(sqlite3* db) const noexcept {
  sqlite3_close_v2(db);
}

Database::Database(sqlite3* db) : db_(db) {}
Database::Database(Database&&) noexcept = default;
Database::~Database() = default;

core::Result<Database> Database::Open(const std::string& path, StoreFault* fault) {
  if (fault != nullptr) *fault = StoreFault::kOther;
  auto made = MakePrivateFile(path);
  if (!made) return std::move(made).error();
  sqlite3* handle = nullptr;
  RegisterVfs();
  const int opened = sqlite3_open_v2(path.c_str(), &handle, kOpenFlags, kVfs);
  Database database(handle);  // also owns a handle that failed to open
  if (opened != SQLITE_OK) return Unavailable(path + ": " + sqlite3_errstr(opened));

  auto configured = database.Configure();
  if (!configured) {
    if (fault != nullptr) *fault = database.last_fault();
    core::Error error = std::move(configured).error();
    error.what = path + ": " + error.what;
    return error;
  }
  return database;
}

core::Result<void> Database::Configure() {
  sqlite3_busy_timeout(db_.get(), 0);
  // Defensive: SQL, however it came to be, cannot write to the file's own structures.
  if (sqlite3_db_config(db_.get(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr) != SQLITE_OK ||
      sqlite3_db_config(db_.get(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr) != SQLITE_OK ||
      sqlite3_db_config(db_.get(), SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr) != SQLITE_OK) {
    return StoreError(db_.get(), "configure");
  }
  {
    auto journal = Prepare("PRAGMA journal_mode = WAL");
    if (!journal) return std::move(journal).error();
    auto row = journal->Step();
    if (!row) return std::move(row).error();
    if (journal->Text(0) != "wal") return Unavailable("cannot use write-ahead logging here");
  }
  return Exec("PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON; PRAGMA cache_size = -256;");
}

core::Result<Statement> Database::Prepare(std::string_view sql) {
  const auto cached = cache_.find(std::string(sql));
  if (cached != cache_.end() && !cached->second->lent) {
    return Statement(db_.get(), cached->second.get(), nullptr);
  }
  sqlite3_stmt* handle = nullptr;
  const char* tail = nullptr;
  const int prepared = sqlite3_prepare_v3(db_.get(), sql.data(), static_cast<int>(sql.size()),
                                          SQLITE_PREPARE_PERSISTENT, &handle, &tail);
  auto compiled = std::make_unique<Statement::Compiled>(handle);
  if (prepared != SQLITE_OK) return StoreError(db_.get(), sql);
  if (handle == nullptr || tail != sql.data() + sql.size()) {
    // SQLite ignores what follows the first statement: refuse rather than do half.
    return Unavailable("database: " + Verb(sql) + ": is not exactly one statement");
  }
  Statement::Compiled* const lent = compiled.get();
  if (cached != cache_.end()) return Statement(db_.get(), lent, std::move(compiled));
  cache_.emplace(sql, std::move(compiled));
  return Statement(db_.get(), lent, nullptr);
}

core::Result<int64_t> Database::RunToEnd(Statement& statement) {
  const int64_t before = sqlite3_total_changes64(db_.get());
  while (true) {
    const auto row = statement.Step();
    if (!row) return row.error();
    if (!*row) return sqlite3_total_changes64(db_.get()) - before;
  }
}

core::Result<void> Database::Exec(const std::string& sql) {
  if (sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return StoreError(db_.get(), sql);
  }
  return {};
}

int64_t Database::last_row_id() const {
  return sqlite3_last_insert_rowid(db_.get());
}

StoreFault Database::last_fault() const {
  return FaultOf(sqlite3_extended_errcode(db_.get()));
}

core::Result<Transaction> Transaction::Begin(Database& database) {
  // Immediate: a deferred one would fail half way, at its first write.
  const auto begun = database.Run("BEGIN IMMEDIATE");
  if (!begun) return begun.error();
  return Transaction(&database);
}

Transaction::Transaction(Transaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}

Transaction::~Transaction() {
  // A fault may have rolled back already; then this one has nothing to do, and says so.
  if (database_ != nullptr) static_cast<void>(database_->Exec("ROLLBACK"));
}

core::Result<void> Transaction::Commit() {
  const auto committed = database_->Run("COMMIT");
  if (!committed) return committed.error();
  database_ = nullptr;
  return {};
}

}  // namespace daypass::platform
