// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/store/store.h"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "server/store/schema.h"
#include "server/store/sql.h"

namespace daypass::server {
namespace {

using core::Error;
using core::Reason;
using core::Result;

// The driver's own words without SOCI's context, which would repeat the values that were bound.
Error StoreFault(const soci::soci_error& fault) {
  return {Reason::kStoreUnavailable, "store: " + fault.get_error_message(), {}};
}

void RollBack(Tx& tx) {
  try {
    Sql(tx, "ROLLBACK").Run();
  } catch (const soci::soci_error&) {  // NOLINT(bugprone-empty-catch): nothing is lost
    // The fault that led here has ended the transaction already, and is the one to report.
  }
}

void Prepare(Tx& tx) {
  for (const char* pragma :
       {"PRAGMA busy_timeout = 5000", "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL",
        "PRAGMA foreign_keys = ON", "PRAGMA trusted_schema = OFF"}) {
    Sql(tx, pragma).Run();
  }
}

Result<void> Migrate(Tx& tx, const Schema& schema) {
  const std::string noun{schema.noun};
  const uint64_t newest = schema.versions.size();
  uint64_t version = 0;
  Sql query(tx, "SELECT version FROM schemas WHERE noun = :noun");
  query.Bind(noun).Into(version).Fetch();
  if (version > newest) {
    return Error{Reason::kStoreUnavailable,
                 "store: \"" + noun + "\" has schema " + std::to_string(version) +
                     ", from a newer daypass-server; this one knows " + std::to_string(newest),
                 {}};
  }
  for (uint64_t i = version; i < newest; ++i) {
    for (const std::string_view statement : schema.versions[i])
      Sql(tx, std::string(statement)).Run();
  }
  Sql(tx,
      "INSERT INTO schemas (noun, version) VALUES (:noun, :version) "
      "ON CONFLICT (noun) DO UPDATE SET version = excluded.version")
      .Bind(noun)
      .Bind(newest)
      .Run();
  return {};
}

Result<void> MigrateAll(Tx& tx) {
  Sql(tx, "CREATE TABLE IF NOT EXISTS schemas (noun TEXT PRIMARY KEY, version BIGINT NOT NULL)")
      .Run();
  for (const Schema& schema :
       {PoliciesSchema(), HostsSchema(), JoinTokensSchema(), RequestsSchema(), ApprovalsSchema(),
        RevocationsSchema(), SessionsSchema(), ChallengesSchema(), RecordsSchema(),
        ChangesSchema()}) {
    if (auto migrated = Migrate(tx, schema); !migrated) return migrated;
  }
  return {};
}

}  // namespace

Store::Store(std::unique_ptr<soci::session> sql) : sql_(std::move(sql)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Result<Store> Store::Open(const std::string& path) {
  try {
    auto sql = std::make_unique<soci::session>(soci::sqlite3, "dbname=\"" + path + "\"");
    Tx outside{*sql, {}, {}};
    Prepare(outside);
    Store store{std::move(sql)};
    auto migrated = store.Run({}, &MigrateAll);
    if (!migrated) return std::move(migrated).error();
    return store;
  } catch (const soci::soci_error& fault) {
    return Error{Reason::kStoreUnavailable, path + ": " + fault.get_error_message(), path};
  }
}

Result<void> Store::Run(core::Instant now, const std::function<Result<void>(Tx&)>& work) {
  Tx tx{*sql_, now, {}};
  try {
    Sql(tx, "BEGIN IMMEDIATE").Run();
    Result<void> outcome = work(tx);
    if (!outcome) {
      RollBack(tx);
      return outcome;
    }
    Sql(tx, "COMMIT").Run();
  } catch (const soci::soci_error& fault) {
    RollBack(tx);
    return StoreFault(fault);
  } catch (...) {
    RollBack(tx);  // a bug or no memory: main's to word, but the next transaction must begin
    throw;
  }
  if (wake_) {
    for (const std::string& topic : tx.woken) wake_(topic);
  }
  return {};
}

}  // namespace daypass::server
