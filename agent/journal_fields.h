// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// A record as an entry of the journal: DAYPASS_ and the key in capitals for each field, and what
// journald itself asks for: MESSAGE, one calm sentence; MESSAGE_ID and PRIORITY by event;
// SYSLOG_IDENTIFIER. Pure. The ids are those of packaging/events.txt and the catalog; a test holds
// the three together, and an id is never used again for something else.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wire/record.h"

namespace daypass::agent {

/// One event of a host. `priority`: syslog's number. `sentence`: see journal_sentence.h.
struct JournalEvent {
  std::string_view event;
  std::string_view message_id;  ///< 32 hexadecimal digits, for good
  int priority = 6;
  std::string_view sentence;
};

std::span<const JournalEvent> JournalEvents();

/// The row of an event; for one that is not in the table, a row without a message id.
const JournalEvent& FindJournalEvent(std::string_view event);

struct JournalValue {
  std::string name;
  std::string value;
};

/// All fields of the entry. DAYPASS_TIME and DAYPASS_UNTIL are milliseconds since 1970;
/// DAYPASS_GRANT is the short id that people type, and DAYPASS_DIGEST then the whole.
std::vector<JournalValue> JournalFieldsOf(const wire::Record& record);

/// The sentence: one line of UTF-8, without anything that moves a terminal's cursor or turns its
/// writing, whatever the record holds.
std::string JournalMessage(const wire::Record& record);

}  // namespace daypass::agent
