// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The server's log: lines on standard error with journald's priority prefix, each fault once, where
// it is answered. Never a token, a key or a document's content.
#pragma once

#include <string_view>

#include "core/result.h"

namespace daypass::server {

/// Something that an operator should look at.
void LogFault(const core::Error& fault);

/// Something that went as it should: start, stop, a policy taken.
void LogNotice(std::string_view text);

}  // namespace daypass::server
