// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "tests/fuzz/harness.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/fuzz/meter.h"
#include "tests/fuzz/target.h"

namespace daypass::fuzz {
namespace {

constexpr size_t kMebibyte = size_t{1} << 20;
#ifdef __OPTIMIZE__
constexpr std::chrono::milliseconds kMostCpu{100};  // a mebibyte
#else
constexpr std::chrono::milliseconds kMostCpu{1500};  // sanitized and not optimised: 15 times
#endif
constexpr int kTries = 3;  // what is used for the first time is made then, and pages come in

}  // namespace

void TryMeasured(std::string_view input) {
  const size_t mebibytes = input.size() / kMebibyte + 1;
  const size_t four_times = std::max(4 * kReader.limit, kMebibyte);
  const size_t most_heap = kReader.max_heap > 0 ? kReader.max_heap : four_times;
  bool is_quick = false;
  bool is_small = false;
  for (int i = 0; i < kTries && !(is_quick && is_small); ++i) {
    const Meter meter;
    kReader.read(input);
    is_quick = is_quick || meter.Cpu() <= kMostCpu * mebibytes;
    is_small = is_small || meter.HeapPeak() <= most_heap;
    const bool is_last = i + 1 == kTries;
    if (is_last && !(is_quick && is_small)) {
      std::fprintf(stderr, "%zu bytes took %lld us and %zu bytes of heap (at most %zu)\n",
                   input.size(), static_cast<long long>(meter.Cpu().count()), meter.HeapPeak(),
                   most_heap);
    }
  }
  Require(is_quick, "an input is read in less than 100 ms a mebibyte");
  Require(is_small, "an input takes no more heap than may be");
  Try(input);
}

}  // namespace daypass::fuzz

#ifdef DAYPASS_LIBFUZZER

// Inputs are as long as the reader's limit makes sensible: said here, so that whoever starts the
// program by hand need not know.
extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  static std::string max_len = "-max_len=" + std::to_string(daypass::fuzz::kReader.max_input);
  static std::vector<char*> arguments(*argv, *argv + *argc);
  arguments.insert(arguments.begin() + 1, max_len.data());
  *argc = static_cast<int>(arguments.size());
  arguments.push_back(nullptr);
  *argv = arguments.data();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  daypass::fuzz::TryMeasured({reinterpret_cast<const char*>(data), size});
  return 0;
}

#endif
