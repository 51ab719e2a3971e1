// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Challenges that people were given to sign, until they are used or run out.
#pragma once

#include <string>

#include "server/store/store.h"

namespace daypass::server {

class Challenges {
 public:
  explicit Challenges(Tx& tx) : tx_(tx) {}

  /// `digest`: SHA-256 of the exact payload to sign. Also forgets the expired ones. False: there
  /// are too many already, and nothing was added.
  bool Add(const std::string& digest, core::Instant expires);

  /// Uses the challenge up. False: it was never given, is used already, or has run out.
  bool Take(const std::string& digest);

 private:
  Tx& tx_;
};

}  // namespace daypass::server
