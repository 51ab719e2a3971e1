// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Sentences about records, from patterns: {key} is a field's words, and of [a|b] the first part
// whose keys all have words is taken, or nothing. Brackets nest.
//
//   MakeSentence("{user} may run {line}[ as {runas}]", record)
#pragma once

#include <string>
#include <string_view>

#include "wire/record.h"

namespace daypass::agent {

/// Keys: user door runas rhost role host mode scope exit detail why event as the record has them;
/// line (the command with its arguments), until (the time of day), reason and ended_by (in words),
/// approvers (their names), let_through (why a denial did not hold). Outside of brackets a key
/// without words reads "?". Each word is made visible and cut to a length that leaves a sentence.
std::string MakeSentence(std::string_view pattern, const wire::Record& record);

}  // namespace daypass::agent
