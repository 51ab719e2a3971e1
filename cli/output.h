// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// How the CLI looks: calm, aligned text on a terminal, one JSON object with --json. Colour only
// means something, never decorates, and is left out wherever it would not be obeyed.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "wire/json_builder.h"

namespace daypass::cli {

/// Colours, or nothing at all.
class Style {
 public:
  explicit Style(bool colour) : colour_(colour) {}
  std::string Bold(std::string_view text) const { return Paint("1", text); }
  std::string Dim(std::string_view text) const { return Paint("2", text); }
  std::string Good(std::string_view text) const { return Paint("32", text); }
  std::string Bad(std::string_view text) const { return Paint("31", text); }
  std::string Warning(std::string_view text) const { return Paint("1;33", text); }

 private:
  std::string Paint(std::string_view code, std::string_view text) const;
  bool colour_;
};

/// "name   value" lines, values in one column. A value of several lines stays in its column; an
/// empty one is left out. Values must be fit for a terminal already.
class Fields {
 public:
  explicit Fields(std::string_view indent = "") : indent_(indent) {}
  Fields& Add(std::string_view name, std::string_view value);
  std::string Text(const Style& style) const;

 private:
  std::string indent_;
  std::vector<std::pair<std::string, std::string>> rows_;
};

/// Rows under headings, columns aligned.
class Table {
 public:
  explicit Table(std::vector<std::string> headings) : headings_(std::move(headings)) {}
  void Add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  bool empty() const { return rows_.empty(); }
  std::string Text(const Style& style) const;

 private:
  std::vector<std::string> headings_;
  std::vector<std::vector<std::string>> rows_;
};

/// Standard output and standard error of this run.
class Output {
 public:
  /// `no_colour`: the flag. NO_COLOR and TERM=dumb count too, and only a terminal gets colour.
  Output(bool json, bool no_colour);

  bool json() const { return json_; }
  const Style& style() const { return style_; }

  void Text(std::string_view text);              ///< to standard output, unless --json
  void Json(const wire::ObjectBuilder& object);  ///< to standard output, only with --json
  void Note(std::string_view text);              ///< to standard error: progress, hints
  void Fault(const core::Error& error);          ///< to standard error; as JSON with --json
  /// A line that the next one overwrites; nothing unless standard error is a terminal.
  void Progress(std::string_view text);
  void EndProgress();

  /// Asks on the terminal; only "y" or "yes" is a yes. Fails kMalformed where there is no terminal.
  core::Result<bool> Confirm(std::string_view question);

 private:
  bool json_;
  Style style_;
  bool progress_ = false;
};

/// How many columns the text takes, colours not counted. Counts characters, as terminals mostly do.
size_t DisplayWidth(std::string_view text);

}  // namespace daypass::cli
