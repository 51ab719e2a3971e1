// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Signatures over statements, as they came: what a grant's envelope is made of.
#pragma once

#include <string>
#include <vector>

#include "server/store/store.h"

namespace daypass::server {

struct ApprovalRow {
  std::string request;  ///< id of the statement
  std::string person;   ///< empty: the automatic approver
  std::string fingerprint;
  std::string signature;  ///< armoured
  core::Instant at;
};

class Approvals {
 public:
  explicit Approvals(Tx& tx) : tx_(tx) {}

  /// One per person and request: a later one, with a stronger key perhaps, takes its place.
  void Save(const ApprovalRow& row);
  std::vector<ApprovalRow> Of(const std::string& request);  ///< oldest first
  /// How often the automatic approver has given a role to an account on a host since then.
  uint64_t CountAutomatic(const std::string& role, const std::string& subject,
                          const std::string& host, core::Instant since);

 private:
  Tx& tx_;
};

}  // namespace daypass::server
