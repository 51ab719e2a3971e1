// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/json_builder.h"

#include <jansson.h>

#include <new>
#include <utility>

#include "wire/base64.h"
#include "wire/string_rule.h"

namespace daypass::wire {
namespace {

// jansson returns null only for lack of memory, once a string is known to be valid.
Json Checked(json_t* value) {
  if (value == nullptr) throw std::bad_alloc();
  return Json(value);
}

Json MakeString(std::string_view text) {
  const bool has_nul = text.find('\0') != std::string_view::npos;
  if (json_t* value = has_nul ? nullptr : json_stringn(text.data(), text.size())) {
    return Json(value);
  }
  const std::string good = ReplaceBadBytes(text);
  if (good == text) throw std::bad_alloc();  // nothing was wrong with it
  return Checked(json_string(good.c_str()));
}

Json MakeInt(int64_t value) {
  return Checked(json_integer(value));
}

void SetMember(json_t* object, const char* key, Json value) {
  if (json_object_set_new(object, key, value.release()) != 0) throw std::bad_alloc();
}

void Append(json_t* array, Json value) {
  if (json_array_append_new(array, value.release()) != 0) throw std::bad_alloc();
}

}  // namespace

ObjectBuilder::ObjectBuilder() : json_(Checked(json_object())) {}

ObjectBuilder& ObjectBuilder::String(const char* key, std::string_view value) {
  SetMember(json_.get(), key, MakeString(value));
  return *this;
}

ObjectBuilder& ObjectBuilder::OptString(const char* key, std::string_view value) {
  return value.empty() ? *this : String(key, value);
}

ObjectBuilder& ObjectBuilder::Int(const char* key, int64_t value) {
  SetMember(json_.get(), key, MakeInt(value));
  return *this;
}

ObjectBuilder& ObjectBuilder::Bool(const char* key, bool value) {
  SetMember(json_.get(), key, Checked(json_boolean(value)));
  return *this;
}

ObjectBuilder& ObjectBuilder::Instant(const char* key, core::Instant value) {
  return Int(key, core::ToMillis(value));
}

ObjectBuilder& ObjectBuilder::Duration(const char* key, core::Seconds value) {
  return Int(key, value.count());
}

ObjectBuilder& ObjectBuilder::Bytes(const char* key, std::string_view value) {
  return String(key, EncodeBase64(value));
}

ObjectBuilder& ObjectBuilder::BytesList(const char* key, std::span<const std::string> values) {
  ArrayBuilder array;
  for (const std::string& value : values) array.String(EncodeBase64(value));
  return Array(key, array);
}

ObjectBuilder& ObjectBuilder::Strings(const char* key, std::span<const std::string> values) {
  ArrayBuilder array;
  for (const std::string& value : values) array.String(value);
  return Array(key, array);
}

ObjectBuilder& ObjectBuilder::StringMap(const char* key,
                                        const std::map<std::string, std::string>& values) {
  ObjectBuilder object;
  for (const auto& [name, value] : values) {
    object.String(ReplaceBadBytes(name).c_str(), value);
  }
  return Object(key, object);
}

ObjectBuilder& ObjectBuilder::Object(const char* key, const ObjectBuilder& value) {
  return Value(key, value.Share());
}

ObjectBuilder& ObjectBuilder::Array(const char* key, const ArrayBuilder& value) {
  return Value(key, value.Share());
}

ObjectBuilder& ObjectBuilder::Value(const char* key, Json value) {
  if (value != nullptr) SetMember(json_.get(), key, std::move(value));
  return *this;
}

Json ObjectBuilder::Share() const {
  return Json(json_incref(json_.get()));
}

ArrayBuilder::ArrayBuilder() : json_(Checked(json_array())) {}

ArrayBuilder& ArrayBuilder::String(std::string_view value) {
  return Value(MakeString(value));
}

ArrayBuilder& ArrayBuilder::Int(int64_t value) {
  return Value(MakeInt(value));
}

ArrayBuilder& ArrayBuilder::Object(const ObjectBuilder& value) {
  return Value(value.Share());
}

Json ArrayBuilder::Share() const {
  return Json(json_incref(json_.get()));
}

ArrayBuilder& ArrayBuilder::Value(Json value) {
  Append(json_.get(), std::move(value));
  return *this;
}

}  // namespace daypass::wire
