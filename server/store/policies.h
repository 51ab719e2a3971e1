// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Every policy that was taken, for good: hosts that were away walk through them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/policy.h"
#include "server/store/store.h"

namespace daypass::server {

struct PolicyRow {
  uint64_t version = 0;
  core::Digest digest;
  std::string envelope;  ///< as it came, signatures included
  core::Instant taken;
};

class Policies {
 public:
  explicit Policies(Tx& tx) : tx_(tx) {}

  void Add(const PolicyRow& row);
  std::optional<PolicyRow> Newest();
  std::optional<PolicyRow> Find(uint64_t version);

 private:
  Tx& tx_;
};

}  // namespace daypass::server
