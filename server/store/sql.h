// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// One SQL statement, with SOCI's traps kept out: bound values are copied (SOCI would run the
// statement after the caller's temporaries are gone), numbers travel as long long (an int cuts
// silently, bool does not compile), rows only reach typed variables, and no row leaves none behind
// that looks like an answer.
//
//   Sql query(tx, "SELECT digest, taken_ms FROM policies WHERE version = :version");
//   query.Bind(version).Into(row.digest).Into(row.taken);
//   if (!query.Fetch()) return std::nullopt;
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/time.h"
#include "server/store/store.h"

namespace daypass::server {

class Sql {
 public:
  Sql(Tx& tx, std::string text);
  ~Sql();
  Sql(const Sql&) = delete;
  Sql& operator=(const Sql&) = delete;
  Sql(Sql&&) = delete;
  Sql& operator=(Sql&&) = delete;

  /// Values of the text's `:names`, in their order.
  Sql& Bind(const std::string& value);
  Sql& Bind(uint64_t value);
  Sql& Bind(core::Instant value);

  /// Columns of each row, in their order. The variables outlive the fetching.
  Sql& Into(std::string& column);
  Sql& Into(uint64_t& column);
  Sql& Into(core::Instant& column);

  /// Runs the statement at the first call. True: the columns hold the next row.
  bool Fetch();

  /// Runs a statement without rows; returns how many rows it changed.
  uint64_t Run();

 private:
  void Execute();

  struct Exchange;
  std::unique_ptr<Exchange> exchange_;
  std::string text_;
  bool executed_ = false;
};

}  // namespace daypass::server
