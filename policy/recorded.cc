// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "policy/recorded.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <tuple>

#include "core/reason.h"
#include "policy/escapes/escape.h"
#include "wire/base64.h"
#include "wire/string_rule.h"

namespace daypass::policy {
namespace {

std::string Field(const JournalEntry& entry, std::string_view name) {
  const auto field = entry.find(name);
  return field == entry.end() ? "" : field->second;
}

template <typename T>
std::optional<T> Number(const JournalEntry& entry, std::string_view name) {
  const std::string text = Field(entry, name);
  T value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/// Back from "\x5c" to the byte that a record wrote so.
std::string Unescape(std::string_view text) {
  std::string bytes;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text.substr(i).starts_with("\\x") && text.size() - i >= 4 &&
                           HexDigit(text[i + 2]) >= 0 && HexDigit(text[i + 3]) >= 0;
    bytes +=
        is_escape ? static_cast<char>(HexDigit(text[i + 2]) * 16 + HexDigit(text[i + 3])) : text[i];
    if (is_escape) i += 3;
  }
  return bytes;
}

std::optional<std::vector<std::string>> ReadArguments(const JournalEntry& entry) {
  std::vector<std::string> argv;
  std::string_view rest;
  const std::string list = Field(entry, "DAYPASS_ARGV_B64");
  if (!entry.contains("DAYPASS_ARGV_B64")) return argv;
  rest = list;
  while (true) {
    const size_t comma = rest.find(',');
    core::Result<std::string> argument = wire::DecodeBase64(rest.substr(0, comma));
    if (!argument) return std::nullopt;
    argv.push_back(*std::move(argument));
    if (comma == std::string_view::npos) return argv;
    rest.remove_prefix(comma + 1);
  }
}

/// Whether the record says that more was typed than it holds. The text ends in "..." then; so does
/// that of somebody whose last word does.
bool IsCut(const JournalEntry& entry, const std::vector<std::string>& argv) {
  const bool says_so = Field(entry, "DAYPASS_ARGV").ends_with("...");
  return says_so && (argv.empty() || !argv.back().ends_with("..."));
}

/// What the reason of a refusal tells of the facts that it rested on.
void Learn(core::Reason reason, const std::string& detail, core::Query& query, Files& files) {
  constexpr std::string_view kGroup = "group ";
  switch (reason) {
    case core::Reason::kPathUnsafe:
      if (detail.starts_with('/')) files.unsafe.insert(detail);
      return;
    case core::Reason::kWrongCommand:
      if (detail.starts_with('/') && detail != query.command) files.links[query.command] = detail;
      return;
    case core::Reason::kWrongRunas:
      if (detail.starts_with(kGroup)) query.runas_group = detail.substr(kGroup.size());
      return;
    case core::Reason::kEnvironment:
      query.env = {detail + "=?"};
      return;
    case core::Reason::kOptionRefused:
      if (detail == "-s") {
        query.mode = core::Mode::kShell;
      } else if (detail == "-i") {
        query.mode = core::Mode::kLogin;
      } else {
        query.options = {detail};
      }
      return;
    // NOLINTNEXTLINE(clang-diagnostic-switch-enum): the others tell of no fact that is missing
    default:
      return;
  }
}

void ReadCommand(const JournalEntry& entry, std::vector<std::string> argv, core::Reason reason,
                 Files files, core::Query& query) {
  query.mode = core::Mode::kRun;
  query.command = Unescape(Field(entry, "DAYPASS_COMMAND"));
  query.cwd = Unescape(Field(entry, "DAYPASS_CWD"));
  query.intercepts = true;
  // A login shell is told by its own name.
  if (!argv.empty() && argv.front().starts_with('-')) query.mode = core::Mode::kLogin;
  if (!argv.empty()) query.args.assign(argv.begin() + 1, argv.end());
  if (LooksLikeEdit(query, reason)) {
    query.mode = core::Mode::kEdit;
    query.files.assign(std::ranges::find(query.args, "--") + 1, query.args.end());
  }
  Learn(reason, Unescape(Field(entry, "DAYPASS_DETAIL")), query, files);
  Simulator::Resolve(files, query);
}

std::optional<Recorded> ReadOne(const JournalEntry& entry, const Files& files,
                                UnusedCounts& unused) {
  const auto refuse = [&](Unused why) {
    ++unused[why];
    return std::nullopt;
  };
  Recorded recorded;
  core::Query& query = recorded.query;
  query.user = Field(entry, "DAYPASS_USER");
  query.runas_user = Field(entry, "DAYPASS_RUNAS");
  recorded.host = Field(entry, "DAYPASS_HOST");
  const std::optional<core::Door> door = core::ParseDoor(Field(entry, "DAYPASS_DOOR"));
  const std::optional<int64_t> time = Number<int64_t>(entry, "DAYPASS_TIME");
  const std::optional<uint32_t> uid = Number<uint32_t>(entry, "DAYPASS_UID");
  const std::optional<core::Reason> reason = core::ParseReason(Field(entry, "DAYPASS_REASON"));
  std::optional<std::vector<std::string>> argv = ReadArguments(entry);
  const bool is_whole = door && time && uid && reason && argv && wire::IsAccount(query.user) &&
                        wire::IsHostName(recorded.host);
  if (!is_whole) return refuse(Unused::kUnreadable);
  if (*reason == core::Reason::kRoot || *reason == core::Reason::kExempt) {
    return refuse(Unused::kExempt);
  }
  if (!Field(entry, "DAYPASS_PARENT").empty()) return refuse(Unused::kSubCommand);
  if (IsCut(entry, *argv)) return refuse(Unused::kArgumentsCut);
  query.uid = *uid;
  query.door = *door;
  query.runas_uid = query.runas_user == "root" ? 0 : 1;
  recorded.time = core::FromMillis(*time);
  recorded.allowed = Field(entry, "DAYPASS_VERDICT") == "allow";
  recorded.ran = Field(entry, "DAYPASS_EFFECT") == "allow";
  recorded.has_terminal = !Field(entry, "DAYPASS_TTY").empty();
  if (Field(entry, "DAYPASS_COMMAND").empty()) {
    query.mode = core::Mode::kAccount;
  } else {
    ReadCommand(entry, *std::move(argv), *reason, files, query);
  }
  return recorded;
}

}  // namespace

bool LooksLikeEdit(const core::Query& query, core::Reason reason) {
  // Neither records nor logs say more plainly that it is sudoedit; nobody types this to have an
  // editor as root.
  const auto dashes = std::ranges::find(query.args, "--");
  if (dashes == query.args.end() || dashes + 1 == query.args.end()) return false;
  if (reason == core::Reason::kWrongFile) return true;
  const Escape* row = FindEscape(query.command);
  const std::span<const Escape> editors = EditorEscapes();
  return row != nullptr && std::ranges::any_of(editors, [&](const Escape& editor) {
           return editor.program == row->program;
         });
}

std::vector<Recorded> ReadRecorded(std::span<const JournalEntry> entries, const Files& files,
                                   UnusedCounts& unused) {
  // The digest of the record before tells a chain that began anew from one that goes on.
  std::set<std::tuple<std::string, std::string, std::string>> seen;
  std::vector<Recorded> all;
  for (const JournalEntry& entry : entries) {
    const bool is_new = seen.insert({Field(entry, "DAYPASS_HOST"), Field(entry, "DAYPASS_SEQ"),
                                     Field(entry, "DAYPASS_PREV")})
                            .second;
    if (!is_new) {
      ++unused[Unused::kTwice];
      continue;
    }
    std::optional<Recorded> one = ReadOne(entry, files, unused);
    if (one) all.push_back(*std::move(one));
  }
  std::ranges::stable_sort(all, [](const Recorded& a, const Recorded& b) {
    return std::tie(a.host, a.time) < std::tie(b.host, b.time);
  });
  return all;
}

}  // namespace daypass::policy
