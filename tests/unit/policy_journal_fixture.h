// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Entries as journald exports them, with the fields that the agent gives its decisions.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "policy/recorded.h"
#include "wire/base64.h"

namespace daypass::policy {

using Fields = std::map<std::string, std::string>;

/// alice restarts nginx on web-1, allowed.
inline Fields MakeFields(int seq,
                         std::vector<std::string> argv = {"systemctl", "restart", "nginx"}) {
  std::string list;
  for (const std::string& argument : argv) {
    list += (list.empty() ? "" : ",") + wire::EncodeBase64(argument);
  }
  return {{"_UID", "0"},
          {"_EXE", "/usr/libexec/daypass/daypassd"},
          {"MESSAGE", "alice may"},
          {"DAYPASS_EVENT", "decision.allowed"},
          {"DAYPASS_SEQ", std::to_string(seq)},
          {"DAYPASS_PREV", std::string(64, 'a')},
          {"DAYPASS_HOST", "web-1"},
          {"DAYPASS_TIME", std::to_string(1'800'000'000'000 + seq)},
          {"DAYPASS_USER", "alice"},
          {"DAYPASS_UID", "1001"},
          {"DAYPASS_TTY", "pts/1"},
          {"DAYPASS_DOOR", "sudo"},
          {"DAYPASS_COMMAND", "/usr/bin/" + argv.at(0)},
          {"DAYPASS_ARGV", "shown to people"},
          {"DAYPASS_ARGV_B64", list},
          {"DAYPASS_CWD", "/home/alice"},
          {"DAYPASS_RUNAS", "root"},
          {"DAYPASS_VERDICT", "allow"},
          {"DAYPASS_EFFECT", "allow"},
          {"DAYPASS_REASON", "granted"}};
}

inline Fields With(Fields fields, const Fields& changes) {
  for (const auto& [name, value] : changes) fields[name] = value;
  return fields;
}

/// As journalctl -o export writes it: what has a line end or is no text goes by its length.
inline std::string Export(const Fields& fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    if (value.find('\n') == std::string::npos) {
      text += name + "=" + value + "\n";
      continue;
    }
    text += name + "\n";
    for (size_t i = 0; i < 8; ++i) text += static_cast<char>(value.size() >> 8 * i & 0xff);
    text += value + "\n";
  }
  return text + "\n";
}

/// As journalctl -o json writes it. Values are plain.
inline std::string JsonLine(const Fields& fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    text += (text.empty() ? "{\"" : ",\"") + name + "\":\"" + value + "\"";
  }
  return text + "}\n";
}

struct Read {
  std::vector<JournalEntry> entries;
  std::vector<Recorded> recorded;
  UnusedCounts unused;
  std::string error;
};

inline Read ReadAll(const std::string& text, const Files& files = {}) {
  Read read;
  if (auto done = ReadJournal(text, "a.export", read.entries, read.unused); !done) {
    read.error = done.error().what;
  }
  read.recorded = ReadRecorded(read.entries, files, read.unused);
  return read;
}

}  // namespace daypass::policy
