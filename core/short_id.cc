// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include <cstdint>
#include <string_view>

#include "core/statement.h"

namespace daypass::core {
namespace {

uint64_t Nibble(char c) {
  return static_cast<uint64_t>(c <= '9' ? c - '0' : c - 'a' + 10);
}

}  // namespace

std::string ShortId(const Digest& id) {
  constexpr size_t kCharacters = 16;  // of five bits: the first ten bytes of the digest
  if (id.size() < kCharacters * 5 / 4) return {};
  constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";
  std::string text = "g-";
  uint64_t bits = 0;
  int held = 0;
  for (size_t i = 0; text.size() < kCharacters + 2; ++i) {
    bits = (bits << 4) | Nibble(id[i]);
    held += 4;
    if (held >= 5) {
      held -= 5;
      text += kAlphabet[(bits >> held) & 31];
    }
  }
  return text;
}

}  // namespace daypass::core
