// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "policy/lint.h"

#include <algorithm>

#include "policy/escapes/escape.h"
#include "policy/precious.h"
#include "policy/reach.h"
#include "policy/words.h"

namespace daypass::policy {
namespace {

constexpr size_t kMaxWordsNamed = 3;

std::string_view Describe(Power power) {
  switch (power) {
    case Power::kNone:
      break;
    case Power::kShell:
      return "opens a shell";
    case Power::kRuns:
      return "runs programs of its user's choice";
    case Power::kLoads:
      return "loads code of its user's choice";
    case Power::kWrites:
      return "writes files that root depends on";
    case Power::kAccounts:
      return "changes accounts, owners or permissions";
    case Power::kGuard:
      return "changes what guards root";
    case Power::kReads:
      return "reads files that are secret";
  }
  return "does nothing";
}

bool HasWhatItNeeds(const core::CommandRule& command, const Way& way) {
  switch (way.needs) {
    case Needs::kNothing:
      return true;
    case Needs::kFree:
      return HasFreeArgument(command);
    case Needs::kPath:
      return CanNameFile(command,
                         way.power == Power::kReads ? IsPreciousToRead : IsPreciousToWrite);
  }
  return true;
}

/// Why the rule opens this way; none if it does not.
std::optional<std::string> WhyOpen(const core::CommandRule& command, const Escape& row,
                                   const Way& way) {
  if (AlwaysHasOneOf(command, way.unless) || !HasWhatItNeeds(command, way)) return std::nullopt;
  std::string with;
  size_t named = 0;
  for (const std::string_view word : SplitWords(way.words)) {
    if (named == kMaxWordsNamed || !CanReach(command, word)) continue;
    with += (named++ == 0 ? " with " : ", ") + std::string(word);
  }
  if (!way.words.empty() && named == 0) return std::nullopt;
  std::string why = command.path + " " + std::string(Describe(way.power)) + with;
  if (way.needs != Needs::kNothing) why += ", as its arguments are not fixed to harmless ones";
  if (!way.unless.empty()) {
    why += ", unless it has " + std::string(way.unless.substr(0, way.unless.find(' ')));
  }
  return why + " (" + std::string(row.source) + ")";
}

std::optional<std::string> WhyGives(const core::CommandRule& command, bool secrets) {
  const Escape* row = FindEscape(command.path);
  if (row == nullptr) return std::nullopt;
  for (const Way& way : row->ways) {
    if (way.power == Power::kNone || (way.power == Power::kReads) != secrets) continue;
    if (std::optional<std::string> why = WhyOpen(command, *row, way)) return why;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> WhyEqualsRoot(const core::CommandRule& command) {
  return WhyGives(command, false);
}

std::optional<std::string> WhyReadsSecrets(const core::CommandRule& command) {
  return WhyGives(command, true);
}

std::optional<std::string> WhyEqualsRoot(const core::EditRule& edit) {
  const auto found = std::ranges::find_if(
      edit.files, [](const std::string& file) { return IsPreciousToWrite(file, false); });
  if (found == edit.files.end()) return std::nullopt;
  return "sudoedit of " + *found + " changes a file that root depends on";
}

}  // namespace daypass::policy
