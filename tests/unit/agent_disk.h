// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// A disk that remembers in which order SQLite wrote and synced, and can be looked at as a power cut
// would have left it at any moment: what was synced is there, of the rest any sectors. It stands at
// the edge of the OS, between SQLite and its own files.
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace daypass::agent {

struct DiskOp {
  enum class Kind : uint8_t { kWrite, kTruncate, kSync, kDelete };
  Kind kind = Kind::kWrite;
  std::string file;
  size_t offset = 0;  ///< kTruncate: the new size
  std::string bytes;
};

/// Records from its making to its end what every database of this process does. One at a time.
class RecordingDisk {
 public:
  RecordingDisk();
  RecordingDisk(const RecordingDisk&) = delete;
  RecordingDisk& operator=(const RecordingDisk&) = delete;
  RecordingDisk(RecordingDisk&&) = delete;
  RecordingDisk& operator=(RecordingDisk&&) = delete;
  ~RecordingDisk();

  const std::vector<DiskOp>& ops() const { return ops_; }
  void Note(DiskOp op) { ops_.push_back(std::move(op)); }

 private:
  std::vector<DiskOp> ops_;
};

/// Files, played from a recording.
class ReplayedDisk {
 public:
  using Files = std::map<std::string, std::string>;

  /// `files`: what was durable when the recording began.
  explicit ReplayedDisk(Files files) : durable_(std::move(files)) {}

  /// Plays the first `count` operations; never back.
  void PlayTo(const std::vector<DiskOp>& ops, size_t count);

  /// What a power cut here may leave: of what was not synced nothing, or all, or some sectors.
  enum class Unsynced : uint8_t { kLost, kKept, kTorn };
  Files Cut(Unsynced unsynced, std::mt19937_64& random) const;

 private:
  Files durable_;
  std::vector<DiskOp> unsynced_;
  size_t played_ = 0;
};

}  // namespace daypass::agent
