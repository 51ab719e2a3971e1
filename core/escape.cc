// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Decodes UTF-8 strictly and passes on only what is visible and stays in its place.
#include "core/escape.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace daypass::core {
namespace {

struct Decoded {
  uint32_t code = 0;
  size_t length = 0;  ///< bytes taken; 0: not UTF-8
};

/// The character at the front of `text`, which is not empty. Refuses what RFC 3629 refuses:
/// overlong forms, surrogates, beyond U+10FFFF, cut off.
Decoded DecodeFront(std::string_view text) {
  const auto lead = static_cast<uint8_t>(text[0]);
  if (lead < 0x80) return {lead, 1};
  struct Form {
    uint8_t mask, mark;
    size_t length;
    uint32_t least;
  };
  constexpr std::array kForms = {Form{0xE0, 0xC0, 2, 0x80}, Form{0xF0, 0xE0, 3, 0x800},
                                 Form{0xF8, 0xF0, 4, 0x10000}};
  for (const Form& form : kForms) {
    if ((lead & form.mask) != form.mark) continue;
    if (text.size() < form.length) return {};
    uint32_t code = lead & static_cast<uint8_t>(~form.mask);
    for (size_t i = 1; i < form.length; ++i) {
      const auto next = static_cast<uint8_t>(text[i]);
      if ((next & 0xC0) != 0x80) return {};
      code = (code << 6) | (next & 0x3F);
    }
    const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
    if (code < form.least || code > 0x10FFFF || is_surrogate) return {};
    return {code, form.length};
  }
  return {};
}

struct Range {
  uint32_t first, last;
};
/// Beyond ASCII: controls, what turns or breaks lines, what cannot be seen. Source: Unicode 15,
/// general categories Cc, Cf, Zl, Zp, and the fillers that render as nothing.
constexpr std::array kHidden = {
    Range{0x80, 0x9F},      Range{0xAD, 0xAD},     Range{0x34F, 0x34F},     Range{0x600, 0x605},
    Range{0x61C, 0x61C},    Range{0x6DD, 0x6DD},   Range{0x70F, 0x70F},     Range{0x115F, 0x1160},
    Range{0x17B4, 0x17B5},  Range{0x180B, 0x180F}, Range{0x200B, 0x200F},   Range{0x2028, 0x202E},
    Range{0x2060, 0x206F},  Range{0x3164, 0x3164}, Range{0xFE00, 0xFE0F},   Range{0xFEFF, 0xFEFF},
    Range{0xFFA0, 0xFFA0},  Range{0xFFF0, 0xFFFB}, Range{0x1BCA0, 0x1BCA3}, Range{0x1D173, 0x1D17A},
    Range{0xE0000, 0xE0FFF}};

bool IsHidden(uint32_t code) {
  for (const Range& range : kHidden) {
    if (code >= range.first && code <= range.last) return true;
  }
  return false;
}

/// Lowercase, with zeros in front up to `width`.
std::string Hex(uint32_t value, size_t width) {
  std::string digits;
  do {
    digits.insert(digits.begin(), "0123456789abcdef"[value & 15]);
    value >>= 4;
  } while (value != 0 || digits.size() < width);
  return digits;
}

std::string EscapeControl(uint32_t code) {
  switch (code) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    case 0x1B:
      return "\\e";
    default:
      return "\\x" + Hex(code, 2);
  }
}

/// One character. `bytes`: as it was written. `quoting`: inside $'...', where backslash and quote
/// have a meaning of their own.
std::string EscapeCharacter(uint32_t code, std::string_view bytes, bool quoting) {
  if (code < 0x20 || code == 0x7F) return EscapeControl(code);
  if (IsHidden(code)) {
    if (quoting) return "\\U" + Hex(code, 8);
    return "\\u{" + Hex(code, 1) + "}";
  }
  if (quoting && (code == '\\' || code == '\'')) return "\\" + std::string(bytes);
  return std::string(bytes);
}

std::string Escape(std::string_view text, bool quoting) {
  std::string out;
  while (!text.empty()) {
    const Decoded next = DecodeFront(text);
    if (next.length == 0) {
      out += "\\x" + Hex(static_cast<uint8_t>(text[0]), 2);
    } else {
      out += EscapeCharacter(next.code, text.substr(0, next.length), quoting);
    }
    text.remove_prefix(std::max<size_t>(next.length, 1));
  }
  return out;
}

bool IsShellSafe(std::string_view text) {
  constexpr std::string_view kSafe =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
  return !text.empty() && text.find_first_not_of(kSafe) == std::string_view::npos;
}

}  // namespace

std::string ForTerminal(std::string_view text) {
  return Escape(text, false);
}

std::string LinesForTerminal(std::string_view text) {
  std::string out;
  while (true) {
    const size_t end = std::min(text.find('\n'), text.size());
    out += ForTerminal(text.substr(0, end));
    if (end == text.size()) return out;
    out += '\n';
    text.remove_prefix(end + 1);
  }
}

std::string CommandWord(std::string_view argument) {
  if (IsShellSafe(argument)) return std::string(argument);
  const std::string escaped = Escape(argument, true);
  if (escaped == argument) return "'" + escaped + "'";
  return "$'" + escaped + "'";
}

}  // namespace daypass::core
