// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Seals of rows: a checksum beside what a row says, so that damage shows which leaves SQLite's own
// structures whole, such as one flipped bit in a latched end. No secret is in it: who can write the
// store can write seals too; that nobody else can is the file's mode.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>

namespace daypass::agent {

/// 16 hexadecimal digits of the SHA-256 of `text`.
std::string SealOf(std::string_view text);

/// A value as SQLite gives it back as text; none is empty.
template <std::integral T>
std::string ColumnText(T value) {
  return std::to_string(value);
}
inline std::string_view ColumnText(std::string_view value) {
  return value;
}
template <typename T>
std::string ColumnText(const std::optional<T>& value) {
  return value ? ColumnText(*value) : std::string();
}

/// Of a row's values in the order of its line in store_open.cc.
template <typename... Values>
std::string Seal(std::string_view kind, const Values&... values) {
  std::string text(kind);
  ((text += '\n', text += ColumnText(values)), ...);
  return SealOf(text);
}

}  // namespace daypass::agent
