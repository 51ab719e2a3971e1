// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/log.h"

#include <cstdio>
#include <string>

namespace daypass::server {
namespace {

void Line(const char* priority, std::string_view text) {
  std::string line{priority};
  for (const char c : text)
    line += static_cast<unsigned char>(c) < ' ' ? ' ' : c;  // one line stays one
  line += '\n';
  // One call, so that lines of two threads do not mix. There is nobody to tell if it fails.
  (void)std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace

void LogFault(const core::Error& fault) {
  Line("<3>", std::string(core::ReasonName(fault.code)) + ": " + fault.what);
}

void LogNotice(std::string_view text) {
  Line("<5>", text);
}

}  // namespace daypass::server
