// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/ssh_encoding.h"

namespace daypass::wire {

std::string_view SshReader::Raw(size_t size) {
  if (!ok_ || size > rest_.size()) {
    ok_ = false;
    return {};
  }
  const std::string_view bytes = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return bytes;
}

uint8_t SshReader::Byte() {
  const std::string_view bytes = Raw(1);
  return bytes.empty() ? uint8_t{0} : static_cast<uint8_t>(bytes[0]);
}

uint32_t SshReader::Uint32() {
  uint32_t value = 0;
  for (const char c : Raw(4)) value = value << 8 | static_cast<uint8_t>(c);
  return value;
}

std::string_view SshReader::String() {
  return Raw(Uint32());
}

std::string_view SshReader::PositiveMpint() {
  std::string_view bytes = String();
  const auto high_bit = [&](size_t i) { return (static_cast<uint8_t>(bytes[i]) & 0x80) != 0; };
  const bool has_zero = !bytes.empty() && bytes[0] == 0;
  // A zero stands in front only to keep a set high bit from meaning "negative".
  if (bytes.empty() || (has_zero && (bytes.size() == 1 || !high_bit(1))) ||
      (!has_zero && high_bit(0))) {
    ok_ = false;
    return {};
  }
  if (has_zero) bytes.remove_prefix(1);
  return bytes;
}

bool SshReader::IsDone() const {
  return ok_ && rest_.empty();
}

SshWriter& SshWriter::Raw(std::string_view bytes) {
  bytes_ += bytes;
  return *this;
}

SshWriter& SshWriter::Byte(uint8_t value) {
  bytes_ += static_cast<char>(value);
  return *this;
}

SshWriter& SshWriter::Uint32(uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) Byte(static_cast<uint8_t>(value >> shift & 0xff));
  return *this;
}

SshWriter& SshWriter::String(std::string_view bytes) {
  return Uint32(static_cast<uint32_t>(bytes.size())).Raw(bytes);
}

}  // namespace daypass::wire
