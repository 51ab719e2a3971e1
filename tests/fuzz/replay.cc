// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// replay CORPUS TARGET: a fuzz target as a plain test. It is fed
//
//   - each entry of its own corpus, then each entry of all others: nobody keeps to the right door;
//   - DAYPASS_ROUNDS mutations of its own entries, the same ones every time;
//   - giants: what is as large as the reader takes, and a byte larger, made of one thing.
//
// An input that breaks a promise is written to a file, whose name is the last line.
#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "tests/fuzz/harness.h"
#include "tests/fuzz/target.h"

namespace daypass::fuzz {
namespace {

std::string_view current;  // for whoever must say what broke it
std::string kept_as;

// Only what a signal handler may: the program's state is not to be trusted any more.
void KeepInput(int signal) {
  const int file = open(kept_as.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  std::string_view rest = current;
  while (file >= 0 && !rest.empty()) {
    const ssize_t put = write(file, rest.data(), rest.size());
    if (put <= 0) break;
    rest.remove_prefix(static_cast<size_t>(put));
  }
  constexpr std::string_view kSay = "the input is kept as ";
  (void)!write(STDERR_FILENO, kSay.data(), kSay.size());
  (void)!write(STDERR_FILENO, kept_as.data(), kept_as.size());
  (void)!write(STDERR_FILENO, "\n", 1);
  (void)std::signal(signal, SIG_DFL);
  (void)std::raise(signal);
}

void Feed(std::string_view input) {
  current = input;
  TryMeasured(input);
}

using Entries = std::vector<std::string>;

Entries ReadFolder(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& file : std::filesystem::directory_iterator(folder)) files.push_back(file.path());
  std::sort(files.begin(), files.end());
  Entries entries;
  for (const auto& file : files) {
    std::ostringstream bytes;
    bytes << std::ifstream(file, std::ios::binary).rdbuf();
    entries.push_back(bytes.str());
  }
  return entries;
}

/// Small changes as a fuzzer makes them, without its knowledge of what they reach.
class Mutator {
 public:
  explicit Mutator(const Entries& entries) : entries_(entries) {}

  std::string Next() {
    std::string bytes = AnyEntry();
    for (size_t changes = 1 + Below(4); changes > 0; --changes) Change(bytes);
    bytes.resize(std::min(bytes.size(), kReader.max_input));
    return bytes;
  }

 private:
  size_t Below(size_t end) { return end == 0 ? 0 : random_() % end; }
  const std::string& AnyEntry() { return entries_[Below(entries_.size())]; }
  std::string AnyPart(const std::string& bytes) {
    const size_t begin = Below(bytes.size() + 1);
    return bytes.substr(begin, 1 + Below(64));
  }

  void Change(std::string& bytes) {
    static const std::array<std::string, 16> kWords = {
        std::string(1, '\0'), "\xff", "\n",   "\"",           "{", "}",  "[", "]", "\\u0000", "-1",
        "9007199254740992",   "true", "null", "\xe2\x80\xae", "=", "../"};
    const size_t at = Below(bytes.size() + 1);
    switch (Below(7)) {
      case 0:
        if (!bytes.empty()) bytes[Below(bytes.size())] ^= static_cast<char>(1 << Below(8));
        return;
      case 1:
        if (!bytes.empty()) bytes[Below(bytes.size())] = static_cast<char>(Below(256));
        return;
      case 2:
        bytes.erase(at, 1 + Below(32));
        return;
      case 3:
        bytes.insert(at, AnyPart(bytes));
        return;
      case 4:
        bytes.insert(at, AnyPart(AnyEntry()));
        return;
      case 5:
        bytes.insert(at, kWords[Below(kWords.size())]);
        return;
      default:
        bytes.resize(at);
        return;
    }
  }

  const Entries& entries_;
  std::mt19937_64 random_{20260101};  // a fixed seed: a test that fails now fails again
};

/// `size` bytes: `head`, then `body` again and again, and `tail` if there is room for it.
std::string Giant(size_t size, std::string_view head, std::string_view body,
                  std::string_view tail) {
  std::string bytes(head.substr(0, size));
  while (bytes.size() + body.size() + tail.size() <= size) bytes += body;
  bytes += tail;
  bytes.resize(size, ' ');
  return bytes;
}

void FeedGiants(size_t size) {
  struct Form {
    std::string_view head, body, tail;
  };
  static constexpr std::string_view kNul("\0", 1);
  static constexpr std::array kForms = {
      Form{"", "a", ""},
      Form{"", kNul, ""},
      Form{"", "\n", ""},
      Form{"", "a.", "a=1"},
      Form{"", "[", ""},
      Form{"", "{\"\":", ""},
      Form{"{\"a\":\"", "\\u0041", "\"}"},
      Form{"{\"a\":[0", ",0", "]}"},
      Form{"{\"a\":[{}", ",{}", "]}"},
      Form{"{\"a\":[\"\"", ",\"\"", "]}"},
      Form{"{\"a\":1", ",\"a\":1", "}"},
      Form{"daypass-envelope 1 grant 1\n{\n", "-----BEGIN SSH SIGNATURE-----\n", ""},
      Form{"-----BEGIN SSH SIGNATURE-----\n", "AAAA\n", "-----END SSH SIGNATURE-----\n"},
      Form{"", "[[a]]\n", ""},
      Form{"a = [", "[],", "]"},
      Form{"a = ", "{a=", ""},
      Form{"", "exempt a sudo\n", ""},
      Form{"", "#", ""},
  };
  for (const Form& form : kForms) Feed(Giant(size, form.head, form.body, form.tail));
}

#ifdef __OPTIMIZE__
constexpr bool kIsOptimised = true;
#else
constexpr bool kIsOptimised =
    false;  // the sanitizers' build, where all of it takes ten times as long
#endif

size_t GiantBytes() {
  return kIsOptimised ? kReader.limit : std::min(kReader.limit, size_t{256} << 10);
}

size_t Rounds() {
  constexpr size_t kDefault = kIsOptimised ? 3000 : 500;
  const char* rounds = std::getenv("DAYPASS_ROUNDS");  // NOLINT: one thread
  return rounds == nullptr ? kDefault : std::strtoul(rounds, nullptr, 10);
}

int Replay(const std::filesystem::path& corpus, const std::string& target) {
  kept_as = (std::filesystem::temp_directory_path() / ("daypass-fuzz-" + target)).string();
  for (const int signal : {SIGABRT, SIGSEGV, SIGFPE}) (void)std::signal(signal, KeepInput);
  const Entries own = ReadFolder(corpus / target);
  Require(!own.empty(), "a target has a corpus");
  size_t fed = 0;
  for (const std::string& entry : own) {
    Feed(entry);
    ++fed;
  }
  for (const auto& folder : std::filesystem::directory_iterator(corpus)) {
    if (!folder.is_directory() || folder.path().filename() == target) continue;
    for (const std::string& entry : ReadFolder(folder.path())) {
      Feed(entry);
      ++fed;
    }
  }
  Mutator mutator(own);
  for (size_t i = 0; i < Rounds(); ++i) Feed(mutator.Next());
  FeedGiants(GiantBytes());
  FeedGiants(GiantBytes() + 1);
  std::printf("%s: %zu entries of the corpus, %zu mutations, giants of %zu bytes\n", target.c_str(),
              fed, Rounds(), GiantBytes());
  return 0;
}

}  // namespace
}  // namespace daypass::fuzz

int main(int argc, char** argv) {
  if (argc == 3) return daypass::fuzz::Replay(argv[1], argv[2]);
  std::fprintf(stderr, "usage: %s CORPUS TARGET\n", argv[0]);
  return 2;
}
