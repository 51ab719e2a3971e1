// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Digests, random numbers, and the comparison and wiping of secrets. OpenSSL does the work.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/policy.h"

namespace daypass::wire {

/// Lower-case hexadecimal SHA-256 of exact bytes.
core::Digest Sha256Hex(std::string_view bytes);

/// The raw digests: 32 and 64 bytes.
std::string Sha256(std::string_view bytes);
std::string Sha512(std::string_view bytes);

/// `bytes` random bytes as lower-case hexadecimal digits, from OpenSSL's generator. If there is no
/// randomness the program ends: no caller could go on.
std::string RandomHex(size_t bytes);

std::string EncodeHex(std::string_view bytes);

/// Whether two secrets are equal, in a time that depends on their lengths alone.
bool IsEqualConstantTime(std::string_view a, std::string_view b);

/// Overwrites a secret and empties it.
void Wipe(std::string& secret);

}  // namespace daypass::wire
