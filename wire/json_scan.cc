// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/json_scan.h"

#include <algorithm>
#include <string>

namespace daypass::wire {
namespace {

// What jansson 2.14 takes from glibc for each thing, rounded up (wire_json_test measures it).
constexpr size_t kObjectMemory = 240;
constexpr size_t kArrayMemory = 144;
constexpr size_t kStringMemory = 160;  // as a member's name, with the member's pair
constexpr size_t kNumberMemory = 48;
constexpr size_t kMinTreeMemory = size_t{1} << 20;
constexpr size_t kMaxDigits = 16;  // of 2^53 - 1

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

class Scanner {
 public:
  Scanner(std::string_view bytes, const JsonLimits& limits)
      : bytes_(bytes),
        limits_(limits),
        memory_left_(limits.max_memory > 0 ? limits.max_memory
                                           : std::max(kMinTreeMemory, 4 * limits.max_bytes)) {}

  core::Result<void> Run() {
    if (bytes_.size() > limits_.max_bytes) {
      return TooLarge(std::to_string(bytes_.size()) + " bytes; at most " +
                      std::to_string(limits_.max_bytes));
    }
    while (at_ < bytes_.size()) {
      core::Result<void> step = Step();
      if (!step) return step;
    }
    return {};
  }

 private:
  core::Result<void> Step() {
    const char c = bytes_[at_];
    if (c == '"') return String();
    if (c == '-' || IsDigit(c)) return Number();
    ++at_;
    switch (c) {
      case '{':
        return Open(kObjectMemory);
      case '[':
        return Open(kArrayMemory);
      case '}':
      case ']':
        if (depth_ > 0) --depth_;  // one too many is bad grammar, which jansson says better
        return {};
      case '\0':
        return Malformed("a NUL byte; none is allowed");
      case 'n':  // outside of strings only `null` has one
        return Malformed("null is not used; leave the key out");
      default:
        return {};
    }
  }

  core::Result<void> Open(size_t memory) {
    if (++depth_ > limits_.max_depth) {
      return TooLarge("nested too deep; at most " + std::to_string(limits_.max_depth) + " levels");
    }
    return Spend(memory);
  }

  core::Result<void> String() {
    const size_t begin = ++at_;
    while (at_ < bytes_.size() && bytes_[at_] != '"') {
      if (bytes_[at_] == '\0') return Malformed("a NUL byte; none is allowed");
      at_ += bytes_[at_] == '\\' ? 2 : 1;
      if (at_ - begin > limits_.max_string) {
        return TooLarge("a string is too long; at most " + std::to_string(limits_.max_string) +
                        " bytes");
      }
    }
    const size_t length = std::min(at_, bytes_.size()) - begin;
    ++at_;
    return Spend(kStringMemory + length);
  }

  core::Result<void> Number() {
    if (bytes_[at_] == '-') ++at_;
    const size_t begin = at_;
    while (at_ < bytes_.size() && IsDigit(bytes_[at_])) {
      if (++at_ - begin > kMaxDigits) return Malformed("a number of more than 16 digits");
    }
    if (at_ < bytes_.size() && (bytes_[at_] == '.' || bytes_[at_] == 'e' || bytes_[at_] == 'E')) {
      return Malformed("a number that is no integer; only integers are used");
    }
    return Spend(kNumberMemory);
  }

  // A container holds a pointer to each of its values, and may have grown to twice its need.
  core::Result<void> Spend(size_t memory) {
    memory += 2 * sizeof(void*);
    if (memory > memory_left_) return TooLarge("too many values for a document of this kind");
    memory_left_ -= memory;
    return {};
  }

  core::Error TooLarge(std::string_view what) const { return At(core::Reason::kTooLarge, what); }
  core::Error Malformed(std::string_view what) const { return At(core::Reason::kMalformed, what); }
  core::Error At(core::Reason code, std::string_view what) const {
    return {code, "JSON, byte " + std::to_string(at_) + ": " + std::string(what), ""};
  }

  std::string_view bytes_;
  const JsonLimits& limits_;
  size_t at_ = 0;
  size_t depth_ = 0;
  size_t memory_left_;
};

}  // namespace

core::Result<void> ScanJson(std::string_view bytes, const JsonLimits& limits) {
  return Scanner(bytes, limits).Run();
}

}  // namespace daypass::wire
