// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The store's write-ahead log, looked at before SQLite opens it. SQLite reads it up to the first
// frame that does not add up and silently forgets what follows: right for the commit that a power
// cut tore, wrong for what was synced before. Then revocations, ends and records are missing that
// were promised to be kept. Two things tell:
//
//   1. Behind the break lies more than the rest of one commit: each is synced before the next.
//   2. The index in shared memory, a file that outlives whoever is killed, counts more frames: it
//   is
//      written after they are synced.
//
// Source: SQLite's "WAL-mode File Format".
#pragma once

#include <string>

#include "core/result.h"

namespace daypass::agent {

/// Whether the log of the database at `path` holds all that was synced to it, as far as these tell.
/// No log is fine. Fails: kStoreUnavailable; kInternal (cannot be read).
core::Result<void> CheckLog(const std::string& path);

}  // namespace daypass::agent
