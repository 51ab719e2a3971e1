// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Status: a short-lived word of the server to one host. It can only subtract.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/policy.h"
#include "core/time.h"

namespace daypass::core {

struct Revocation {
  Digest id;           ///< of the statement, or empty
  std::string person;  ///< everything of this person, or empty
  Instant at;
};

struct Suspended {
  std::vector<std::string> people;
  std::vector<std::string> keys;  ///< fingerprints
};

/// "Your records up to `seq`, whose digest is `digest`, are stored."
struct Receipt {
  uint64_t seq = 0;
  Digest digest;
};

struct Status {
  std::string realm;
  std::string host;
  std::string number;  ///< echo of the 32 hexadecimal digits that the decider drew
  Instant time;
  uint64_t policy_version = 0;
  std::vector<Revocation> revoked;
  Suspended suspended;
  Receipt receipt;
};

}  // namespace daypass::core
