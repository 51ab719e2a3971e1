// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// SSH's binary encoding (RFC 4251, section 5): what keys and signatures are made of.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace daypass::wire {

/// Takes an encoding apart from the front. Too few bytes fail for good: every later read is empty,
/// and IsDone() is false. Results borrow from the bytes.
class SshReader {
 public:
  explicit SshReader(std::string_view bytes) : rest_(bytes) {}

  std::string_view Raw(size_t size);
  uint8_t Byte();
  uint32_t Uint32();
  std::string_view String();
  /// A positive mpint in its only encoding, without the leading zero; empty (and failed) if not.
  std::string_view PositiveMpint();

  bool ok() const { return ok_; }
  /// Whether everything was read, and nothing failed.
  bool IsDone() const;

 private:
  std::string_view rest_;
  bool ok_ = true;
};

/// Appends to an encoding.
class SshWriter {
 public:
  SshWriter& Raw(std::string_view bytes);
  SshWriter& Byte(uint8_t value);
  SshWriter& Uint32(uint32_t value);
  SshWriter& String(std::string_view bytes);

  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

}  // namespace daypass::wire
