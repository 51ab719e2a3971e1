// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The canonical text of what a target was fed, from the strict reader: what a document that was
// read is written as again.
#pragma once

#include <string>
#include <string_view>

#include "tests/fuzz/target.h"
#include "wire/json.h"
#include "wire/json_reader.h"

namespace daypass::fuzz {

/// `text`: has been parsed already within these limits.
inline std::string Canonical(std::string_view text, const wire::JsonLimits& limits) {
  const core::Result<wire::Json> json = wire::ParseJson(text, limits);
  Require(static_cast<bool>(json), "what a document's reader takes is JSON");
  return wire::Dump(*json);
}

/// A member of an object that has been read, as its own reader left it.
inline std::string MemberOf(std::string_view text, const wire::JsonLimits& limits,
                            const char* key) {
  const core::Result<wire::Json> json = wire::ParseJson(text, limits);
  Require(static_cast<bool>(json), "what a document's reader takes is JSON");
  return wire::ObjectReader(json->get(), wire::UnknownKeys::kIgnore)
      .OptString(key, {0, limits.max_string, nullptr, "text"})
      .value_or("");
}

}  // namespace daypass::fuzz
