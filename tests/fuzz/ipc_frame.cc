// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Frames: the same messages however the stream is cut, and never more held than one may be long.
//
// Input: two bytes, from which the lengths of the pieces come, then the stream.
#include <vector>

#include "tests/fuzz/target.h"
#include "wire/ipc.h"

namespace daypass::fuzz {

const Reader kReader{.limit = wire::kMaxMessageBytes,
                     .max_input = size_t{6} << 10,
                     .read = [](std::string_view input) {
                       wire::FrameReader frames(wire::kMaxMessageBytes);
                       if (!frames.Feed(input)) return;
                       while (frames.Next()) continue;
                     }};

namespace {

constexpr size_t kMaxFrame = wire::kMaxUserMessageBytes;

struct Read {
  std::vector<std::string> messages;
  bool failed = false;
  bool has_partial = false;
};

/// Cuts the stream into pieces, and takes what is complete after each.
Read ReadInPieces(std::string_view stream, size_t step, size_t max_frame) {
  wire::FrameReader frames(max_frame);
  Read read;
  while (!stream.empty() && !read.failed) {
    const std::string_view piece = stream.substr(0, step);
    stream.remove_prefix(piece.size());
    if (auto fed = frames.Feed(piece); !fed) {
      RequireFit(fed.error());
      Require(!frames.Feed("x"), "a stream that failed stays failed");
      Require(!frames.Next(), "a stream that failed has no more messages");
      read.failed = true;
      return read;
    }
    while (auto message = frames.Next()) {
      Require(message->size() <= max_frame, "a message keeps to its limit");
      read.messages.push_back(*std::move(message));
    }
  }
  read.has_partial = frames.HasPartial();
  return read;
}

}  // namespace

void Try(std::string_view input) {
  const size_t step = 1 + static_cast<unsigned char>(TakeByte(input)) * size_t{7};
  const size_t other = 1 + static_cast<unsigned char>(TakeByte(input));
  const Read whole = ReadInPieces(input, input.size() + 1, kMaxFrame);
  std::string joined;
  for (const std::string& message : whole.messages) {
    Require(message.find('\0') == message.npos, "a message holds no NUL");
    joined += message + '\0';
  }
  if (!whole.failed) {
    Require(input.substr(0, joined.size()) == joined, "nothing of the stream is lost");
    Require(input.size() - joined.size() <= kMaxFrame, "what is unfinished keeps to the limit");
    Require(whole.has_partial == (input.size() > joined.size()), "what is unfinished is told");
  }
  for (const size_t size : {step, other}) {
    const Read pieces = ReadInPieces(input, size, kMaxFrame);
    Require(pieces.failed == whole.failed, "the cut does not make a message too long");
    if (!whole.failed) Require(pieces.messages == whole.messages, "the cut makes no message");
  }
}

}  // namespace daypass::fuzz
