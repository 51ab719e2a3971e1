// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Makes JSON objects without a call to jansson:
//
//   std::string text = ObjectBuilder().String("host", "web-1").Int("seq", 7).Dump();
//
// Making cannot fail: in a string that is not valid UTF-8 or holds NUL, each bad byte becomes
// U+FFFD. (Bytes from outside travel as base64: use Bytes().)
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "wire/json.h"

namespace daypass::wire {

class ArrayBuilder;

class ObjectBuilder {
 public:
  ObjectBuilder();

  ObjectBuilder& String(const char* key, std::string_view value);
  /// Leaves the key out if the value is empty.
  ObjectBuilder& OptString(const char* key, std::string_view value);
  ObjectBuilder& Int(const char* key, int64_t value);
  ObjectBuilder& Bool(const char* key, bool value);
  ObjectBuilder& Instant(const char* key, core::Instant value);  ///< milliseconds
  ObjectBuilder& Duration(const char* key, core::Seconds value);
  ObjectBuilder& Bytes(const char* key, std::string_view value);  ///< as base64
  ObjectBuilder& BytesList(const char* key, std::span<const std::string> values);
  ObjectBuilder& Strings(const char* key, std::span<const std::string> values);
  ObjectBuilder& StringMap(const char* key, const std::map<std::string, std::string>& values);
  /// Takes the other one's value in as it is now; it is not to be added to afterwards.
  ObjectBuilder& Object(const char* key, const ObjectBuilder& value);
  ObjectBuilder& Array(const char* key, const ArrayBuilder& value);
  /// A value made or read elsewhere. Null is left out.
  ObjectBuilder& Value(const char* key, Json value);

  Json Take() { return std::move(json_); }
  Json Share() const;  ///< another reference to the value
  std::string Dump() const { return wire::Dump(json_); }

 private:
  Json json_;
};

class ArrayBuilder {
 public:
  ArrayBuilder();

  ArrayBuilder& String(std::string_view value);
  ArrayBuilder& Int(int64_t value);
  ArrayBuilder& Object(const ObjectBuilder& value);
  ArrayBuilder& Value(Json value);

  Json Take() { return std::move(json_); }
  Json Share() const;

 private:
  Json json_;
};

}  // namespace daypass::wire
