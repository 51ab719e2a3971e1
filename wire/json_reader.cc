// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/json_reader.h"

#include <jansson.h>

#include <algorithm>

#include "wire/base64.h"

namespace daypass::wire {
namespace {

constexpr int64_t kLastMillis = 253402300799999;  // the end of the year 9999

std::string_view KindOf(const json_t* value) {
  switch (json_typeof(value)) {
    case JSON_OBJECT:
      return "an object";
    case JSON_ARRAY:
      return "an array";
    case JSON_STRING:
      return "a string";
    case JSON_INTEGER:
      return "an integer";
    case JSON_REAL:
      return "a number that is no integer";
    case JSON_TRUE:
    case JSON_FALSE:
      return "true or false";
    case JSON_NULL:
      return "null";
  }
  return "unknown";
}

std::string WrongKind(const json_t* value, std::string_view wanted) {
  return std::string(KindOf(value)) + "; allowed: " + std::string(wanted);
}

std::string Element(const std::string& place, size_t index) {
  return place + "/" + std::to_string(index);
}

// What is wrong with a string, or nothing.
std::optional<core::Error> Judge(std::string_view text, const StringRule& rule) {
  if (text.size() > rule.max_bytes) {
    return core::Error{core::Reason::kTooLarge,
                       std::to_string(text.size()) + " bytes is too long; at most " +
                           std::to_string(rule.max_bytes),
                       ""};
  }
  if (text.empty() && rule.min_bytes == 0) return std::nullopt;
  if (text.size() < rule.min_bytes) {
    return core::Error{core::Reason::kMalformed,
                       std::to_string(text.size()) + " bytes is too short; at least " +
                           std::to_string(rule.min_bytes),
                       ""};
  }
  if (rule.accepts != nullptr && !rule.accepts(text)) {
    return core::Error{
        core::Reason::kMalformed,
        "\"" + Printable(text) + "\" is not allowed here; allowed: " + std::string(rule.allowed),
        ""};
  }
  return std::nullopt;
}

}  // namespace

ObjectReader::ObjectReader(const json_t* object, UnknownKeys unknown, std::string place)
    : object_(object), unknown_(unknown), place_(std::move(place)), error_(&own_error_) {
  if (!json_is_object(object_)) FailAt(core::Reason::kMalformed, place_, "not an object");
}

ObjectReader::ObjectReader(const json_t* object, ObjectReader& parent, std::string place)
    : object_(object), unknown_(parent.unknown_), place_(std::move(place)), error_(parent.error_) {
  if (ok() && !json_is_object(object_)) {
    FailAt(core::Reason::kMalformed, place_, WrongKind(object_, "an object"));
  }
}

const json_t* ObjectReader::Find(const char* key) {
  known_.emplace_back(key);
  return ok() ? json_object_get(object_, key) : nullptr;
}

const json_t* ObjectReader::Require(const char* key) {
  const json_t* value = Find(key);
  if (value == nullptr) FailAt(core::Reason::kMalformed, Place(key), "is missing");
  return value;
}

const json_t* ObjectReader::Array(const char* key, Count count) {
  const json_t* value = Require(key);
  if (value == nullptr) return nullptr;
  if (!json_is_array(value)) {
    FailAt(core::Reason::kMalformed, Place(key), WrongKind(value, "an array"));
    return nullptr;
  }
  const size_t size = json_array_size(value);
  if (size > count.max) {
    FailAt(core::Reason::kTooLarge, Place(key),
           std::to_string(size) + " elements; at most " + std::to_string(count.max));
    return nullptr;
  }
  if (size < count.min) {
    FailAt(core::Reason::kMalformed, Place(key),
           std::to_string(size) + " elements; at least " + std::to_string(count.min));
    return nullptr;
  }
  return value;
}

bool ObjectReader::Has(const char* key) {
  return Find(key) != nullptr;
}

std::string ObjectReader::ReadString(const json_t* value, const std::string& place,
                                     const StringRule& rule) {
  if (!json_is_string(value)) {
    FailAt(core::Reason::kMalformed, place, WrongKind(value, "a string"));
    return {};
  }
  const std::string_view text(json_string_value(value), json_string_length(value));
  if (std::optional<core::Error> fault = Judge(text, rule)) {
    FailAt(fault->code, place, fault->what);
    return {};
  }
  return std::string(text);
}

int64_t ObjectReader::ReadInt(const json_t* value, const std::string& place, int64_t lo,
                              int64_t hi) {
  if (!json_is_integer(value)) {
    FailAt(core::Reason::kMalformed, place, WrongKind(value, "an integer"));
    return lo;
  }
  const int64_t number = json_integer_value(value);
  if (number < lo || number > hi) {
    const bool is_low = number < lo;
    FailAt(core::Reason::kMalformed, place,
           std::to_string(number) +
               (is_low ? " is too small; at least " : " is too large; at most ") +
               std::to_string(is_low ? lo : hi));
    return lo;
  }
  return number;
}

std::string ObjectReader::ReadBytes(const json_t* value, const std::string& place,
                                    size_t max_bytes) {
  // Text that is one byte too long once decoded may be in the same group of four: look twice.
  const std::string text = ReadString(value, place, {0, (max_bytes + 2) / 3 * 4, nullptr, ""});
  if (!ok()) return {};
  core::Result<std::string> bytes = DecodeBase64(text);
  if (!bytes) {
    FailAt(core::Reason::kMalformed, place, bytes.error().what);
    return {};
  }
  if (bytes->size() > max_bytes) {
    FailAt(core::Reason::kTooLarge, place, "too long; at most " + std::to_string(max_bytes));
    return {};
  }
  return std::move(*bytes);
}

std::string ObjectReader::String(const char* key, const StringRule& rule) {
  const json_t* value = Require(key);
  if (value == nullptr) return {};
  return ReadString(value, Place(key), rule);
}

std::optional<std::string> ObjectReader::OptString(const char* key, const StringRule& rule) {
  const json_t* value = Find(key);
  if (value == nullptr) return std::nullopt;
  return ReadString(value, Place(key), rule);
}

int64_t ObjectReader::Int(const char* key, int64_t lo, int64_t hi) {
  const json_t* value = Require(key);
  if (value == nullptr) return lo;
  return ReadInt(value, Place(key), lo, hi);
}

std::optional<int64_t> ObjectReader::OptInt(const char* key, int64_t lo, int64_t hi) {
  const json_t* value = Find(key);
  if (value == nullptr) return std::nullopt;
  return ReadInt(value, Place(key), lo, hi);
}

bool ObjectReader::Bool(const char* key) {
  const json_t* value = Require(key);
  if (value == nullptr) return false;
  if (!json_is_boolean(value)) {
    FailAt(core::Reason::kMalformed, Place(key), WrongKind(value, "true or false"));
    return false;
  }
  return json_is_true(value);
}

bool ObjectReader::OptBool(const char* key, bool otherwise) {
  return Has(key) ? Bool(key) : otherwise;
}

core::Instant ObjectReader::Instant(const char* key) {
  return core::FromMillis(Int(key, 0, kLastMillis));
}

std::optional<core::Instant> ObjectReader::OptInstant(const char* key) {
  if (!Has(key)) return std::nullopt;
  return Instant(key);
}

core::Seconds ObjectReader::Duration(const char* key, core::Seconds lo, core::Seconds hi) {
  return core::Seconds{Int(key, lo.count(), hi.count())};
}

std::string ObjectReader::Bytes(const char* key, size_t max_bytes) {
  const json_t* value = Require(key);
  if (value == nullptr) return {};
  return ReadBytes(value, Place(key), max_bytes);
}

std::vector<std::string> ObjectReader::BytesList(const char* key, Count count, size_t max_bytes) {
  std::vector<std::string> result;
  const json_t* array = Array(key, count);
  for (size_t i = 0; ok() && i < json_array_size(array); ++i) {
    result.push_back(ReadBytes(json_array_get(array, i), Element(Place(key), i), max_bytes));
  }
  return result;
}

std::vector<std::string> ObjectReader::Strings(const char* key, const StringRule& rule,
                                               Count count) {
  std::vector<std::string> result;
  const json_t* array = Array(key, count);
  for (size_t i = 0; ok() && i < json_array_size(array); ++i) {
    result.push_back(ReadString(json_array_get(array, i), Element(Place(key), i), rule));
  }
  return result;
}

std::vector<int64_t> ObjectReader::Ints(const char* key, int64_t lo, int64_t hi, Count count) {
  std::vector<int64_t> result;
  const json_t* array = Array(key, count);
  for (size_t i = 0; ok() && i < json_array_size(array); ++i) {
    result.push_back(ReadInt(json_array_get(array, i), Element(Place(key), i), lo, hi));
  }
  return result;
}

std::map<std::string, std::string> ObjectReader::StringMap(const char* key, const StringRule& keys,
                                                           const StringRule& values, Count count) {
  std::map<std::string, std::string> result;
  Object(key, [&](ObjectReader& object) { result = object.Members(keys, values, count); });
  return result;
}

std::map<std::string, std::string> ObjectReader::Members(const StringRule& keys,
                                                         const StringRule& values, Count count) {
  std::map<std::string, std::string> result;
  all_known_ = true;
  if (!ok()) return result;
  const size_t size = json_object_size(object_);
  if (size < count.min || size > count.max) {
    FailAt(size > count.max ? core::Reason::kTooLarge : core::Reason::kMalformed, place_,
           std::to_string(size) + " keys; allowed: " + std::to_string(count.min) + " to " +
               std::to_string(count.max));
    return result;
  }
  const char* key = nullptr;
  json_t* value = nullptr;
  json_object_foreach(const_cast<json_t*>(object_), key, value) {  // NOLINT: the macro only reads
    if (std::optional<core::Error> fault = Judge(key, keys))
      FailAt(fault->code, place_, fault->what);
    std::string text = ReadString(value, Place(key), values);
    if (!ok()) return {};
    result.emplace(key, std::move(text));
  }
  return result;
}

void ObjectReader::Object(const char* key, const Visit& visit) {
  const json_t* value = Require(key);
  if (value == nullptr) return;
  ObjectReader object(value, *this, Place(key));
  if (!ok()) return;
  visit(object);
  object.CheckKeys();
}

void ObjectReader::Objects(const char* key, Count count, const Visit& visit) {
  const json_t* array = Array(key, count);
  for (size_t i = 0; ok() && i < json_array_size(array); ++i) {
    ObjectReader object(json_array_get(array, i), *this, Element(Place(key), i));
    if (!ok()) return;
    visit(object);
    object.CheckKeys();
  }
}

Json ObjectReader::Take(const char* key) {
  const json_t* value = Require(key);
  if (value == nullptr) return nullptr;
  if (!json_is_object(value)) {
    FailAt(core::Reason::kMalformed, Place(key), WrongKind(value, "an object"));
    return nullptr;
  }
  return Json(json_incref(const_cast<json_t*>(value)));  // NOLINT: counting is no change of value
}

Json ObjectReader::OptTake(const char* key) {
  return Has(key) ? Take(key) : nullptr;
}

size_t ObjectReader::Choose(const char* key, std::span<const std::string_view> names) {
  const json_t* value = Require(key);
  if (value == nullptr) return 0;
  const std::string text = ReadString(value, Place(key), {0, 4096, nullptr, ""});
  if (!ok()) return 0;
  const auto found = std::find(names.begin(), names.end(), text);
  if (found != names.end()) return static_cast<size_t>(found - names.begin());
  std::string what = "\"" + Printable(text) + "\" is not allowed here; allowed:";
  for (const std::string_view name : names) what.append(" ").append(name);
  FailAt(core::Reason::kMalformed, Place(key), what);
  return 0;
}

void ObjectReader::Fail(core::Reason code, std::string_view key, std::string_view what) {
  FailAt(code, key.empty() ? place_ : Place(key), what);
}

void ObjectReader::FailAt(core::Reason code, std::string place, std::string_view what) {
  if (error_->has_value()) return;
  std::string text(what);
  if (!place.empty()) text = place + ": " + text;
  *error_ = core::Error{code, std::move(text), std::move(place)};
}

std::string ObjectReader::Place(std::string_view key) const {
  std::string place = place_ + "/";
  for (const char c : Printable(key)) {  // RFC 6901: ~ and / are escaped
    if (c == '~') {
      place += "~0";
    } else if (c == '/') {
      place += "~1";
    } else {
      place += c;
    }
  }
  return place;
}

void ObjectReader::CheckKeys() {
  if (unknown_ == UnknownKeys::kIgnore || all_known_ || !ok()) return;
  const char* key = nullptr;
  json_t* value = nullptr;
  json_object_foreach(const_cast<json_t*>(object_), key, value) {  // NOLINT: the macro only reads
    if (std::find(known_.begin(), known_.end(), std::string_view(key)) != known_.end()) continue;
    return FailAt(core::Reason::kUnknownField, Place(key), "is not a key of this format");
  }
}

core::Result<void> ObjectReader::Finish() {
  CheckKeys();
  if (error_->has_value()) return **error_;
  return {};
}

}  // namespace daypass::wire
