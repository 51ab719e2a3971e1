// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The server's store: one SQLite file behind SOCI, so that PostgreSQL can take its place. All of
// SOCI is below store/; nouns (policies, hosts, requests...) are one class each, work inside a
// transaction, and have a schema version of their own.
//
//   1. MUST be durable when Transact returns well, and unchanged when it does not.
//   2. MUST begin as a writer (BEGIN IMMEDIATE): reading first and writing later fails half of the
//      time once there are two connections.
//   3. MUST wake those who wait only for what is committed.
//   One thread at a time. SOCI throws; this is the one place that catches it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "core/result.h"
#include "core/time.h"

namespace soci {
class session;  // NOLINT(readability-identifier-naming): SOCI's name
}

namespace daypass::server {

/// One transaction, at one instant. Nouns are made of it: Requests(tx).Find(id).
struct Tx {
  soci::session& sql;
  core::Instant now;
  std::set<std::string> woken;  ///< topics to wake after the commit
};

class Store {
 public:
  using Wake = std::function<void(const std::string& topic)>;

  /// Opens or makes the file (0600 by the caller's umask), and brings each noun's schema up to
  /// date. Fails: kStoreUnavailable, also when the file was written by a newer version of the
  /// program.
  static core::Result<Store> Open(const std::string& path);

  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  ~Store();

  /// Called with each topic of a committed transaction.
  void OnCommit(Wake wake) { wake_ = std::move(wake); }

  /// Runs `work` in a transaction: commits what it did if it returns a value, undoes it if it
  /// returns an Error. `work`: Result<T>(Tx&). Fails: as `work`; kStoreUnavailable.
  template <typename Work>
  auto Transact(core::Instant now, Work&& work) -> decltype(work(std::declval<Tx&>())) {
    std::optional<decltype(work(std::declval<Tx&>()))> outcome;
    core::Result<void> done = Run(now, [&](Tx& tx) -> core::Result<void> {
      outcome.emplace(work(tx));
      if (!*outcome) return outcome->error();
      return {};
    });
    if (!done) return std::move(done).error();
    return std::move(*outcome);
  }

 private:
  explicit Store(std::unique_ptr<soci::session> sql);
  core::Result<void> Run(core::Instant now, const std::function<core::Result<void>(Tx&)>& work);

  std::unique_ptr<soci::session> sql_;
  Wake wake_;
};

}  // namespace daypass::server
