// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The strict TOML reader on toml++. Positions are toml++'s; the words of every error are here.
#include "wire/toml_table.h"

#include <algorithm>

#include "core/duration.h"

namespace daypass::wire {
namespace {

Place PlaceIn(const std::string& file, const toml::source_region& region) {
  return {file, region.begin.line, region.begin.column};
}

/// Midnight of a civil day plus the time of day, minus the offset.
core::Instant ToInstant(const toml::date_time& value) {
  const std::chrono::year_month_day day{std::chrono::year{value.date.year},
                                        std::chrono::month{value.date.month},
                                        std::chrono::day{value.date.day}};
  const auto time_of_day = std::chrono::hours{value.time.hour} +
                           std::chrono::minutes{value.time.minute} +
                           std::chrono::seconds{value.time.second} +
                           std::chrono::milliseconds{value.time.nanosecond / 1'000'000};
  return std::chrono::sys_days{day} + time_of_day - std::chrono::minutes{value.offset->minutes};
}

// Skips a string, whose first quote is at `at`; to the end of the text if it has no end.
size_t EndOfString(std::string_view text, size_t at) {
  const char quote = text[at];
  const std::string three(3, quote);
  const bool has_lines = text.substr(at, 3) == three;
  const std::string_view end = has_lines ? std::string_view(three) : text.substr(at, 1);
  at += end.size();
  while (at < text.size() && text.substr(at, end.size()) != end) {
    if (!has_lines && text[at] == '\n') return at;  // bad grammar, which toml++ says better
    at += quote == '"' && text[at] == '\\' ? 2 : 1;
  }
  return std::min(at + end.size(), text.size());
}

// toml++ makes a table within a table of each part of a dotted key, and takes them apart by
// recursion: a key of thousands of parts would end the program.
bool HasKeyOfTooManyParts(std::string_view text) {
  constexpr size_t kMaxParts = 8;
  size_t parts = 1;
  for (size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"' || c == '\'') {
      at = EndOfString(text, at);
      continue;
    }
    if (c == '#') {
      at = std::min(text.find('\n', at), text.size());
      continue;
    }
    if (c == '.' && ++parts > kMaxParts) return true;
    if (std::string_view("=,[]{}\n").find(c) != std::string_view::npos) parts = 1;
    ++at;
  }
  return false;
}

}  // namespace

std::string Place::Text() const {
  if (line == 0) return file;
  return file + ":" + std::to_string(line) + ":" + std::to_string(column);
}

void Fault::Set(const Place& place, std::string_view what, core::Reason code) {
  if (error_ && place.line == 0) return;
  all_.push_back({place, std::string(what)});
  if (!error_) error_ = core::Error{code, place.Text() + ": " + std::string(what), place.Text()};
}

core::Result<TomlFile> TomlFile::Parse(std::string_view text, std::string name) {
  Fault fault;
  std::optional<TomlFile> file = Parse(text, std::move(name), fault);
  if (!file) return fault.error();
  return *std::move(file);
}

std::optional<TomlFile> TomlFile::Parse(std::string_view text, std::string name, Fault& fault) {
  if (HasKeyOfTooManyParts(text)) {
    fault.Set({name}, "a key of more than 8 parts");
    return std::nullopt;
  }
  try {
    return TomlFile(toml::parse(text, std::string_view(name)), name);
  } catch (const toml::parse_error& wrong) {
    fault.Set(PlaceIn(name, wrong.source()), Visible(wrong.description()));
    return std::nullopt;
  }
}

TomlTable::TomlTable(const TomlFile& file, Fault& fault)
    : TomlTable(file.root(), file.name(), fault, "") {}

TomlTable::TomlTable(const toml::table& table, const std::string& file, Fault& fault,
                     std::string label)
    : table_(&table), file_(&file), fault_(&fault), label_(std::move(label)) {}

bool TomlTable::Has(std::string_view key) const {
  return table_->contains(key);
}

Place TomlTable::place() const {
  return PlaceIn(*file_, table_->source());
}

Place TomlTable::PlaceOf(std::string_view key) const {
  const toml::node* node = table_->get(key);
  return node == nullptr ? place() : PlaceIn(*file_, node->source());
}

std::string TomlTable::Labelled(std::string_view text) const {
  if (label_.empty()) return std::string(text);
  return label_ + ": " + std::string(text);
}

void TomlTable::Fail(const Place& where, std::string_view what) {
  fault_->Set(where, Labelled(what));
}

const toml::node* TomlTable::Find(std::string_view key) {
  known_.emplace(key);
  return table_->get(key);
}

const toml::node* TomlTable::Require(std::string_view key) {
  const toml::node* node = Find(key);
  if (node == nullptr) Fail(place(), std::string(key) + " is missing");
  return node;
}

void TomlTable::WrongType(const toml::node& node, std::string_view key, std::string_view wanted) {
  Fail(PlaceIn(*file_, node.source()), std::string(key) + " must be " + std::string(wanted));
}

PlacedText TomlTable::TextOf(const toml::node& node, std::string_view key, const StringRule& rule) {
  const toml::value<std::string>* text = node.as_string();
  if (text == nullptr) {
    WrongType(node, key, "a text in quotes");
    return {};
  }
  const std::string& value = text->get();
  const Place where = PlaceIn(*file_, node.source());
  if (value.size() < rule.min_bytes || value.size() > rule.max_bytes) {
    Fail(where, std::string(key) + (value.empty() ? " must not be empty" : " is too long") +
                    "; allowed are " + std::to_string(rule.min_bytes) + " to " +
                    std::to_string(rule.max_bytes) + " bytes");
  } else if (!value.empty() && rule.accepts != nullptr && !rule.accepts(value)) {
    Fail(where, std::string(key) + ": \"" + Printable(value) +
                    "\" is not allowed here; allowed: " + std::string(rule.allowed));
  }
  return {value, where};
}

PlacedText TomlTable::Text(std::string_view key, const StringRule& rule) {
  const toml::node* node = Require(key);
  if (node == nullptr) return {};
  return TextOf(*node, key, rule);
}

std::optional<PlacedText> TomlTable::OptionalText(std::string_view key, const StringRule& rule) {
  const toml::node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  return TextOf(*node, key, rule);
}

std::vector<PlacedText> TomlTable::Texts(std::string_view key, const StringRule& rule) {
  if (Require(key) == nullptr) return {};
  return OptionalTexts(key, rule);
}

std::vector<PlacedText> TomlTable::OptionalTexts(std::string_view key, const StringRule& rule) {
  const toml::node* node = Find(key);
  if (node == nullptr) return {};
  const toml::array* items = node->as_array();
  if (items == nullptr) {
    WrongType(*node, key, "a list of texts, such as [\"a\", \"b\"]");
    return {};
  }
  std::vector<PlacedText> texts;
  for (const toml::node& item : *items) texts.push_back(TextOf(item, key, rule));
  return texts;
}

int64_t TomlTable::Integer(std::string_view key, int64_t lo, int64_t hi) {
  if (Require(key) == nullptr) return lo;
  return OptionalInteger(key, lo, hi).value_or(lo);
}

std::optional<int64_t> TomlTable::OptionalInteger(std::string_view key, int64_t lo, int64_t hi) {
  const toml::node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  const toml::value<int64_t>* number = node->as_integer();
  if (number == nullptr) {
    WrongType(*node, key, "a whole number");
    return std::nullopt;
  }
  if (number->get() < lo || number->get() > hi) {
    Fail(PlaceOf(key), std::string(key) + " is " + std::to_string(number->get()) + "; allowed is " +
                           std::to_string(lo) + " to " + std::to_string(hi));
    return std::nullopt;
  }
  return number->get();
}

std::vector<int64_t> TomlTable::Integers(std::string_view key, size_t count) {
  const std::vector<int64_t> harmless(count, 0);
  const toml::node* node = Require(key);
  if (node == nullptr) return harmless;
  const toml::array* items = node->as_array();
  std::vector<int64_t> numbers;
  if (items != nullptr) {
    for (const toml::node& item : *items) {
      if (item.is_integer()) numbers.push_back(item.as_integer()->get());
    }
  }
  if (items == nullptr || numbers.size() != items->size() || numbers.size() != count) {
    WrongType(*node, key, "a list of " + std::to_string(count) + " whole numbers");
    return harmless;
  }
  return numbers;
}

bool TomlTable::OptionalFlag(std::string_view key) {
  const toml::node* node = Find(key);
  if (node == nullptr) return false;
  if (!node->is_boolean()) {
    WrongType(*node, key, "true or false");
    return false;
  }
  return node->as_boolean()->get();
}

core::Seconds TomlTable::Duration(std::string_view key, core::Seconds most) {
  const PlacedText text = Text(key, kLine);
  if (text.value.empty()) return {};
  core::Result<core::Seconds> duration = core::ParseDuration(text.value);
  if (!duration) {
    Fail(text.place, std::string(key) + ": " + duration.error().what);
    return {};
  }
  if (*duration > most) {
    Fail(text.place, std::string(key) + ": " + text.value + " is too long; at most " +
                         core::FormatDuration(most));
  }
  return *duration;
}

std::optional<core::Instant> TomlTable::OptionalInstant(std::string_view key) {
  const toml::node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  if (!node->is_date_time() || !node->as_date_time()->get().offset) {
    WrongType(*node, key, "a moment with its offset, such as 2027-01-31T18:00:00Z");
    return std::nullopt;
  }
  return ToInstant(node->as_date_time()->get());
}

TomlTable TomlTable::Table(std::string_view key) {
  static const toml::table kEmpty;
  Require(key);
  std::optional<TomlTable> table = OptionalTable(key);
  if (table) return *std::move(table);
  return TomlTable(kEmpty, *file_, *fault_, std::string(key));
}

std::optional<TomlTable> TomlTable::OptionalTable(std::string_view key) {
  const toml::node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  if (!node->is_table()) {
    WrongType(*node, key, "a table");
    return std::nullopt;
  }
  return TomlTable(*node->as_table(), *file_, *fault_, Labelled(key));
}

std::vector<TomlTable> TomlTable::OptionalTables(std::string_view key) {
  std::vector<TomlTable> tables;
  for (Item& item : OptionalItems(key, kText)) {
    if (item.table) {
      tables.push_back(*std::move(item.table));
    } else {
      Fail(item.text->place, std::string(key) + " must be written as [[" + std::string(key) + "]]");
    }
  }
  return tables;
}

std::vector<TomlTable::Item> TomlTable::OptionalItems(std::string_view key,
                                                      const StringRule& rule) {
  const toml::node* node = Find(key);
  if (node == nullptr) return {};
  const toml::array* array = node->as_array();
  if (array == nullptr) {
    WrongType(*node, key, "a list");
    return {};
  }
  std::vector<Item> items;
  for (const toml::node& node_of_item : *array) {
    if (const toml::table* table = node_of_item.as_table()) {
      items.push_back({std::nullopt, TomlTable(*table, *file_, *fault_, Labelled(key))});
    } else {
      items.push_back({TextOf(node_of_item, key, rule), std::nullopt});
    }
  }
  return items;
}

std::vector<std::pair<std::string, PlacedText>> TomlTable::TextEntries(const StringRule& rule) {
  std::vector<std::pair<std::string, PlacedText>> entries;
  for (const auto& [key, node] : *table_) {
    known_.emplace(key.str());
    entries.emplace_back(key.str(), TextOf(node, Printable(key.str()), rule));
  }
  return entries;
}

void TomlTable::Finish() {
  for (const auto& [key, node] : *table_) {
    if (known_.contains(key.str())) continue;
    std::string allowed;
    for (const std::string& name : known_) allowed += (allowed.empty() ? "" : ", ") + name;
    Fail(PlaceIn(*file_, key.source()),
         "\"" + Printable(key.str()) + "\" is not known here; known are " + allowed);
  }
}

}  // namespace daypass::wire
