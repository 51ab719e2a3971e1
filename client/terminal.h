// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The user's terminal, past sudo: sudo's own conversation reads standard input under -S and starts
// a program of the user's under -A, and somebody's pipe is not an answer.
//
//   1. MUST read nothing but the terminal, and nothing that was typed before the question.
//   2. MUST give up at a signal: in sudo the handlers only set a flag.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "platform/fd.h"

namespace daypass::client {

class Terminal {
 public:
  /// None: this process has no terminal.
  static std::optional<Terminal> Open();

  void Say(std::string_view text) const;

  /// One line, without the spaces around it. None: its end (Ctrl-D), a signal, or over a kilobyte.
  std::optional<std::string> AskLine(std::string_view question) const;

 private:
  explicit Terminal(platform::Fd fd) : fd_(std::move(fd)) {}

  platform::Fd fd_;
};

}  // namespace daypass::client
