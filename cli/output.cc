// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Alignment, colour, and the two ways of printing a fault.
#include "cli/output.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "cli/exit.h"
#include "core/escape.h"

namespace daypass::cli {
namespace {

bool WantsColour(bool no_colour) {
  // Read once, before anything else runs: nothing in this program changes the environment.
  const char* off = std::getenv("NO_COLOR");   // NOLINT(concurrency-mt-unsafe)
  const char* terminal = std::getenv("TERM");  // NOLINT(concurrency-mt-unsafe)
  const bool dumb = terminal == nullptr || std::string_view(terminal) == "dumb";
  return !no_colour && (off == nullptr || *off == '\0') && !dumb && isatty(STDOUT_FILENO) == 1;
}

void Write(std::FILE* file, std::string_view text) {
  (void)std::fwrite(text.data(), 1, text.size(), file);
  (void)std::fflush(file);
}

std::string Pad(std::string_view text, size_t width) {
  const size_t is = DisplayWidth(text);
  return std::string(text) + std::string(is < width ? width - is : 0, ' ');
}

}  // namespace

std::string Style::Paint(std::string_view code, std::string_view text) const {
  if (!colour_ || text.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

size_t DisplayWidth(std::string_view text) {
  size_t width = 0;
  bool in_colour = false;
  for (const char c : text) {
    if (c == '\x1b') in_colour = true;
    const bool continues = (static_cast<unsigned char>(c) & 0xC0) == 0x80;
    if (!in_colour && !continues) ++width;
    if (c == 'm') in_colour = false;
  }
  return width;
}

Fields& Fields::Add(std::string_view name, std::string_view value) {
  if (!value.empty()) rows_.emplace_back(name, value);
  return *this;
}

std::string Fields::Text(const Style& style) const {
  size_t width = 0;
  for (const auto& [name, value] : rows_) width = std::max(width, DisplayWidth(name));
  std::string text;
  for (const auto& [name, value] : rows_) {
    std::string_view rest = value;
    std::string head = style.Dim(Pad(name, width));
    while (true) {
      const size_t end = std::min(rest.find('\n'), rest.size());
      text += fmt::format("{}{}  {}\n", indent_, head, rest.substr(0, end));
      if (end == rest.size()) break;
      rest.remove_prefix(end + 1);
      head = std::string(width, ' ');
    }
  }
  return text;
}

std::string Table::Text(const Style& style) const {
  std::vector<size_t> widths;
  widths.reserve(headings_.size());
  for (const std::string& heading : headings_) widths.push_back(DisplayWidth(heading));
  for (const auto& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], DisplayWidth(row[i]));
  }
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string text;
    for (size_t i = 0; i < cells.size(); ++i) text += Pad(cells[i], widths[i] + 2);
    return text.erase(text.find_last_not_of(' ') + 1);
  };
  std::string text = style.Dim(line(headings_)) + "\n";
  for (const auto& row : rows_) text += line(row) + "\n";
  return text;
}

Output::Output(bool json, bool no_colour) : json_(json), style_(!json && WantsColour(no_colour)) {}

void Output::Text(std::string_view text) {
  if (!json_) Write(stdout, text);
}

void Output::Json(const wire::ObjectBuilder& object) {
  if (json_) Write(stdout, object.Dump() + "\n");
}

void Output::Note(std::string_view text) {
  EndProgress();
  Write(stderr, std::string(text) + "\n");
}

void Output::Fault(const core::Error& error) {
  EndProgress();
  // The first line says what happened, the others what to do next.
  const size_t end = std::min(error.what.find('\n'), error.what.size());
  const std::string what = error.what.substr(0, end);
  const std::string hint = error.what.substr(std::min(end + 1, error.what.size()));
  if (json_) {
    wire::ObjectBuilder json;
    json.String("error", core::ReasonName(error.code)).String("message", what);
    json.OptString("hint", hint).OptString("field", error.field);
    json.Int("exit", static_cast<int64_t>(ExitOf(error.code)));
    Write(stdout, json.Dump() + "\n");
    return;
  }
  Write(stderr, "daypass: " + core::LinesForTerminal(what) + "\n");
  if (!hint.empty()) Write(stderr, core::LinesForTerminal(hint) + "\n");
}

void Output::Progress(std::string_view text) {
  if (json_ || isatty(STDERR_FILENO) != 1) return;
  Write(stderr, fmt::format("\r\x1b[K{}", text));
  progress_ = true;
}

void Output::EndProgress() {
  if (progress_) Write(stderr, "\r\x1b[K");
  progress_ = false;
}

core::Result<bool> Output::Confirm(std::string_view question) {
  if (json_ || isatty(STDIN_FILENO) != 1) {
    return core::Error{core::Reason::kMalformed,
                       "this needs an answer, and there is no terminal to ask on\n"
                       "Look at it first, then give --yes.",
                       "--yes"};
  }
  Write(stderr, fmt::format("{} [y/N] ", question));
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

}  // namespace daypass::cli
