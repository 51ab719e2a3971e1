// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What a host's long-poll waits for: a number that grows with everything that concerns the host,
// written in the transaction that changed it. Numbers are shared by all hosts, so that a later
// change always has the higher one.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "server/store/store.h"

namespace daypass::server {

class Changes {
 public:
  explicit Changes(Tx& tx) : tx_(tx) {}

  /// Draws the next number, gives it to these hosts (names that are not enrolled are passed over),
  /// and has those who wait woken. Returns the number.
  uint64_t MarkHosts(std::span<const std::string> hosts);
  uint64_t MarkAllHosts();

  /// The number of the newest change that concerns this host; 0: none yet.
  uint64_t CursorOf(const std::string& host);

 private:
  uint64_t Next();
  Tx& tx_;
};

}  // namespace daypass::server
