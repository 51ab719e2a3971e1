// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Text of others, made fit for a terminal: what would move the cursor, colour, reorder or hide
// something is shown as an escape instead of being obeyed. Everything that the CLI prints and did
// not write itself goes through here.
#pragma once

#include <string>
#include <string_view>

namespace daypass::core {

/// Printable UTF-8 stays as it is. Control characters become \n, \t, \e, \x07; characters that turn
/// the direction of writing or are invisible become \u{202e}; bytes that are no UTF-8 \xff.
std::string ForTerminal(std::string_view text);

/// The same, but lines may end: for texts of our own that carry a piece of somebody else's.
std::string LinesForTerminal(std::string_view text);

/// One word of a command line, quoted as a shell would need it, and fit for a terminal: what is
/// printed can be told apart from any other argument. An empty one is ''.
std::string CommandWord(std::string_view argument);

}  // namespace daypass::core
