// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Tokens with which a host enrols: for one name, used once, stored as digests only.
#pragma once

#include <string>

#include "server/store/store.h"

namespace daypass::server {

struct JoinTokenRow {
  std::string digest;  ///< SHA-256 of the token
  std::string host;    ///< the name it is for
  std::string made_by;
  core::Instant expires;
};

class JoinTokens {
 public:
  explicit JoinTokens(Tx& tx) : tx_(tx) {}

  /// Also forgets the expired ones.
  void Add(const JoinTokenRow& row);

  /// Uses the token up. False: there is none of that digest for that name that is still good.
  bool Take(const std::string& digest, const std::string& host);

 private:
  Tx& tx_;
};

}  // namespace daypass::server
