// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// How the run before this one ended, for the record of this one's start: who reads the records of a
// host sees each time that the decider was away, and why.
#pragma once

#include <string>

#include "agent/store.h"
#include "core/result.h"

namespace daypass::agent {

struct LastRun {
  std::string ended_by;  ///< "self", "killed", or empty where nothing is known of one
  std::string detail;    ///< in words
};

/// Judges by the last record in the store and, after a death without a word, by what the kernel
/// says of this process's control group; keeps what that was for the next start. Call it before the
/// first record of this run. `boot_id`: 32 hexadecimal digits. Fails: kStoreUnavailable.
core::Result<LastRun> DescribeLastRun(Store& store, const std::string& boot_id);

}  // namespace daypass::agent
