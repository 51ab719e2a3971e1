// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Statement: what somebody asks for, in the exact bytes that approvers sign. Its digest is its id.
// Grant: a statement with approvals, and what this host has latched of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/policy.h"
#include "core/time.h"

namespace daypass::core {

struct Statement {
  Digest id;  ///< of the exact bytes; not a field of them
  std::string realm;
  std::string subject;    ///< unix account that will use it
  std::string requester;  ///< account or person that asked
  std::string role;
  Digest role_digest;
  uint64_t policy_version = 0;
  std::vector<std::string> hosts;  ///< names, at most 500
  Seconds duration{0};
  StartRule start = StartRule::kApproval;
  std::optional<Instant> start_at;  ///< only for kScheduled
  Instant start_by;
  uint32_t uses = 0;  ///< 0: any number
  std::string reason;
  std::string ticket;
  Instant created;
  Digest extends;  ///< empty, or the id of the grant that this one follows
};

/// A signature over a statement that has been verified; whose it is, is judged by the policy.
struct Approval {
  std::string fingerprint;
  bool presence = false;  ///< the FIDO2 key saw a touch
  bool verified = false;  ///< and a PIN
};

/// What this host has fixed about a grant, once and for all.
struct Latch {
  std::optional<Instant> started;
  bool ended = false;    ///< the end has been seen: no clock brings the grant back
  bool dropped = false;  ///< given up by its subject
  uint32_t uses_spent = 0;
};

struct Grant {
  Statement statement;
  std::vector<Approval> approvals;
  Latch latch;
  std::optional<uint32_t> bound_uid;  ///< the subject's uid on this host when it was imported
};

/// "g-" and the first 16 characters of base32 (a-z2-7) of the id: for people, URLs, journal fields.
std::string ShortId(const Digest& id);

}  // namespace daypass::core
