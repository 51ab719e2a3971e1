// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// JSON in: the one place where text of others becomes a jansson tree. A linear scan of the raw
// bytes comes first, so that what is over a limit is refused before anything is built. Reading
// values out of the tree is wire/json_reader.h's; making trees is wire/json_builder.h's.
//
//   1. MUST NOT build a tree from a document over its size, depth, string or memory limit.
//   2. MUST refuse duplicate keys, NUL, invalid UTF-8, reals, null and trailing bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"

struct json_t;  // NOLINT(readability-identifier-naming): jansson's; only wire/json*.cc look inside

namespace daypass::wire {

struct JsonDecref {
  void operator()(json_t* value) const noexcept;
};
using Json =
    std::unique_ptr<json_t, JsonDecref>;  ///< owns one reference; borrowed ones stay json_t*

/// Limits of one document. Thousands of empty objects are small on paper, so the tree has its own.
struct JsonLimits {
  size_t max_bytes = 0;
  size_t max_depth = 16;     ///< arrays and objects inside one another, the outermost included
  size_t max_memory = 0;     ///< of the tree; 0: four times `max_bytes`, at least 1 MiB
  size_t max_string = 4096;  ///< bytes between the quotes as they are written, escapes included
};

/// The largest integer that every reader of JSON reads exactly: 2^53 - 1.
constexpr int64_t kMaxJsonInt = 9007199254740991;

/// Reads one document: one object, and nothing after it but white space.
/// Fails: kTooLarge (a limit), kMalformed (anything else; the text names the byte).
core::Result<Json> ParseJson(std::string_view bytes, const JsonLimits& limits);

/// Canonical JSON: compact, keys sorted by byte, UTF-8. Source: docs/formats/canonical-json.md.
std::string Dump(const json_t* value);
inline std::string Dump(const Json& value) {
  return Dump(value.get());
}

/// For programs of ours, first thing in main: when jansson (2.14) is refused memory, end the
/// process. jansson itself goes on in two places, and a long string of a verified document lacks a
/// byte. A shim must not end its host; all that it reads is a reply, in which "allow" is a short
/// word.
void EndWithoutMemory();

}  // namespace daypass::wire
