// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// A strict reader of TOML tables. It remembers what is wrong, with file, line and column; after
// that every getter returns something harmless, so that callers read straight on and ask the Fault
// once at the end. A key that nobody asked for is refused by Finish.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <toml++/toml.h>

#include "core/result.h"
#include "core/time.h"
#include "wire/string_rule.h"

namespace daypass::wire {

/// Where something stands in the sources.
struct Place {
  std::string file;
  uint32_t line = 0;
  uint32_t column = 0;
  std::string Text() const;  ///< "roles/web.toml:3:8"; the file alone where there is no line
};

/// A text and where it stands, for checks that come later.
struct PlacedText {
  std::string value;
  Place place;
};

/// One thing that is wrong. `what` is said without the place.
struct PlacedFault {
  Place place;
  std::string what;
};

/// What is wrong, shared by all readers of a tree. Most callers want the first.
class Fault {
 public:
  /// After the first, one without a line is passed over: it follows from what is missing elsewhere.
  void Set(const Place& place, std::string_view what, core::Reason code = core::Reason::kMalformed);
  explicit operator bool() const { return error_.has_value(); }
  const core::Error& error() const { return *error_; }          ///< the first
  const std::vector<PlacedFault>& all() const { return all_; }  ///< in the order of reading

 private:
  std::optional<core::Error> error_;
  std::vector<PlacedFault> all_;
};

/// A parsed file: owns the nodes that TomlTables read.
class TomlFile {
 public:
  /// `name`: as errors print it. Fails kMalformed with name:line:column (syntax, duplicate key).
  static core::Result<TomlFile> Parse(std::string_view text, std::string name);
  /// The same; what is wrong goes into `fault`.
  static std::optional<TomlFile> Parse(std::string_view text, std::string name, Fault& fault);

  const toml::table& root() const { return root_; }
  const std::string& name() const { return name_; }

 private:
  TomlFile(toml::table root, std::string name) : root_(std::move(root)), name_(std::move(name)) {}
  toml::table root_;
  std::string name_;
};

/// Reads one table of a file. Both the file and the fault outlive it. In errors the table goes by
/// `label`: "role \"web\"".
class TomlTable {
 public:
  TomlTable(const TomlFile& file, Fault& fault);

  bool Has(std::string_view key) const;
  Place PlaceOf(std::string_view key) const;  ///< of the value; of the table if there is none
  Place place() const;
  void SetLabel(std::string label) { label_ = std::move(label); }

  // `rule`: what each text may be, as in the document that it goes into.
  PlacedText Text(std::string_view key, const StringRule& rule);
  std::optional<PlacedText> OptionalText(std::string_view key, const StringRule& rule);
  std::vector<PlacedText> Texts(std::string_view key, const StringRule& rule);
  std::vector<PlacedText> OptionalTexts(std::string_view key, const StringRule& rule);
  int64_t Integer(std::string_view key, int64_t lo, int64_t hi);
  std::optional<int64_t> OptionalInteger(std::string_view key, int64_t lo, int64_t hi);
  std::vector<int64_t> Integers(std::string_view key, size_t count);
  bool OptionalFlag(std::string_view key);                             ///< false if absent
  core::Seconds Duration(std::string_view key, core::Seconds most);    ///< "8h", 1 s to `most`
  std::optional<core::Instant> OptionalInstant(std::string_view key);  ///< a date-time with offset
  TomlTable Table(std::string_view key);
  std::optional<TomlTable> OptionalTable(std::string_view key);
  std::vector<TomlTable> OptionalTables(std::string_view key);  ///< [[key]], none if absent
  struct Item;                                                  ///< a text or a table
  /// An array of texts and tables.
  std::vector<Item> OptionalItems(std::string_view key, const StringRule& rule);
  /// Every key, sorted; each value a text.
  std::vector<std::pair<std::string, PlacedText>> TextEntries(const StringRule& rule);

  /// Refuses the first key that no getter named.
  void Finish();
  void Fail(const Place& where, std::string_view what);

 private:
  TomlTable(const toml::table& table, const std::string& file, Fault& fault, std::string label);
  const toml::node* Find(std::string_view key);
  const toml::node* Require(std::string_view key);
  std::string Labelled(std::string_view text) const;
  PlacedText TextOf(const toml::node& node, std::string_view key, const StringRule& rule);
  void WrongType(const toml::node& node, std::string_view key, std::string_view wanted);

  const toml::table* table_;
  const std::string* file_;
  Fault* fault_;
  std::string label_;
  std::set<std::string, std::less<>> known_;
};

struct TomlTable::Item {
  std::optional<PlacedText> text;
  std::optional<TomlTable> table;
};

}  // namespace daypass::wire
