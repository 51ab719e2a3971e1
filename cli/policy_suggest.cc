// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass policy suggest: a first policy from what people do today, for somebody to read.
#include <fmt/format.h>

#include "cli/links.h"
#include "cli/unused_view.h"
#include "cli/verb.h"
#include "core/escape.h"
#include "platform/file.h"
#include "platform/subprocess.h"
#include "policy/suggest.h"
#include "wire/digest.h"

namespace daypass::cli {
namespace {

constexpr mode_t kPublic = 0644;
constexpr size_t kMaxSudoersJson = size_t{16} << 20;
constexpr size_t kMostShown = 20;  // lines to decide by hand; the file has them all

/// sudo's own parser, which ships with sudo.
core::Result<std::string> RunCvtsudoers(const std::string& path) {
  if (!platform::FileExists(path)) {
    return core::Error{core::Reason::kNotFound, core::ForTerminal(path) + ": there is no such file",
                       path};
  }
  const platform::Program program{.argv = {"cvtsudoers", "-e", "-f", "json", "--", path},
                                  .max_output_bytes = kMaxSudoersJson,
                                  .deadline = platform::Deadline::After(std::chrono::minutes(1))};
  core::Result<platform::ProgramEnd> end = platform::RunProgram(program);
  if (!end) {
    return core::Error{
        end.error().code,
        "cvtsudoers, which comes with sudo, is needed to read a sudoers file: " + end.error().what,
        path};
  }
  if (end->exit_code != 0) {
    return core::Error{core::Reason::kMalformed,
                       core::ForTerminal(path) + ": " + core::LinesForTerminal(end->errors), path};
  }
  return std::move(end->output);
}

class PolicySuggest : public Verb {
 public:
  void Declare(Options& options) override {
    options.List(journals_, "--journal", "PATH", "an exported journal of daypassd, or a folder");
    options.List(logs_, "--sudo-log", "PATH", "sudo's own log, or a folder of such files");
    options.List(sudoers_, "--sudoers", "FILE", "a sudoers file");
    options.List(machines_, "--machine", "ACCOUNT", "is nobody's who could ask: standing rules");
    options.List(links_, "--link", "PATH=WHERE", "a symbolic link on the hosts");
    options.Text(folder_, "-o,--output", "DIR", "folder to make", Need::kRequired);
  }

  core::Result<Exit> Run(Context& context) override {
    if (journals_.empty() && logs_.empty() && sudoers_.empty()) {
      return core::Error{core::Reason::kMalformed,
                         "give --journal, --sudo-log or --sudoers: from what is it to be made?",
                         "--journal"};
    }
    const core::Result<policy::Files> links = ParseLinks(links_);
    if (!links) return links.error();
    std::vector<policy::Use> uses;
    if (auto read = ReadUses(*links, uses); !read) return std::move(read).error();
    const std::set<std::string> machines =
        policy::MachinesOf(uses, {machines_.begin(), machines_.end()});
    policy::Sketches sketches = policy::SketchRules(uses, machines, unused_);
    for (const std::string& file : sudoers_) {
      const core::Result<std::string> json = RunCvtsudoers(file);
      if (!json) return json.error();
      auto read = policy::SketchSudoers(*json, *links, machines, sketches);
      if (!read) return std::move(read).error();
    }
    const core::Result<std::vector<policy::SourceFile>> files =
        policy::WriteSuggestion(sketches, wire::RandomHex(16));
    if (!files) return files.error();
    if (auto written = Write(*files); !written) return std::move(written).error();
    Tell(context, *files, sketches, uses.size());
    return Exit::kDone;
  }

 private:
  core::Result<void> ReadUses(const policy::Files& links, std::vector<policy::Use>& uses) {
    std::vector<policy::JournalEntry> entries;
    for (const std::string& path : journals_) {
      core::Result<std::vector<policy::JournalEntry>> more = policy::LoadJournal(path, unused_);
      if (!more) return std::move(more).error();
      std::move(more->begin(), more->end(), std::back_inserter(entries));
    }
    uses = policy::UsesOf(policy::ReadRecorded(entries, links, unused_), unused_);
    for (const std::string& path : logs_) {
      const core::Result<std::vector<std::string>> files = policy::FilesAt(path);
      if (!files) return files.error();
      for (const std::string& file : *files) {
        const core::Result<std::string> text = policy::ReadExport(file);
        if (!text) return text.error();
        policy::ReadSudoLog(*text, links, uses, unused_);
      }
    }
    return {};
  }

  core::Result<void> Write(const std::vector<policy::SourceFile>& files) const {
    if (platform::FileExists(folder_)) {
      return core::Error{core::Reason::kConflict, core::ForTerminal(folder_) + ": is there already",
                         folder_};
    }
    for (const char* part : {"", "/people", "/roles"}) {
      if (auto made = platform::MakeDirectory(folder_ + part, {.mode = 0755}); !made) return made;
    }
    for (const policy::SourceFile& file : files) {
      auto written =
          platform::WriteFileDurably(folder_ + "/" + file.name, file.text, {.mode = kPublic});
      if (!written) return written;
    }
    return {};
  }

  void Tell(Context& context, const std::vector<policy::SourceFile>& files,
            const policy::Sketches& sketches, size_t uses) const {
    std::string text = "Made:\n";
    std::vector<std::string> names;
    for (const policy::SourceFile& file : files) {
      names.push_back(file.name);
      text += "  " + core::ForTerminal(folder_ + "/" + file.name) + "\n";
    }
    text += fmt::format("{} rules, from {} recorded commands{}; to decide by hand: {}\n\n",
                        sketches.rules.size(), uses, sudoers_.empty() ? "" : " and sudoers",
                        sketches.by_hand.size());
    for (size_t i = 0; i < sketches.by_hand.size() && i < kMostShown; ++i) {
      text += "  " + core::ForTerminal(sketches.by_hand[i]) + "\n";
    }
    if (sketches.by_hand.size() > kMostShown) text += "  and more, in by-hand.txt\n";
    text += (sketches.by_hand.empty() ? "" : "\n") + RenderUnused(unused_) +
            "Read it, fill in the keys, then: daypass policy check " + core::ForTerminal(folder_) +
            "\n";
    context.out.Text(text);
    wire::ObjectBuilder json;
    json.String("folder", folder_).Strings("files", names);
    json.Int("rules", static_cast<int64_t>(sketches.rules.size()));
    json.Int("uses", static_cast<int64_t>(uses)).Strings("by_hand", sketches.by_hand);
    json.Object("unused", UnusedToJson(unused_));
    context.out.Json(json);
  }

  std::vector<std::string> journals_, logs_, sudoers_, machines_, links_;
  std::string folder_;
  policy::UnusedCounts unused_;
};

}  // namespace

std::unique_ptr<Verb> MakePolicySuggest() {
  return std::make_unique<PolicySuggest>();
}

}  // namespace daypass::cli
