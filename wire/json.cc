// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/json.h"

#include <jansson.h>

#include <cstdlib>
#include <new>
#include <utility>

#include "wire/json_scan.h"

namespace daypass::wire {
namespace {

// jansson's own text quotes the document, which is an attacker's to write: ours does not.
std::string_view Describe(enum json_error_code code) {
  switch (code) {
    case json_error_duplicate_key:
      return "a key appears twice in one object";
    case json_error_invalid_utf8:
      return "not valid UTF-8";
    case json_error_null_character:
    case json_error_null_byte_in_key:
      return "a string holds NUL; none is allowed";
    case json_error_end_of_input_expected:
      return "something follows the end of the document";
    case json_error_premature_end_of_input:
      return "the document is cut off";
    default:  // an enum of the library, which may grow
      return "not JSON";
  }
}

struct Sink {
  std::string text;
  bool is_out_of_memory = false;
};

void* AllocateOrEnd(size_t size) {
  void* piece = std::malloc(size);  // NOLINT(cppcoreguidelines-no-malloc): jansson's terms
  if (piece == nullptr) std::abort();
  return piece;
}

int Write(const char* bytes, size_t size, void* sink) noexcept {
  auto* out = static_cast<Sink*>(sink);
  try {
    out->text.append(bytes, size);
    return 0;
  } catch (const std::bad_alloc&) {
    out->is_out_of_memory = true;
    return -1;
  }
}

core::Error Malformed(std::string what) {
  return {core::Reason::kMalformed, "JSON" + std::move(what), ""};
}

}  // namespace

void JsonDecref::operator()(json_t* value) const noexcept {
  json_decref(value);
}

core::Result<Json> ParseJson(std::string_view bytes, const JsonLimits& limits) {
  core::Result<void> scan = ScanJson(bytes, limits);
  if (!scan) return std::move(scan).error();
  json_error_t error;
  Json json(json_loadb(bytes.data(), bytes.size(), JSON_REJECT_DUPLICATES, &error));
  if (json == nullptr) {
    const auto at = std::to_string(error.position < 0 ? 0 : error.position);
    return Malformed(", byte " + at + ": " + std::string(Describe(json_error_code(&error))));
  }
  if (!json_is_object(json.get())) return Malformed(": not an object; {...} is needed");
  return json;
}

std::string Dump(const json_t* value) {
  Sink sink;
  const int dumped = json_dump_callback(value, Write, &sink, JSON_COMPACT | JSON_SORT_KEYS);
  // jansson 2.14 does not look at what became of a key: what could not be written is remembered.
  if (dumped != 0 || sink.is_out_of_memory) throw std::bad_alloc();
  return std::move(sink.text);
}

void EndWithoutMemory() {
  json_set_alloc_funcs(AllocateOrEnd, std::free);
}

}  // namespace daypass::wire
