// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The journal: structured fields to the local journald. Success means handed over to the kernel for
// journald, no more: durable truth is the agent's store. A journald that is not there, or does not
// read, is a fault: nobody waits for it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/result.h"

namespace daypass::platform {

struct JournalField {
  std::string_view name;   ///< A-Z, 0-9 and _, at most 64, beginning with a letter
  std::string_view value;  ///< any bytes
};

/// Sends one entry of all fields. Fails: kTooMany (journald has not read yet what it was
/// sent before), kInternal (no journald, bad name, refused).
core::Result<void> SendToJournal(std::span<const JournalField> fields);

}  // namespace daypass::platform
