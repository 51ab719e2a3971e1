// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Base64 (RFC 4648, section 4), strict: one text for each string of bytes.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace daypass::wire {

std::string EncodeBase64(std::string_view bytes);

/// Refuses (kMalformed) white space, missing or needless padding, and bits that are not zero after
/// the last byte.
core::Result<std::string> DecodeBase64(std::string_view text);

}  // namespace daypass::wire
