// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What holds of each signed document, whatever its payload: once sealed it opens exactly if the
// payload parses, and with any bit of it flipped it does not open, and no parser sees it.
#pragma once

#include <string>
#include <string_view>

#include "tests/fuzz/target.h"
#include "wire/digest.h"
#include "wire/open.h"

namespace daypass::fuzz {

/// A key that every target holds, drawn at the start: no entry of a corpus depends on it.
inline const wire::PrivateKey& Key() {
  static const wire::PrivateKey key = wire::PrivateKey::Generate();
  return key;
}

/// A bit of `bytes` that depends on all of them, flipped.
inline std::string WithABitFlipped(std::string bytes) {
  const std::string digest = wire::Sha256(bytes);
  size_t at = 0;
  for (const char c : digest.substr(0, 4)) at = at << 8 | static_cast<unsigned char>(c);
  bytes[at % bytes.size()] ^= static_cast<char>(1 << (static_cast<unsigned char>(digest[4]) % 8));
  return bytes;
}

/// `parse`: Result<T>(std::string_view), the payload's reader; `max`: its limit.
template <typename T, typename Parse>
void TrySealed(std::string_view payload, std::string_view type, size_t max, Parse parse) {
  int parsed = 0;
  const auto counting = [&](std::string_view bytes) {
    ++parsed;
    Require(bytes == payload, "the parser gets the signed bytes");
    return parse(bytes);
  };
  const std::string sealed = wire::Seal(Key(), type, payload);
  const auto opened = wire::Open<T>(sealed, type, max, counting);
  const bool has_room = !payload.empty() && payload.size() <= max;
  Require(parsed == (has_room ? 1 : 0), "the parser is asked once, if the limit allows");
  Require(static_cast<bool>(opened) == (has_room && static_cast<bool>(parse(payload))),
          "what is sealed opens exactly if it parses");
  if (opened) {
    Require(opened->payload == payload, "what is opened is what was signed");
    Require(
        opened->signatures.size() == 1 && opened->signatures[0].key.blob == Key().public_key().blob,
        "the signer is who signed");
  } else {
    RequireFit(opened.error());
  }
  const bool flipped = static_cast<bool>(
      wire::Open<T>(WithABitFlipped(sealed), type, max, [&](std::string_view) -> core::Result<T> {
        Require(false, "verify, then parse");
        return core::Error{};
      }));
  Require(!flipped, "a flipped bit is found");
}

}  // namespace daypass::fuzz
