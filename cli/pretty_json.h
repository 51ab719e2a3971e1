// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// JSON laid out for people: the same text, broken and indented, fit for a terminal.
#pragma once

#include <string>
#include <string_view>

namespace daypass::cli {

/// `json`: a document that has been parsed. Nothing but white space outside of strings changes, and
/// what would disturb a terminal is escaped.
std::string PrettyJson(std::string_view json);

}  // namespace daypass::cli
