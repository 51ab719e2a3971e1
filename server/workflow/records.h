// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Taking the hosts' records: each stored once, none that its host did not sign for, and none that
// does not continue the chain.
#pragma once

#include <optional>
#include <span>

#include "core/result.h"
#include "core/status.h"
#include "server/store/hosts.h"
#include "server/workflow/context.h"
#include "wire/record.h"

namespace daypass::server {

struct RecordsTaken {
  core::Receipt receipt;
  /// Set when a record left a gap or contradicts one that is stored: nothing of the batch was
  /// taken, the contradiction is kept as evidence, so the transaction has to be committed.
  std::optional<core::Error> chain_fault;
};

/// Stores what continues the host's chain, or begins another one whose first record says that the
/// host's store was lost (that is kept as a fault of the new chain, "lost"), up to the last record
/// that the host signed; what comes after it comes again. Fails: as wire::VerifyChain;
/// kBadSignature, when none is signed.
core::Result<RecordsTaken> TakeRecords(Tx& tx, Context& context, const HostRow& host,
                                       std::span<const wire::StoredRecord> records);

}  // namespace daypass::server
