// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What becomes of a damaged store: it is set aside as evidence and a new one is begun, which knows
// of nothing that was held. Nobody has to repair a host by hand, and nothing is revived.
//
//   1. MUST move the log before the file: without its log a store would be an older one.
//   2. MUST remember the loss until a record of the new chain says so.
#pragma once

#include <string>

#include "agent/store.h"

namespace daypass::agent {

struct OpenedStore {
  Store store;
  std::string loss;  ///< what was wrong with the one before, and where it is now; empty: nothing
};

/// Opens the store at `path`; sets a damaged one aside first. Fails: kStoreUnavailable (the disk is
/// full, cannot be read, another version's store...), kPathUnsafe.
core::Result<OpenedStore> OpenOrReplaceStore(const std::string& path);

/// The loss has been recorded.
core::Result<void> ForgetLoss(const std::string& path);

/// For damage that is met later: the next start sets the store aside.
core::Result<void> MarkDamaged(const std::string& path, const std::string& what);

}  // namespace daypass::agent
