// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Reads typed values out of a JSON object. The first fault sticks: after it every read returns an
// empty value, and Finish() hands the fault out. So a parser is a plain list of fields, and one
// check at its end. Sub-objects are read in callbacks: none can be left without its own check for
// unknown keys.
//
//   ObjectReader in(json.get());
//   status.host = in.String("host", kHostName);
//   in.Object("receipt", [&](ObjectReader& receipt) { seq = receipt.Int("seq", 0, kMaxJsonInt); });
//   if (auto done = in.Finish(); !done) return std::move(done).error();
//
// Faults: kMalformed (missing, wrong type, out of range, letters not allowed), kTooLarge (a string
// or array over its limit), kUnknownField. Error.field is the JSON pointer of the place.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "wire/json.h"
#include "wire/string_rule.h"

namespace daypass::wire {

/// Signed documents, configuration and HTTP bodies refuse; IPC and HTTP answers ignore, so that
/// programs one version apart understand each other.
enum class UnknownKeys : uint8_t { kRefuse, kIgnore };

/// How many elements an array may have.
struct Count {
  size_t min = 0;
  size_t max = 1000;
};

class ObjectReader {
 public:
  using Visit = std::function<void(ObjectReader&)>;

  /// `object`: borrowed, outlives the reader. `place`: JSON pointer of the object, for messages.
  explicit ObjectReader(const json_t* object, UnknownKeys unknown = UnknownKeys::kRefuse,
                        std::string place = "");
  ObjectReader(const ObjectReader&) = delete;
  ObjectReader& operator=(const ObjectReader&) = delete;
  ObjectReader(ObjectReader&&) = delete;
  ObjectReader& operator=(ObjectReader&&) = delete;
  ~ObjectReader() = default;

  /// Whether the key is there. Counts as known from then on.
  bool Has(const char* key);

  std::string String(const char* key, const StringRule& rule);
  std::optional<std::string> OptString(const char* key, const StringRule& rule);
  int64_t Int(const char* key, int64_t lo, int64_t hi);
  std::optional<int64_t> OptInt(const char* key, int64_t lo, int64_t hi);
  bool Bool(const char* key);
  bool OptBool(const char* key, bool otherwise = false);

  /// Milliseconds since the epoch, up to the year 9999.
  core::Instant Instant(const char* key);
  std::optional<core::Instant> OptInstant(const char* key);
  /// Seconds, between `lo` and `hi`.
  core::Seconds Duration(const char* key, core::Seconds lo, core::Seconds hi);

  /// The value that goes with a name: Enum("door", {{"sudo", Door::kSudo}, ...}).
  template <typename E>
  E Enum(const char* key, std::initializer_list<std::pair<std::string_view, E>> names);

  /// Strict base64 of bytes from outside, at most `max_bytes` of them once decoded.
  std::string Bytes(const char* key, size_t max_bytes);
  std::vector<std::string> BytesList(const char* key, Count count, size_t max_bytes);

  std::vector<std::string> Strings(const char* key, const StringRule& rule, Count count);
  std::vector<int64_t> Ints(const char* key, int64_t lo, int64_t hi, Count count);
  /// Every member of the sub-object `key`, all strings: labels.
  std::map<std::string, std::string> StringMap(const char* key, const StringRule& keys,
                                               const StringRule& values, Count count);
  /// Every member of this object, all strings; all become known.
  std::map<std::string, std::string> Members(const StringRule& keys, const StringRule& values,
                                             Count count);

  /// Calls `visit` with a reader of the sub-object, and checks it for unknown keys afterwards.
  void Object(const char* key, const Visit& visit);
  /// The same for each element of an array of objects.
  void Objects(const char* key, Count count, const Visit& visit);

  /// An own reference to the sub-object, unread; null after a fault. For messages that carry
  /// another one's parameters.
  Json Take(const char* key);
  /// The same, but null without a fault if the key is not there.
  Json OptTake(const char* key);
  /// The object itself, borrowed: for digests of a part of a document.
  const json_t* object() const { return object_; }

  /// Reports a fault of the caller's own. `key`: in this object, or empty for the object itself.
  void Fail(core::Reason code, std::string_view key, std::string_view what);
  /// False after the first fault.
  bool ok() const { return !error_->has_value(); }

  /// The first fault, if there was one; unknown keys are one.
  core::Result<void> Finish();

 private:
  ObjectReader(const json_t* object, ObjectReader& parent, std::string place);

  const json_t* Find(const char* key);
  const json_t* Require(const char* key);
  const json_t* Array(const char* key, Count count);
  std::string ReadString(const json_t* value, const std::string& place, const StringRule& rule);
  int64_t ReadInt(const json_t* value, const std::string& place, int64_t lo, int64_t hi);
  std::string ReadBytes(const json_t* value, const std::string& place, size_t max_bytes);
  void FailAt(core::Reason code, std::string place, std::string_view what);
  void CheckKeys();
  std::string Place(std::string_view key) const;
  size_t Choose(const char* key, std::span<const std::string_view> names);

  const json_t* object_;
  UnknownKeys unknown_;
  std::string place_;
  std::vector<std::string_view> known_;
  bool all_known_ = false;
  std::optional<core::Error> own_error_;
  std::optional<core::Error>* error_;  // the outermost reader's
};

template <typename E>
E ObjectReader::Enum(const char* key, std::initializer_list<std::pair<std::string_view, E>> names) {
  std::vector<std::string_view> words;
  words.reserve(names.size());
  for (const auto& [word, value] : names) words.push_back(word);
  return (names.begin() + Choose(key, words))->second;
}

}  // namespace daypass::wire
