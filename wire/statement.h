// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The payload of requests and grants. Source: docs/formats/statement.md.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "core/statement.h"

namespace daypass::wire {

/// Reads and checks a statement; its id becomes the SHA-256 of `payload`.
/// Fails: kMalformed, kTooLarge, kUnknownField, kUnknownFormat, kWrongNamespace.
core::Result<core::Statement> ParseStatement(std::string_view payload);

/// The bytes to sign. `nonce`: 32 hexadecimal digits, RandomHex(16), so that two equal requests
/// have two ids. Statement.id is not looked at.
std::string EncodeStatement(const core::Statement& statement, std::string_view nonce);

}  // namespace daypass::wire
