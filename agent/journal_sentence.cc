// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/journal_sentence.h"

#include <algorithm>
#include <array>
#include <utility>

#include "agent/wording.h"
#include "core/reason.h"
#include "wire/base64.h"
#include "wire/string_rule.h"

namespace daypass::agent {
namespace {

using wire::Record;

constexpr size_t kMaxWordBytes = 600;

/// Not inside of a character of UTF-8.
std::string Cut(std::string text, size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  size_t end = max_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "...";
}

/// An argument so that one sees where it begins and ends.
std::string Quoted(const std::string& argument) {
  const bool is_plain =
      !argument.empty() && argument.find_first_of(" \t\n\"'\\") == std::string::npos;
  return is_plain ? wire::Visible(argument) : '"' + wire::Visible(argument) + '"';
}

/// The command as it was found, with the arguments that it was given. What was typed for the
/// command itself (argv[0]) would only mislead.
std::string Line(const Record& record) {
  std::string line = record.command;
  for (size_t i = 1; i < record.argv_b64.size() && line.size() <= kMaxWordBytes; ++i) {
    const auto argument = wire::DecodeBase64(record.argv_b64[i]);
    line += " " + (argument ? Quoted(*argument) : "?");
  }
  // The record itself holds only the beginning of a very long command line.
  return record.argv.ends_with("...") && line.size() <= kMaxWordBytes ? line + " ..." : line;
}

std::string Until(const Record& record) {
  return record.until_ms ? FormatTime(core::FromMillis(*record.until_ms), record.time) : "";
}

std::string ReasonWords(const Record& record) {
  const auto reason = core::ParseReason(record.reason);
  return reason ? std::string(core::ReasonText(*reason)) : record.reason;
}

std::string EndedBy(const Record& record) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kWords = {
      {{"self", "by itself"},
       {"window", "with its window"},
       {"revocation", "by a revocation"},
       {"drop", "because the grant was given up"},
       {"killed", "because its sudo was killed"},
       {"agent", "by the agent"}}};
  const auto* const row =
      std::ranges::find(kWords, record.ended_by, &decltype(kWords)::value_type::first);
  return row == kWords.end() ? record.ended_by : std::string(row->second);
}

/// "bob,carol" of "bob:SHA256:...,carol:SHA256:...".
std::string Approvers(const Record& record) {
  std::string names;
  std::string_view rest = record.approvers;
  while (!rest.empty()) {
    const std::string_view one = rest.substr(0, rest.find(','));
    names += (names.empty() ? "" : ", ") + std::string(one.substr(0, one.find(':')));
    rest.remove_prefix(std::min(one.size() + 1, rest.size()));
  }
  return names;
}

std::string LetThrough(const Record& record) {
  const bool holds = record.verdict != "deny" || record.effect != "allow";
  return holds ? "" : "let through: Daypass does not enforce this here";
}

using Words = std::string (*)(const Record&);
constexpr std::array<std::pair<std::string_view, Words>, 18> kKeys = {{
    {"user", [](const Record& r) { return r.user; }},
    {"door", [](const Record& r) { return r.door; }},
    {"runas", [](const Record& r) { return r.runas; }},
    {"rhost", [](const Record& r) { return r.rhost; }},
    {"role", [](const Record& r) { return r.role; }},
    {"host", [](const Record& r) { return r.host; }},
    {"mode", [](const Record& r) { return r.mode; }},
    {"scope", [](const Record& r) { return r.scope; }},
    {"exit", [](const Record& r) { return r.exit; }},
    {"detail", [](const Record& r) { return r.detail; }},
    {"why", [](const Record& r) { return r.why; }},
    {"event", [](const Record& r) { return r.event; }},
    {"line", Line},
    {"until", Until},
    {"reason", ReasonWords},
    {"ended_by", EndedBy},
    {"approvers", Approvers},
    {"let_through", LetThrough},
}};

std::string WordsOf(std::string_view key, const Record& record) {
  const auto* const row = std::ranges::find(kKeys, key, &decltype(kKeys)::value_type::first);
  if (row == kKeys.end()) return "";
  return Cut(wire::Visible(row->second(record)), kMaxWordBytes);
}

/// Reads a pattern from left to right, writing as it goes.
class Writer {
 public:
  Writer(std::string_view pattern, const Record& record) : rest_(pattern), record_(record) {}

  std::string Write() {
    std::string text;
    bool is_whole = true;
    while (!rest_.empty()) {
      text += WritePart(is_whole);
      if (!rest_.empty()) text += Take();  // outside of brackets, "|" and "]" mean themselves
    }
    return text;
  }

 private:
  char Take() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  /// Up to the next bar, the end of the bracket, or of the pattern. `is_whole`: no key was empty.
  std::string WritePart(bool& is_whole) {
    std::string text;
    is_whole = true;
    while (!rest_.empty() && rest_.front() != '|' && rest_.front() != ']') {
      const char c = Take();
      if (c == '{')
        text += WriteKey(is_whole);
      else if (c == '[')
        text += WriteChoice();
      else
        text += c;
    }
    return text;
  }

  std::string WriteKey(bool& is_whole) {
    const std::string words = WordsOf(rest_.substr(0, rest_.find('}')), record_);
    rest_.remove_prefix(std::min(rest_.find('}'), rest_.size() - 1) + 1);
    if (words.empty()) is_whole = false;
    return words.empty() ? "?" : words;
  }

  /// Behind a "[": the first part that is whole.
  std::string WriteChoice() {
    std::string chosen;
    bool has_chosen = false;
    while (!rest_.empty()) {
      bool is_whole = true;
      std::string part = WritePart(is_whole);
      if (is_whole && !std::exchange(has_chosen, true)) chosen = std::move(part);
      if (rest_.empty() || Take() == ']') break;
    }
    return chosen;
  }

  std::string_view rest_;
  const Record& record_;
};

}  // namespace

std::string MakeSentence(std::string_view pattern, const Record& record) {
  return Writer(pattern, record).Write();
}

}  // namespace daypass::agent
