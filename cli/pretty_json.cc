// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "cli/pretty_json.h"

#include "core/escape.h"

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

/// One character outside of strings, with the white space that belongs to it.
std::string LayOut(char c, size_t& depth) {
  switch (c) {
    case '{':
    case '[':
      return c + LineAt(++depth);
    case '}':
    case ']':
      depth -= depth > 0 ? 1 : 0;
      return LineAt(depth) + c;
    case ',':
      return c + LineAt(depth);
    case ':':
      return ": ";
    default:
      return c > ' ' ? std::string(1, c) : "";
  }
}

bool IsEmptyPair(std::string_view json) {
  return json.starts_with("{}") || json.starts_with("[]");
}

}  // namespace

std::string PrettyJson(std::string_view json) {
  std::string out;
  size_t depth = 0;
  while (!json.empty()) {
    size_t taken = 1;
    if (json.front() == '"') {
      const std::string_view literal = StringAtFront(json);
      out += core::ForTerminal(literal);
      taken = literal.size();
    } else if (IsEmptyPair(json)) {
      out += json.substr(0, 2);
      taken = 2;
    } else {
      out += LayOut(json.front(), depth);
    }
    json.remove_prefix(taken);
  }
  return out;
}

}  // namespace daypass::cli
