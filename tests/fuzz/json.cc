// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The JSON reader: limits hold, and what is canonical stays what it is.
#include "wire/json.h"

#include <jansson.h>

#include "tests/fuzz/target.h"

namespace daypass::fuzz {

constexpr wire::JsonLimits kLimits{.max_bytes = size_t{64} << 10};

const Reader kReader{.limit = size_t{64} << 10,
                     .max_input = size_t{8} << 10,
                     .read = [](std::string_view input) { (void)wire::ParseJson(input, kLimits); }};

namespace {

constexpr wire::JsonLimits kNarrow{.max_bytes = 512, .max_depth = 4, .max_string = 64};

void Walk(const json_t* value, size_t depth, const wire::JsonLimits& limits) {
  const char* key = nullptr;
  json_t* member = nullptr;
  switch (json_typeof(value)) {
    case JSON_OBJECT:
      Require(depth < limits.max_depth, "a depth over the limit is refused");
      json_object_foreach(const_cast<json_t*>(value), key, member) {
        Require(std::string_view(key).size() <= limits.max_string, "a key keeps to the limit");
        Walk(member, depth + 1, limits);
      }
      return;
    case JSON_ARRAY:
      Require(depth < limits.max_depth, "a depth over the limit is refused");
      for (size_t i = 0; i < json_array_size(value); ++i) {
        Walk(json_array_get(value, i), depth + 1, limits);
      }
      return;
    case JSON_STRING:
      Require(json_string_length(value) <= limits.max_string, "a string keeps to the limit");
      Require(std::string_view(json_string_value(value)).size() == json_string_length(value),
              "no string holds NUL");
      return;
    case JSON_INTEGER:
    case JSON_TRUE:
    case JSON_FALSE:
      return;
    case JSON_REAL:
    case JSON_NULL:
      Require(false, "there are no reals, and no null");
  }
}

void TryWithin(std::string_view input, const wire::JsonLimits& limits) {
  const auto json = wire::ParseJson(input, limits);
  if (!json) return RequireFit(json.error());
  Require(input.size() <= limits.max_bytes, "a document over the limit is refused");
  Walk(json->get(), 0, limits);
  const std::string canonical = wire::Dump(*json);
  const auto again = wire::ParseJson(canonical, kLimits);
  Require(again && wire::Dump(*again) == canonical, "canonical JSON is its own canonical form");
}

}  // namespace

void Try(std::string_view input) {
  TryWithin(input, kLimits);
  TryWithin(input, kNarrow);
}

}  // namespace daypass::fuzz
