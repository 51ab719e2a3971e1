// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Who is signed in: digests of bearer tokens. Whether the person still may is judged by the newest
// policy at each use, not here.
#pragma once

#include <optional>
#include <string>

#include "server/store/store.h"

namespace daypass::server {

struct SessionRow {
  std::string digest;  ///< SHA-256 of the token
  std::string person;
  std::string fingerprint;  ///< of the key that signed in
  core::Instant expires;
};

class Sessions {
 public:
  explicit Sessions(Tx& tx) : tx_(tx) {}

  /// Also forgets the expired ones.
  void Add(const SessionRow& row);
  std::optional<SessionRow> Find(const std::string& digest);  ///< not expired
  void EndAllOf(const std::string& person);

 private:
  Tx& tx_;
};

}  // namespace daypass::server
