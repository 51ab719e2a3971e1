// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "platform/journal.h"

// A line's place in our sources says nothing to an auditor.
#define SD_JOURNAL_SUPPRESS_LOCATION

#include <sys/uio.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <vector>

#include "platform/fault.h"

namespace daypass::platform {
namespace {

constexpr char kJournalSocket[] = "/run/systemd/journal/socket";
constexpr size_t kMaxNameBytes = 64;

bool IsFieldName(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && name.size() <= kMaxNameBytes && name[0] >= 'A' && name[0] <= 'Z' &&
         std::all_of(name.begin(), name.end(), allowed);
}

}  // namespace

core::Result<void> SendToJournal(std::span<const JournalField> fields) {
  std::vector<std::string> texts;
  texts.reserve(fields.size());
  for (const JournalField& field : fields) {
    if (!IsFieldName(field.name)) {
      // journald would drop the field without a word.
      return core::Error{core::Reason::kInternal,
                         "\"" + std::string(field.name) + "\" cannot name a journal field",
                         {}};
    }
    texts.push_back(std::string(field.name) + "=" + std::string(field.value));
  }
  std::vector<iovec> parts;
  parts.reserve(texts.size());
  for (std::string& text : texts) parts.push_back({text.data(), text.size()});

  // sd_journal_sendv says success when there is no journald.
  if (access(kJournalSocket, F_OK) != 0) return SystemFault("send to the journal", errno);
  const int sent = sd_journal_sendv(parts.data(), static_cast<int>(parts.size()));
  if (sent < 0) return SystemFault("send to the journal", -sent);
  return {};
}

}  // namespace daypass::platform
