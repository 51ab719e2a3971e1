// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/string_rule.h"

#include <algorithm>
#include <cstdint>

namespace daypass::wire {
namespace {

bool IsLower(char c) {
  return c >= 'a' && c <= 'z';
}
bool IsUpper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool IsDecimal(char c) {
  return c >= '0' && c <= '9';
}

bool IsHex(std::string_view text, size_t size) {
  return text.size() == size && std::all_of(text.begin(), text.end(), [](char c) {
           return IsDecimal(c) || (c >= 'a' && c <= 'f');
         });
}

constexpr char32_t kBad = 0xFFFD;

// Decodes one character and moves past it; kBad, one byte further, where the bytes are not UTF-8:
// cut off, longer than needed, half of a surrogate pair, or beyond the last character.
char32_t NextCharacter(std::string_view& text) {
  const auto first = static_cast<uint8_t>(text[0]);
  const size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  constexpr char32_t kFirstOfSize[] = {0, 0, 0x80, 0x800, 0x10000};
  char32_t character = size == 1 ? first : first & (0xFFu >> (size + 1));
  bool good = (first < 0x80 || first >= 0xC2) && first <= 0xF4 && text.size() >= size;
  for (size_t i = 1; good && i < size; ++i) {
    const auto byte = static_cast<uint8_t>(text[i]);
    good = (byte & 0xC0) == 0x80;
    character = character << 6 | (byte & 0x3Fu);
  }
  good = good && character >= kFirstOfSize[size] && character <= 0x10FFFF &&
         (character < 0xD800 || character > 0xDFFF);
  text.remove_prefix(good ? size : 1);
  return good ? character : kBad;
}

// Control characters, and what could make a line read other than it is written: marks of direction
// (bidi), invisible characters, line and paragraph separators.
bool IsDeceptive(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x61C || c == 0x180E ||
         (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
         (c >= 0xE0000 && c <= 0xE007F);
}

bool IsPlain(std::string_view text, std::string_view also_allowed) {
  while (!text.empty()) {
    const char32_t c = NextCharacter(text);
    if (IsDeceptive(c) &&
        (c > 0x7F || also_allowed.find(static_cast<char>(c)) == also_allowed.npos))
      return false;
  }
  return true;
}

bool IsLowName(std::string_view text, std::string_view also_inside) {
  if (text.empty() || text.size() > 63 || !(IsLower(text[0]) || IsDecimal(text[0]))) return false;
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return IsLower(c) || IsDecimal(c) || also_inside.find(c) != also_inside.npos;
  });
}

}  // namespace

bool IsPlainLine(std::string_view text) {
  return IsPlain(text, "");
}
bool IsPlainText(std::string_view text) {
  return IsPlain(text, "\n\t");
}
bool IsHostName(std::string_view text) {
  return IsLowName(text, ".-");
}
bool IsName(std::string_view text) {
  return IsLowName(text, "._-");
}

bool IsAccount(std::string_view text) {
  if (text.empty() || text.size() > 64) return false;
  const auto is_first = [](char c) { return IsLower(c) || IsUpper(c) || IsDecimal(c) || c == '_'; };
  if (!is_first(text[0])) return false;
  if (text.back() == '$') text.remove_suffix(1);  // machine accounts of a Windows domain
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return is_first(c) || c == '.' || c == '@' || c == '+' || c == '-';
  });
}

bool IsDigest(std::string_view text) {
  return IsHex(text, 64);
}
bool IsHex128(std::string_view text) {
  return IsHex(text, 32);
}

bool IsCanonicalPath(std::string_view text) {
  if (text.empty() || text[0] != '/') return false;
  if (text == "/") return true;
  while (!text.empty()) {
    text.remove_prefix(1);  // the slash
    const std::string_view component = text.substr(0, text.find('/'));
    if (component.empty() || component == "." || component == "..") return false;
    if (!IsPlainLine(component)) return false;
    text.remove_prefix(component.size());
  }
  return true;
}

bool IsZoneName(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
  const auto may_follow = [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '+';
  };
  while (true) {
    const std::string_view part = text.substr(0, text.find('/'));
    if (part.empty() || !is_letter(part[0])) return false;
    if (!std::all_of(part.begin(), part.end(), may_follow)) return false;
    if (part.size() == text.size()) return true;
    text.remove_prefix(part.size() + 1);
  }
}

bool IsClockTime(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return false;
  for (const size_t at : {0, 1, 3, 4}) {
    if (text[at] < '0' || text[at] > '9') return false;
  }
  return text[3] < '6' && text <= "24:00";
}

std::chrono::minutes ReadClockTime(std::string_view text) {
  if (!IsClockTime(text)) return {};
  const auto number = [&](size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
  return std::chrono::minutes{number(0) * 60 + number(3)};
}

bool IsWeekday(std::string_view text) {
  return std::find(kWeekdays.begin(), kWeekdays.end(), text) != kWeekdays.end();
}

bool IsFingerprint(std::string_view text) {
  constexpr std::string_view kPrefix = "SHA256:";
  if (text.size() != 50 || text.substr(0, kPrefix.size()) != kPrefix) return false;
  text.remove_prefix(kPrefix.size());
  return std::all_of(text.begin(), text.end(), [](char c) {
    return IsLower(c) || IsUpper(c) || IsDecimal(c) || c == '+' || c == '/';
  });
}

std::string ReplaceBadBytes(std::string_view text) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
  std::string good;
  good.reserve(text.size());
  while (!text.empty()) {
    const std::string_view before = text;
    const char32_t c = NextCharacter(text);
    good += c == kBad || c == 0 ? kReplacement : before.substr(0, before.size() - text.size());
  }
  return good;
}

std::string Visible(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string visible;
  while (!text.empty()) {
    const std::string_view before = text;
    const char32_t c = NextCharacter(text);
    const std::string_view bytes = before.substr(0, before.size() - text.size());
    if (!IsDeceptive(c) && c != kBad) {
      visible += bytes;
      continue;
    }
    for (const char byte : bytes) {
      visible += "\\x";
      visible += kDigits[static_cast<uint8_t>(byte) >> 4];
      visible += kDigits[static_cast<uint8_t>(byte) & 15];
    }
  }
  return visible;
}

std::string Printable(std::string_view text) {
  constexpr size_t kMaxShown = 64;
  std::string shown;
  for (std::string_view rest = text; !rest.empty() && shown.size() < kMaxShown;) {
    const std::string_view before = rest;
    const char32_t c = NextCharacter(rest);
    if (IsDeceptive(c) || c == kBad) {
      shown += '?';
    } else {
      shown += before.substr(0, before.size() - rest.size());
    }
  }
  return shown;
}

}  // namespace daypass::wire
