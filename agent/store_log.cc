// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/store_log.h"

#include <bit>
#include <cstdint>
#include <optional>
#include <string_view>

#include "platform/file.h"

namespace daypass::agent {
namespace {

constexpr size_t kMaxLog = size_t{1} << 30;
constexpr size_t kHeader = 32;
constexpr size_t kFrameHeader = 24;
constexpr uint32_t kMagic = 0x377f0682;  // the lowest bit: checksums are of big-endian words

uint32_t Word(std::string_view bytes, size_t at, bool is_big) {
  uint32_t word = 0;
  for (size_t i = 0; i < 4; ++i) {
    word = (word << 8) | static_cast<uint8_t>(bytes[is_big ? at + i : at + 3 - i]);
  }
  return word;
}

uint32_t Field(std::string_view bytes, size_t at) {
  return Word(bytes, at, /*is_big=*/true);
}

struct Checksum {
  uint32_t first = 0;
  uint32_t second = 0;

  void Add(std::string_view bytes, bool is_big) {
    for (size_t at = 0; at + 8 <= bytes.size(); at += 8) {
      first += Word(bytes, at, is_big) + second;
      second += Word(bytes, at + 4, is_big) + first;
    }
  }
  bool Is(std::string_view bytes, size_t at) const {
    return first == Field(bytes, at) && second == Field(bytes, at + 4);
  }
};

struct Log {
  explicit Log(std::string_view all)
      : bytes(all),
        is_big((Field(all, 0) & 1) != 0),
        frame_size(kFrameHeader + Field(all, 8)),
        salts(all.substr(16, 8)) {
    sum.Add(all.substr(0, 24), is_big);
  }
  bool HasHeader() const {
    const uint32_t page = Field(bytes, 8);
    return (Field(bytes, 0) & ~1U) == kMagic && page >= 512 && page <= 65536 && sum.Is(bytes, 24);
  }
  size_t count() const { return (bytes.size() - kHeader) / frame_size; }
  std::string_view Frame(size_t i) const {
    return bytes.substr(kHeader + i * frame_size, frame_size);
  }
  /// Written since the log was begun anew the last time; others are left from before.
  bool IsOfNow(size_t i) const { return Frame(i).substr(8, 8) == salts; }
  bool IsCommit(size_t i) const { return Field(Frame(i), 4) != 0; }
  /// Frames are valid one after the other: call it for each in turn.
  bool IsNextValid(size_t i) {
    const std::string_view frame = Frame(i);
    sum.Add(frame.substr(0, 8), is_big);
    sum.Add(frame.substr(kFrameHeader), is_big);
    return IsOfNow(i) && sum.Is(frame, 16);
  }

  std::string_view bytes;
  bool is_big;
  size_t frame_size;
  std::string_view salts;
  Checksum sum;
};

/// What the index says of the log.
struct Index {
  uint32_t frames = 0;  ///< in the log
  uint32_t folded = 0;  ///< of them, into the database
  std::string salts;
};

/// None where there is no index, or none that is whole: then it tells nothing.
std::optional<Index> ReadIndex(const std::string& path) {
  constexpr size_t kCopy = 48;
  constexpr size_t kSummed = 40;
  constexpr size_t kFolded = 96;
  constexpr bool kIsBig = std::endian::native == std::endian::big;
  const core::Result<std::string> bytes = platform::ReadBeginning(path, kFolded + 4);
  if (!bytes || bytes->size() < kFolded + 4) return std::nullopt;
  const std::string_view header = *bytes;
  Checksum sum;
  sum.Add(header.substr(0, kSummed), kIsBig);
  const bool is_whole = header.substr(0, kCopy) == header.substr(kCopy, kCopy) &&
                        sum.first == Word(header, kSummed, kIsBig) &&
                        sum.second == Word(header, kSummed + 4, kIsBig);
  if (!is_whole) return std::nullopt;
  return Index{Word(header, 16, kIsBig), Word(header, kFolded, kIsBig),
               std::string(header.substr(32, 8))};
}

core::Error Damaged(const std::string& path, const std::string& what) {
  return {core::Reason::kStoreUnavailable, path + ": " + what, {}};
}

/// `valid`: how many frames of it add up.
core::Result<void> CheckAgainst(const std::optional<Index>& index, std::string_view salts,
                                size_t valid, const std::string& path) {
  if (!index || index->folded >= index->frames) return {};
  if (!salts.empty() && index->salts != salts) return {};  // of before it was begun anew
  if (valid >= index->frames) return {};
  return Damaged(path, "commits that were kept are missing");
}

}  // namespace

core::Result<void> CheckLog(const std::string& path) {
  const std::string log_path = path + "-wal";
  const std::optional<Index> index = ReadIndex(path + "-shm");
  if (!platform::FileExists(log_path)) return CheckAgainst(index, {}, 0, log_path);
  const core::Result<std::string> bytes = platform::ReadFile(log_path, kMaxLog);
  if (!bytes) return bytes.error();
  if (bytes->size() < kHeader + kFrameHeader) return CheckAgainst(index, {}, 0, log_path);
  Log log(*bytes);
  if (!log.HasHeader()) return Damaged(log_path, "its header is damaged");
  size_t valid = 0;
  while (valid < log.count() && log.IsNextValid(valid)) ++valid;
  bool is_commit_behind = false;
  for (size_t i = valid; i < log.count(); ++i) {
    if (!log.IsOfNow(i)) continue;
    if (is_commit_behind) return Damaged(log_path, "commits that were kept are damaged");
    is_commit_behind = log.IsCommit(i);
  }
  return CheckAgainst(index, log.salts, valid, log_path);
}

}  // namespace daypass::agent
