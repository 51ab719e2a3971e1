// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Exported journals: what `journalctl -o export` and `journalctl -o json` write. Only the fields
// that Daypass asks about are kept; entries of anything else are counted and forgotten.
//
//   1. MUST NOT take an entry for the agent's that journald did not see come from it: everybody may
//      write fields with any name.
//   2. MUST count whatever it does not use, with the reason.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace daypass::policy {

/// Why something in a journal or log was not used.
enum class Unused : uint8_t {
  kOther,         ///< another program's, or another event
  kForeign,       ///< says that it is a decision, and does not come from daypassd
  kUnreadable,    ///< cannot be read, or a value in it makes no sense
  kCutOff,        ///< the file ends within it
  kTwice,         ///< the same record again
  kExempt,        ///< root, or an account exempt at the door: no policy was asked
  kArgumentsCut,  ///< more arguments than a record holds
  kSubCommand,    ///< under sudo's intercept: judged in another's name
  kNotRun,        ///< refused, and so no evidence of work
};
std::string_view UnusedName(Unused why);  ///< for machines: "arguments_cut"
std::string_view UnusedText(Unused why);  ///< for people

using UnusedCounts = std::map<Unused, size_t>;

/// One decision as the agent wrote it: the journal's fields by name.
using JournalEntry = std::map<std::string, std::string, std::less<>>;

/// Appends the decisions in `text`, a file called `name`.
/// Fails: kMalformed (not an exported journal, or broken in the middle; the text names the byte).
core::Result<void> ReadJournal(std::string_view text, const std::string& name,
                               std::vector<JournalEntry>& entries, UnusedCounts& unused);

/// A file, or every file of a folder in the order of their names (those that begin with a dot are
/// passed over). Fails: kNotFound, kTooLarge, kInternal; as above.
core::Result<std::vector<JournalEntry>> LoadJournal(const std::string& path, UnusedCounts& unused);

/// The path itself, or the files of that folder. Fails: kNotFound, kInternal.
core::Result<std::vector<std::string>> FilesAt(const std::string& path);
/// The whole of a journal or log, 512 MiB at most. Fails: kTooLarge, kInternal.
core::Result<std::string> ReadExport(const std::string& path);

}  // namespace daypass::policy
