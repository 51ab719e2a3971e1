// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Lines of sudo's own log:
//
//   Nov 23 10:00:00 web-1 sudo[12]:    alice : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/id
//   Nov 23 10:00:00 : alice : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/id
//
// Newer versions quote arguments that hold a blank, put a backslash before quotes and backslashes,
// and write control characters as #011; an argument's own #011 reads the same. Older ones only put
// blanks between arguments. Users choose their folder's name and their arguments: where these hold
// what separates sudo's fields, nothing is believed of the line.
#include <algorithm>
#include <array>
#include <map>

#include "core/escape.h"
#include "policy/suggest.h"
#include "policy/words.h"
#include "wire/string_rule.h"

namespace daypass::policy {
namespace {

constexpr std::string_view kColon = " : ";
constexpr std::string_view kBetween = " ; ";
constexpr std::array<std::string_view, 9> kKeys = {"TTY",  "PWD", "USER",   "GROUP",  "HOST",
                                                   "TSID", "ENV", "CHROOT", "COMMAND"};

/// How sudo's logfile joins what it wraps: at a blank, and at more than one only where the line is
/// full; then an argument may have been between them, which was empty.
constexpr char kJoin = '\n', kFullJoin = '\v';
constexpr size_t kFullLine = 80;  // loglinelen, if nobody changed it

/// A line, with its parts joined.
struct Line {
  std::string whole;
  std::string flat;      ///< with blanks in place of the joins
  size_t last_part = 0;  ///< bytes
};

bool IsTag(std::string_view word) {
  constexpr std::string_view kSudo = "sudo";
  if (!word.starts_with(kSudo) || !word.ends_with(':')) return false;
  word = word.substr(kSudo.size(), word.size() - kSudo.size() - 1);
  return word.empty() || (word.size() > 2 && word.front() == '[' && word.back() == ']');
}

/// Time, host and account. Takes them off the line's beginning; false if it is not sudo's.
bool ReadPrefix(std::string_view& rest, Use& use, std::string& source) {
  const size_t colon = rest.find(kColon);
  if (colon == std::string_view::npos) return false;
  std::vector<std::string_view> words = SplitWords(rest.substr(0, colon));
  rest.remove_prefix(colon + kColon.size());
  const bool is_syslog = words.size() >= 3 && IsTag(words[words.size() - 2]);
  if (is_syslog) {
    use.account = words.back();
    use.host = words[words.size() - 3];
    source = use.host + " " + std::string(words[words.size() - 2]) + " " + use.account;
    words.resize(words.size() - 3);
  } else {
    const size_t end = rest.find(kColon);
    const bool is_tagged =
        std::ranges::any_of(words, [](std::string_view word) { return word.ends_with(':'); });
    if (end == std::string_view::npos || is_tagged) return false;
    use.account = rest.substr(0, end);
    source = use.account;
    rest.remove_prefix(end + kColon.size());
  }
  for (const std::string_view word : words) {
    if (!use.when.empty()) use.when += ' ';
    use.when += word;
  }
  use.when = core::ForTerminal(use.when);
  return true;
}

/// Whether one of sudo's keys stands where a field begins more than once. `fields`: kBetween first.
bool IsAmbiguous(const std::string& fields) {
  return std::ranges::any_of(kKeys, [&](std::string_view key) {
    const std::string mark = std::string(kBetween) + std::string(key) + "=";
    const size_t first = fields.find(mark);
    return first != std::string::npos && fields.find(mark, first + 1) != std::string::npos;
  });
}

void TakeField(std::string_view key, const std::string& value, Use& use, std::string& folder) {
  if (key == "TTY") use.has_terminal = value != "unknown";
  if (key == "PWD") folder = value;
  if (key == "USER") use.runas = value;
  if (key == "GROUP") use.runas_group = value;
  if (key == "HOST") use.host = value;
  if (key == "ENV") use.trouble = "it sets variables";
  if (key == "CHROOT") use.trouble = "sudo's option -R";
}

/// The fields before the command, each with kBetween first. Why the line is not used, if so.
std::optional<Unused> ReadFields(std::string_view text, Use& use, std::string& folder) {
  bool is_first = true;
  while (!text.empty()) {
    if (!text.starts_with(kBetween)) return Unused::kUnreadable;  // cut off by " ; ; COMMAND="
    text.remove_prefix(kBetween.size());
    const std::string_view field = text.substr(0, text.find(kBetween));
    const std::string_view key = field.substr(0, field.find('='));
    // First may stand why sudo refused.
    if (std::ranges::find(kKeys, key) == kKeys.end()) {
      return is_first ? Unused::kNotRun : Unused::kUnreadable;
    }
    const std::string value(field.substr(std::min(key.size() + 1, field.size())));
    TakeField(key, value, use, folder);
    text.remove_prefix(field.size());
    is_first = false;
  }
  return std::nullopt;
}

/// Words, with quotes and backslashes taken away.
std::vector<std::string> ReadWords(std::string_view text) {
  std::vector<std::string> words(1);
  bool is_quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool is_blank = text[i] == ' ' || text[i] == kJoin || text[i] == kFullJoin;
    if (is_blank && !is_quoted) {
      words.emplace_back();
    } else if (text[i] == '\'') {
      is_quoted = !is_quoted;
    } else {
      if (text[i] == '\\' && i + 1 < text.size()) ++i;
      words.back() += text[i];
    }
  }
  return words;
}

/// As newer versions of sudo write them.
std::string WriteWords(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    const std::string_view quote = word.find(' ') == std::string::npos ? "" : "'";
    text += std::string(text.empty() ? "" : " ") + std::string(quote);
    for (const char c : word) {
      if (c == '\'' || c == '\\') text += '\\';
      text += c;
    }
    text += quote;
  }
  return text;
}

bool HasOctalEscape(std::string_view text) {
  for (size_t at = text.find('#'); at != std::string_view::npos; at = text.find('#', at + 1)) {
    const std::string_view digits = text.substr(at + 1, 3);
    if (digits.size() == 3 && digits.find_first_not_of("01234567") == std::string_view::npos) {
      return true;
    }
  }
  return false;
}

/// Why it is not sure that these were the words. `text`: as the log has it, wrapped with line ends.
std::string Doubt(const std::vector<std::string>& words, std::string text) {
  const auto is_wrapped = [](const std::string& word) { return word.find(kJoin) != word.npos; };
  if (text.find(kFullJoin) != text.npos || std::ranges::any_of(words, is_wrapped)) {
    return "the log is wrapped where blanks may be missing";
  }
  if (std::ranges::any_of(words, &std::string::empty)) {
    return "an empty argument, or several blanks in one";
  }
  if (HasOctalEscape(text)) return "a control character, or what reads like one";
  std::ranges::replace(text, kJoin, ' ');
  return WriteWords(words) == text ? "" : "quotes or backslashes that an older sudo wrote";
}

/// Command, arguments and files, with paths where they lead.
void Fill(const std::vector<std::string>& words, const std::string& folder, const Files& files,
          Use& use) {
  core::Query query;
  query.cwd = folder;
  query.command = words.front();
  query.args.assign(words.begin() + 1, words.end());
  const bool is_named = query.command == "sudoedit";
  if (is_named) {
    query.files = query.args;
  } else if (LooksLikeEdit(query, core::Reason::kGranted)) {
    query.files.assign(std::ranges::find(query.args, "--") + 1, query.args.end());
  }
  const auto is_relative = [](const std::string& path) { return !path.starts_with('/'); };
  const bool is_lost = (is_relative(folder) && std::ranges::any_of(query.files, is_relative)) ||
                       (query.files.empty() && is_relative(query.command));
  if (is_lost) use.trouble = "a path that is not absolute";
  Simulator::Resolve(files, query);
  for (const core::PathFact& file : query.file_paths) use.files.push_back(file.canonical);
  if (!use.files.empty()) return;
  use.command = query.command_path.canonical;
  use.args = std::move(query.args);
}

class Reader {
 public:
  Reader(const Files& files, std::vector<Use>& uses, UnusedCounts& unused)
      : files_(files), uses_(uses), unused_(unused) {}

  void Read(const Line& line) {
    Use use;
    std::string source;
    std::string_view rest = line.flat;
    if (!ReadPrefix(rest, use, source)) return Count(Unused::kOther);
    if (rest.starts_with("(command continued)")) return Continue(source);
    last_.erase(source);
    constexpr std::string_view kCommand = " ; COMMAND=";
    const std::string fields = std::string(kBetween) + std::string(rest);
    const size_t end = fields.find(kCommand);
    if (end == std::string::npos) return Count(Unused::kOther);
    // Two of a key, and it is not clear which is sudo's own: not even as whom it ran.
    if (IsAmbiguous(fields)) return Count(Unused::kUnreadable);
    std::string folder;
    const std::string_view before = std::string_view(fields).substr(0, end);
    if (const auto why = ReadFields(before, use, folder)) return Count(*why);
    std::ranges::transform(use.host, use.host.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    const bool is_whole =
        wire::IsAccount(use.account) && (use.host.empty() || wire::IsHostName(use.host));
    if (!is_whole) return Count(Unused::kUnreadable);
    // The same place, in the line as it was wrapped.
    const size_t length = fields.size() - end - kCommand.size();
    const std::string command = line.whole.substr(line.whole.size() - length);
    const std::vector<std::string> words = ReadWords(command);
    if (words.front() == "list" || words.front() == "validate") return Count(Unused::kOther);
    Fill(words, folder, files_, use);
    if (use.trouble.empty()) use.trouble = Doubt(words, command);
    last_[source] = uses_.size();
    uses_.push_back(std::move(use));
  }

  void Count(Unused why) { ++unused_[why]; }

 private:
  /// sudo broke the line before, at a blank or not: what its command was is not sure.
  void Continue(const std::string& source) {
    const auto last = last_.find(source);
    if (last == last_.end()) return Count(Unused::kUnreadable);
    uses_[last->second].trouble = "longer than a line of syslog";
  }

  const Files& files_;
  std::vector<Use>& uses_;
  UnusedCounts& unused_;
  std::map<std::string, size_t> last_;  ///< use, by who wrote the line
};

}  // namespace

void ReadSudoLog(std::string_view text, const Files& files, std::vector<Use>& uses,
                 UnusedCounts& unused) {
  constexpr std::string_view kMore = "    ";  // how sudo's logfile goes on in the next line
  constexpr size_t kMaxLineBytes = size_t{1} << 20;
  Reader reader(files, uses, unused);
  Line line;
  const auto finish = [&] {
    if (line.flat.size() > kMaxLineBytes) {
      reader.Count(Unused::kUnreadable);
    } else if (!line.flat.empty()) {
      reader.Read(line);
    }
    line = {};
  };
  while (!text.empty()) {
    const size_t end = text.find('\n');
    std::string_view next = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const size_t bytes = next.size();
    const bool goes_on = next.starts_with(kMore) && !line.flat.empty();
    if (goes_on) {
      next.remove_prefix(kMore.size());
      line.whole += line.last_part == kFullLine ? kFullJoin : kJoin;
      line.flat += ' ';
    } else {
      finish();
    }
    line.whole += next;
    line.flat += next;
    line.last_part = bytes;
  }
  finish();
}

}  // namespace daypass::policy
