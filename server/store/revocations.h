// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What was taken back: single grants, and everything of a person up to an instant.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/store/store.h"

namespace daypass::server {

struct RevocationRow {
  std::string target;  ///< id of a statement, or name of a person
  std::string by;
  std::string reason;
  core::Instant at;
};

class Revocations {
 public:
  explicit Revocations(Tx& tx) : tx_(tx) {}

  void AddGrant(const RevocationRow& row);  ///< the first one stands
  std::optional<RevocationRow> OfGrant(const std::string& id);
  /// Those of grants that name this host and could still be in force at `now`.
  std::vector<RevocationRow> OfHost(const std::string& host);

  /// A later one takes the place of an earlier one.
  void SavePerson(const RevocationRow& row);
  std::vector<RevocationRow> OfPeople();

 private:
  Tx& tx_;
};

}  // namespace daypass::server
