// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What a fuzz target is: one function that takes any bytes and ends the program where a promise is
// broken. One file per reader. The same file is a libFuzzer program in the preset `fuzz`, and in
// every other build a unit test that is fed the corpus (replay.cc). For each input it holds too
// that
//
//   1. reading it takes less than 100 ms of CPU a mebibyte, begun ones counted whole;
//   2. reading it takes at most four times the reader's limit of heap, or 1 MiB if that is more.
#pragma once

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/result.h"
#include "wire/string_rule.h"

namespace daypass::fuzz {

/// The product's own reading, and what it promises. Each target defines it.
struct Reader {
  size_t limit;      ///< bytes that it takes at most
  size_t max_input;  ///< bytes of a generated input; less than `limit` where that is slow
  void (*read)(std::string_view input);  ///< measured; nothing is checked
  size_t max_heap = 0;                   ///< if it is not that of the second promise
};
extern const Reader kReader;

/// toml++ makes a node of each value, with its place in the file: more than four times what is
/// written. These files are root's and administrators' own.
constexpr size_t kTomlFactor = 32;

/// Reads `input` in every way that the target knows, and checks what came out; not measured. Each
/// target defines it.
void Try(std::string_view input);

/// Ends the program unless `holds`, so that the input is kept. `promise`: what was broken.
inline void Require(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", promise);
  std::abort();
}

/// A refusal names a reason, and its text can be shown as it is.
inline void RequireFit(const core::Error& error) {
  Require(!core::ReasonName(error.code).empty(), "a fault has a reason");
  Require(!error.what.empty(), "a fault says what was wrong");
  Require(error.what.size() <= 16384, "a fault does not repeat its input");
  Require(wire::IsPlainText(error.what), "a fault's text is fit to be shown");
}

/// Cuts the input at the first `mark`, and moves past it; without one, all of it.
inline std::string_view TakeUntil(std::string_view& input, std::string_view mark) {
  const size_t end = input.find(mark);
  const std::string_view taken = input.substr(0, end);
  input.remove_prefix(end == input.npos ? input.size() : end + mark.size());
  return taken;
}
inline std::string_view TakeLine(std::string_view& input) {
  return TakeUntil(input, "\n");
}
inline char TakeByte(std::string_view& input) {
  const char byte = input.empty() ? '\0' : input.front();
  input.remove_prefix(input.empty() ? 0 : 1);
  return byte;
}

}  // namespace daypass::fuzz
