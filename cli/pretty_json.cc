// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "cli/pretty_json.h"

#include "cli/escape.h"

namespace daypass::cli {
namespace {

/// The string literal at the front of `json`, quotes included.
std::string_view StringAtFront(std::string_view json) {
  size_t end = 1;
  while (end < json.size() && json[end] != '"') end += json[end] == '\\' ? 2 : 1;
  return json.substr(0, end + 1);
}

std::string LineAt(size_t depth) {
  return "\n" + std::string(2 * depth, ' ');
}

}  // namespace

std::string PrettyJson(std::string_view json) {
  std::string out;
  size_t depth = 0;
  while (!json.empty()) {
    const char c = json.front();
    if (c == '"') {
      const std::string_view literal = StringAtFront(json);
      out += ForTerminal(literal);
      json.remove_prefix(literal.size());
      continue;
    }
    json.remove_prefix(1);
    const bool opens = c == '{' || c == '[';
    const bool empty = opens && !json.empty() && (json.front() == '}' || json.front() == ']');
    if (empty) {
      out += {c, json.front()};
      json.remove_prefix(1);
    } else if (opens) {
      out += c + LineAt(++depth);
    } else if (c == '}' || c == ']') {
      depth -= depth > 0 ? 1 : 0;
      out += LineAt(depth) + c;
    } else if (c == ',') {
      out += c + LineAt(depth);
    } else if (c == ':') {
      out += ": ";
    } else if (c > ' ') {
      out += c;
    }
  }
  return out;
}

}  // namespace daypass::cli
