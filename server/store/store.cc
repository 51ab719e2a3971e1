// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/store/store.h"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <array>

#include "server/store/schema.h"

namespace daypass::server {
namespace {

using core::Error;
using core::Reason;
using core::Result;

// The driver's own words without SOCI's context, which would repeat the values that were bound.
Error StoreFault(const soci::soci_error& fault) {
  return {Reason::kStoreUnavailable, "store: " + fault.get_error_message(), {}};
}

void RollBack(soci::session& sql) {
  try {
    sql << "ROLLBACK";
  } catch (const soci::soci_error&) {
    // The fault that led here has ended the transaction already, and is the one to report.
  }
}

void Prepare(soci::session& sql) {
  for (const char* pragma :
       {"PRAGMA busy_timeout = 5000", "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL",
        "PRAGMA foreign_keys = ON", "PRAGMA trusted_schema = OFF"}) {
    sql << pragma;
  }
}

Result<void> Migrate(soci::session& sql, const Schema& schema) {
  const std::string noun{schema.noun};
  long long version = 0;
  sql << "SELECT version FROM schemas WHERE noun = :noun", soci::use(noun), soci::into(version);
  if (version > static_cast<long long>(schema.versions.size())) {
    return Error{Reason::kStoreUnavailable,
                 "store: \"" + noun + "\" has schema " + std::to_string(version) +
                     ", from a newer daypass-server; this one knows " +
                     std::to_string(schema.versions.size()),
                 {}};
  }
  for (size_t i = static_cast<size_t>(version); i < schema.versions.size(); ++i) {
    for (std::string_view statement : schema.versions[i]) sql << std::string(statement);
  }
  const auto newest = static_cast<long long>(schema.versions.size());
  sql << "INSERT INTO schemas (noun, version) VALUES (:noun, :version) "
         "ON CONFLICT (noun) DO UPDATE SET version = excluded.version",
      soci::use(noun), soci::use(newest);
  return {};
}

Result<void> MigrateAll(soci::session& sql) {
  sql << "CREATE TABLE IF NOT EXISTS schemas (noun TEXT PRIMARY KEY, version BIGINT NOT NULL)";
  for (const Schema& schema :
       {PoliciesSchema(), HostsSchema(), JoinTokensSchema(), RequestsSchema(), ApprovalsSchema(),
        RevocationsSchema(), SessionsSchema(), ChallengesSchema(), RecordsSchema(),
        ChangesSchema()}) {
    if (auto migrated = Migrate(sql, schema); !migrated) return migrated;
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
    Prepare(*sql);
    Store store{std::move(sql)};
    auto migrated = store.Run({}, [](Tx& tx) { return MigrateAll(tx.sql); });
    if (!migrated) return std::move(migrated).error();
    return store;
  } catch (const soci::soci_error& fault) {
    return Error{Reason::kStoreUnavailable, path + ": " + fault.get_error_message(), path};
  }
}

Result<void> Store::Run(core::Instant now, const std::function<Result<void>(Tx&)>& work) {
  Tx tx{*sql_, now, {}};
  try {
    *sql_ << "BEGIN IMMEDIATE";
    Result<void> outcome = work(tx);
    if (!outcome) {
      RollBack(*sql_);
      return outcome;
    }
    *sql_ << "COMMIT";
  } catch (const soci::soci_error& fault) {
    RollBack(*sql_);
    return StoreFault(fault);
  }
  if (wake_) {
    for (const std::string& topic : tx.woken) wake_(topic);
  }
  return {};
}

}  // namespace daypass::server
