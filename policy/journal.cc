// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "policy/journal.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <optional>

#include "platform/file.h"
#include "wire/json_reader.h"

namespace daypass::policy {
namespace {

constexpr size_t kMaxFileBytes = size_t{512} << 20;
constexpr size_t kMaxEntryBytes = size_t{4} << 20;  // a record is 256 KiB, its journal entry twice
constexpr size_t kMaxNameBytes = 64;                // journald's own limit

constexpr std::string_view kEvent = "DAYPASS_EVENT";
constexpr std::array<std::string_view, 23> kWanted = {
    "_UID",         "_EXE",           "DAYPASS_ARGV",   "DAYPASS_ARGV_B64", "DAYPASS_COMMAND",
    "DAYPASS_CWD",  "DAYPASS_DETAIL", "DAYPASS_DOOR",   "DAYPASS_EFFECT",   "DAYPASS_EVENT",
    "DAYPASS_HOST", "DAYPASS_PARENT", "DAYPASS_PREV",   "DAYPASS_REASON",   "DAYPASS_ROLE",
    "DAYPASS_RULE", "DAYPASS_RUNAS",  "DAYPASS_SEQ",    "DAYPASS_TIME",     "DAYPASS_TTY",
    "DAYPASS_UID",  "DAYPASS_USER",   "DAYPASS_VERDICT"};

bool IsWanted(std::string_view name) {
  return std::ranges::find(kWanted, name) != kWanted.end();
}

core::Error Broken(const std::string& name, size_t byte, std::string_view what) {
  return {core::Reason::kMalformed,
          name + ": byte " + std::to_string(byte) + ": " + std::string(what) +
              "; wanted is what journalctl -o export or -o json writes",
          name};
}

/// Takes a whole entry in, or counts it.
class Entries {
 public:
  Entries(std::vector<JournalEntry>& entries, UnusedCounts& unused)
      : entries_(entries), unused_(unused) {}

  void Count(Unused why) { ++unused_[why]; }

  void Add(JournalEntry entry, bool is_readable) {
    const auto event = entry.find(kEvent);
    const bool is_decision = event != entry.end() && (event->second == "decision.allowed" ||
                                                      event->second == "decision.denied");
    if (!is_decision) return Count(Unused::kOther);
    // Fields with an underscore first are journald's own: nobody else can write them.
    if (entry["_UID"] != "0" || !entry["_EXE"].ends_with("/daypassd")) {
      return Count(Unused::kForeign);
    }
    if (!is_readable) return Count(Unused::kUnreadable);
    entries_.push_back(std::move(entry));
  }

 private:
  std::vector<JournalEntry>& entries_;
  UnusedCounts& unused_;
};

// journalctl -o json: an object on each line. A value is a text, a list of bytes where it is no
// UTF-8, or a list of such values where the field stands more than once, which the agent's do not.

std::optional<std::string> ReadValue(const wire::Json& json, const char* name) {
  wire::ObjectReader as_text(json.get(), wire::UnknownKeys::kIgnore);
  std::string text = as_text.String(name, {0, kMaxEntryBytes, nullptr, "UTF-8"});
  if (as_text.ok()) return text;
  wire::ObjectReader as_bytes(json.get(), wire::UnknownKeys::kIgnore);
  const std::vector<int64_t> bytes = as_bytes.Ints(name, 0, 255, {0, kMaxEntryBytes});
  if (!as_bytes.ok()) return std::nullopt;
  return std::string(bytes.begin(), bytes.end());
}

void ReadLine(std::string_view line, bool is_last, Entries& entries) {
  constexpr std::string_view kQuotedEvent = "\"DAYPASS_EVENT\"";
  const wire::JsonLimits limits{.max_bytes = kMaxEntryBytes, .max_string = kMaxEntryBytes};
  const core::Result<wire::Json> json = wire::ParseJson(line, limits);
  if (!json) {
    // A line of others may hold null, for what was too long to show; it is none of ours.
    const bool is_ours = line.find(kQuotedEvent) != std::string_view::npos;
    return entries.Count(is_last ? Unused::kCutOff
                                 : (is_ours ? Unused::kUnreadable : Unused::kOther));
  }
  JournalEntry entry;
  bool is_readable = true;
  for (const std::string_view name : kWanted) {
    wire::ObjectReader in(json->get(), wire::UnknownKeys::kIgnore);
    if (!in.Has(name.data())) continue;
    std::optional<std::string> value = ReadValue(*json, name.data());
    if (!value) is_readable = false;
    entry.emplace(name, std::move(value).value_or(""));
  }
  entries.Add(std::move(entry), is_readable);
}

void ReadJsonLines(std::string_view text, Entries& entries) {
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const bool is_last = end == std::string_view::npos;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(is_last ? text.size() : end + 1);
    if (!line.empty()) ReadLine(line, is_last, entries);
  }
}

// journalctl -o export: "NAME=text\n", or "NAME\n", eight bytes of length, the bytes, "\n"; an
// empty line ends an entry.

bool IsFieldName(std::string_view name) {
  return !name.empty() && name.size() <= kMaxNameBytes && std::ranges::all_of(name, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

class ExportReader {
 public:
  ExportReader(std::string_view text, const std::string& name, Entries& entries)
      : text_(text), name_(name), entries_(entries) {}

  core::Result<void> Run() {
    while (at_ < text_.size()) {
      const size_t end = text_.find('\n', at_);
      if (end == at_) {
        ++at_;
        Finish();
        continue;
      }
      const size_t begin = at_;
      const size_t length = end == std::string_view::npos ? end : end - begin;
      const std::string_view line = text_.substr(begin, length);
      const size_t equals = line.find('=');
      // The end of the file may have come within a name.
      if (!IsFieldName(line.substr(0, equals))) {
        return Broken(name_, begin, "no field of a journal begins here");
      }
      if (end == std::string_view::npos) return CutOff();
      at_ = end + 1;
      if (equals != std::string_view::npos) {
        Take(line.substr(0, equals), line.substr(equals + 1));
        continue;
      }
      const std::optional<std::string_view> value = ReadBinary();
      if (!value) return CutOff();
      Take(line, *value);
      if (text_[at_ - 1] != '\n') return Broken(name_, at_ - 1, "a value is longer than it says");
    }
    // The last entry may lack its empty line: journalctl writes it before the next one begins.
    Finish();
    return {};
  }

 private:
  /// None if the file ends within it.
  std::optional<std::string_view> ReadBinary() {
    constexpr size_t kLengthBytes = 8;
    if (text_.size() - at_ < kLengthBytes) return std::nullopt;
    uint64_t length = 0;
    for (size_t i = kLengthBytes; i-- > 0;) {
      length = length << 8 | static_cast<unsigned char>(text_[at_ + i]);
    }
    at_ += kLengthBytes;
    if (length >= text_.size() - at_) return std::nullopt;
    const std::string_view value = text_.substr(at_, length);
    at_ += length + 1;
    return value;
  }

  void Take(std::string_view field, std::string_view value) {
    has_any_ = true;
    if (!IsWanted(field)) return;
    const bool is_new =
        value.size() <= kMaxEntryBytes && entry_.emplace(field, std::string(value)).second;
    is_readable_ = is_readable_ && is_new;
  }

  void Finish() {
    if (has_any_) entries_.Add(std::exchange(entry_, {}), is_readable_);
    has_any_ = false;
    is_readable_ = true;
  }

  core::Result<void> CutOff() {
    entries_.Count(Unused::kCutOff);
    return {};
  }

  std::string_view text_;
  const std::string& name_;
  Entries& entries_;
  size_t at_ = 0;
  JournalEntry entry_;
  bool has_any_ = false;
  bool is_readable_ = true;
};

bool IsFolder(const std::string& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

}  // namespace

std::string_view UnusedName(Unused why) {
  switch (why) {
    case Unused::kOther:
      return "other";
    case Unused::kForeign:
      return "foreign";
    case Unused::kUnreadable:
      return "unreadable";
    case Unused::kCutOff:
      return "cut_off";
    case Unused::kTwice:
      return "twice";
    case Unused::kExempt:
      return "exempt";
    case Unused::kArgumentsCut:
      return "arguments_cut";
    case Unused::kSubCommand:
      return "sub_command";
    case Unused::kNotRun:
      return "not_run";
  }
  return "";
}

std::string_view UnusedText(Unused why) {
  switch (why) {
    case Unused::kOther:
      return "about something else";
    case Unused::kForeign:
      return "not written by daypassd, though they say so";
    case Unused::kUnreadable:
      return "cannot be read (journalctl -o json leaves long values out, unless it is given --all)";
    case Unused::kCutOff:
      return "cut off by the end of a file";
    case Unused::kTwice:
      return "there twice";
    case Unused::kExempt:
      return "of root or an exempt account: no policy was asked";
    case Unused::kArgumentsCut:
      return "with more arguments than a record holds";
    case Unused::kSubCommand:
      return "of what a command started under sudo's intercept, in its name";
    case Unused::kNotRun:
      return "of what was refused and did not run";
  }
  return "";
}

core::Result<void> ReadJournal(std::string_view text, const std::string& name,
                               std::vector<JournalEntry>& entries, UnusedCounts& unused) {
  Entries out(entries, unused);
  if (!text.starts_with('{')) return ExportReader(text, name, out).Run();
  ReadJsonLines(text, out);
  return {};
}

core::Result<std::vector<std::string>> FilesAt(const std::string& path) {
  if (!platform::FileExists(path)) {
    return core::Error{core::Reason::kNotFound, path + ": there is no such file", path};
  }
  if (!IsFolder(path)) return std::vector{path};
  core::Result<std::vector<std::string>> names = platform::ListDirectory(path);
  if (!names) return std::move(names).error();
  std::vector<std::string> files;
  for (const std::string& name : *names) {
    if (!name.starts_with('.')) files.push_back(path + "/" + name);
  }
  return files;
}

core::Result<std::string> ReadExport(const std::string& path) {
  core::Result<std::string> text = platform::ReadFile(path, kMaxFileBytes);
  if (text) return text;
  core::Error error = std::move(text).error();
  if (error.code == core::Reason::kTooLarge) {
    error.what += "; several files may lie in one folder";
  }
  return error;
}

core::Result<std::vector<JournalEntry>> LoadJournal(const std::string& path, UnusedCounts& unused) {
  const core::Result<std::vector<std::string>> files = FilesAt(path);
  if (!files) return files.error();
  std::vector<JournalEntry> entries;
  for (const std::string& file : *files) {
    const core::Result<std::string> text = ReadExport(file);
    if (!text) return text.error();
    if (auto read = ReadJournal(*text, file, entries, unused); !read) return read.error();
  }
  return entries;
}

}  // namespace daypass::policy
