// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Documents that travel as memory: sealed, so that what was read is what is there.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "platform/fd.h"

namespace daypass::platform {

/// A memory file with these bytes that nobody can change any more, at offset 0.
core::Result<Fd> MakeSealedMemfd(std::string_view bytes);

/// Reads one from somebody else. Fails: kProtocol (not a memory file, or not sealed against
/// writing, shrinking and growing), kTooLarge.
core::Result<std::string> ReadSealedMemfd(int fd, size_t max_bytes);

}  // namespace daypass::platform
