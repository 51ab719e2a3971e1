// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The payload that a person's key signs to sign in to the server. Source: docs/formats/signin.md.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "core/time.h"

namespace daypass::wire {

struct Signin {
  std::string realm;
  std::string person;
  std::string server;  ///< the name that the person's program connected to
  std::string number;  ///< 32 hexadecimal digits that the server drew
  core::Instant expires;
};

/// Fails: kMalformed, kTooLarge, kUnknownField, kUnknownFormat, kWrongNamespace.
core::Result<Signin> ParseSignin(std::string_view payload);

std::string EncodeSignin(const Signin& signin);

}  // namespace daypass::wire
