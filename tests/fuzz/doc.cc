// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass doc show and doc extract, of any file: what is called good is good, what is taken out is
// what was signed, and nothing of it does anything to a terminal.
#include <sys/mman.h>

#include "cli/verb.h"
#include "core/escape.h"
#include "tests/fuzz/scratch.h"
#include "tests/fuzz/target.h"
#include "wire/envelope.h"
#include "wire/limits.h"
#include "wire/sshsig.h"

namespace daypass::fuzz {

namespace {

/// What the program prints meanwhile, instead of printing it.
class Printed {
 public:
  Printed() : before_(dup(STDOUT_FILENO)), memory_(memfd_create("printed", MFD_CLOEXEC)) {
    Require(before_ >= 0 && memory_ >= 0 && dup2(memory_, STDOUT_FILENO) >= 0,
            "what is printed can be looked at");
  }
  ~Printed() {
    dup2(before_, STDOUT_FILENO);
    close(before_);
    close(memory_);
  }
  Printed(const Printed&) = delete;
  Printed& operator=(const Printed&) = delete;

  std::string Text() const {
    std::string text(static_cast<size_t>(lseek(memory_, 0, SEEK_END)), '\0');
    Require(pread(memory_, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()),
            "what was printed is there");
    return text;
  }

 private:
  int before_;
  int memory_;
};

/// Takes a verb's texts by the names of its options.
class Given : public cli::Options {
 public:
  explicit Given(std::map<std::string, std::string> texts) : texts_(std::move(texts)) {}
  void Text(std::string& value, std::string_view name, std::string_view, std::string_view,
            cli::Need) override {
    value = texts_[std::string(name)];
  }
  void List(std::vector<std::string>&, std::string_view, std::string_view,
            std::string_view) override {}
  void Rest(std::vector<std::string>&, std::string_view, std::string_view) override {}
  void Duration(std::optional<core::Seconds>&, std::string_view, std::string_view,
                cli::Need) override {}
  void Number(std::optional<uint64_t>&, std::string_view, std::string_view,
              std::string_view) override {}
  void Flag(bool&, std::string_view, std::string_view) override {}

 private:
  std::map<std::string, std::string> texts_;
};

core::Result<cli::Exit> Run(cli::Verb& verb, bool json, const std::string& folder) {
  cli::Globals globals;
  globals.json = json;
  cli::Output out(json, true);
  cli::Context context{globals, out, platform::MakePaths(folder)};
  return verb.Run(context);
}

bool AllGood(std::string_view input) {
  const auto type = wire::ClaimedType(input);
  if (!type) return false;
  const auto envelope = wire::ParseEnvelope(input, *type, wire::kMaxPolicyBytes);
  return envelope && wire::VerifyAll(*envelope);
}

void TryShow(std::string_view input, const std::string& file, const std::string& folder) {
  const std::unique_ptr<cli::Verb> verb = cli::MakeDocShow();
  Given given({{"FILE", file}});
  verb->Declare(given);
  for (const bool json : {false, true}) {
    const Printed printed;
    const auto exit = Run(*verb, json, folder);
    if (!exit) {
      RequireFit(exit.error());
      continue;
    }
    Require((*exit == cli::Exit::kDone) == AllGood(input), "what is called good is good");
    const std::string text = printed.Text();
    const bool is_json = static_cast<bool>(wire::ParseJson(
        text, {.max_bytes = text.size(), .max_depth = 20, .max_string = text.size()}));
    Require(json ? is_json : core::LinesForTerminal(text) == text,
            "what is shown does nothing to a terminal");
  }
}

std::string ReadAll(const std::string& file) {
  const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  Require(fd >= 0, "what was taken out is there");
  std::string bytes(static_cast<size_t>(lseek(fd, 0, SEEK_END)), '\0');
  Require(pread(fd, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()),
          "what was taken out can be read");
  close(fd);
  return bytes;
}

void TryExtract(std::string_view input, const std::string& file, const std::string& folder) {
  const std::unique_ptr<cli::Verb> verb = cli::MakeDocExtract();
  Given given({{"FILE", file}, {"--payload", folder + "/payload"}, {"--signatures", folder}});
  verb->Declare(given);
  const Printed printed;
  const auto exit = Run(*verb, false, folder);
  if (!exit) return RequireFit(exit.error());
  wire::Envelope taken{*wire::ClaimedType(input), ReadAll(folder + "/payload"), {}};
  for (size_t i = 1; std::filesystem::exists(folder + "/" + std::to_string(i) + ".sig"); ++i) {
    const std::string name = folder + "/" + std::to_string(i) + ".sig";
    taken.signatures.push_back(ReadAll(name));
    std::filesystem::remove(name);
  }
  Require(wire::EncodeEnvelope(taken) == input, "nothing is lost in taking it out");
}

void Show(std::string_view input) {
  static const Scratch scratch;
  const std::unique_ptr<cli::Verb> verb = cli::MakeDocShow();
  Given given({{"FILE", scratch.Write("document", input)}});
  verb->Declare(given);
  const Printed printed;
  (void)Run(*verb, false, scratch.path());
}

}  // namespace

// Shown on a terminal, one level deeper is two spaces more on every line.
const Reader kReader{.limit = wire::kMaxPolicyBytes,
                     .max_input = size_t{8} << 10,
                     .read = Show,
                     .max_heap = 24 * wire::kMaxPolicyBytes};

void Try(std::string_view input) {
  static const Scratch scratch;
  const std::string file = scratch.Write("document", input);
  TryShow(input, file, scratch.path());
  TryExtract(input, file, scratch.path());
}

}  // namespace daypass::fuzz
