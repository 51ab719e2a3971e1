// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/journal_fields.h"

#include <algorithm>
#include <array>

#include "agent/journal_sentence.h"
#include "core/statement.h"

namespace daypass::agent {
namespace {

// Syslog's numbers: how soon somebody should look.
constexpr int kCritical = 2;  // Daypass cannot do what it promises
constexpr int kError = 3;
constexpr int kWarning = 4;
constexpr int kNotice = 5;  // normal, and what an auditor reads
constexpr int kInfo = 6;

constexpr std::array kEvents = {
    JournalEvent{"decision.allowed", "dac5f3d572364d3480333ec976f09c5b", kNotice,
                 "{user} may [run {line}|pass the {door} door][ as {runas}]"
                 "[ ({role}[, until {until}])]"},
    JournalEvent{"decision.denied", "0ffa72c5173940df9e529c7a4fff81e0", kWarning,
                 "{user} may not [run {line}|pass the {door} door][ as {runas}]"
                 "[: {reason}][: {detail}][ ({let_through})]"},
    JournalEvent{"command.started", "180c8284735048498f554085ccd2bf89", kInfo,
                 "A command of {user} has begun[ in {scope}][ ({role}[, until {until}])]"},
    JournalEvent{"command.ended", "a8bb133a4064444893f517845e6cf1fe", kInfo,
                 "A command of {user} has ended[ {ended_by}][: {exit}]"},
    JournalEvent{"command.escaped", "c6bcb358d3c29f15191da742b7978463", kCritical,
                 "A command of {user} could not be ended[ in {scope}][: {detail}]"},
    JournalEvent{
        "session.opened", "bdad285d02e34f89b795f63b3fcf4632", kNotice,
        "{user} came in through the {door} door[ from {rhost}][ ({role}[, until {until}])]"},
    JournalEvent{"session.closed", "eb275e7a42d243f9801e7a4cee53c20b", kInfo,
                 "{user} left through the {door} door"},
    JournalEvent{"window.ended", "c2824eb8a1b74229bbcab325c59742d7", kNotice,
                 "The window of {user} for {role} has ended"},
    JournalEvent{"window.extended", "6f0d3a5be8c14c0f9a27d1b4a7c95e38", kNotice,
                 "A command of {user} goes on, as its window was extended[ until {until}]"},
    JournalEvent{"grant.imported", "3568e90006034e16af4870481742e618", kNotice,
                 "{user} has been granted {role}[, approved by {approvers}][: {why}]"},
    JournalEvent{"grant.started", "b5c867879ce24be1b4231df041f4d6a6", kNotice,
                 "The window of {user} for {role} is open[ until {until}]"},
    JournalEvent{"grant.refused", "df15320889be4928b8e54f881c1e7498", kWarning,
                 "A grant was refused[: {detail}|: {reason}]"},
    JournalEvent{"grant.revoked", "acb0c43b2e4f4a3bbd228d8a73142b73", kWarning,
                 "The grant of {role} to {user} was revoked[: {detail}]"},
    JournalEvent{"grant.dropped", "742ab34593144dd880e091ed0a77bd2e", kNotice,
                 "{user} gave up the grant of {role}"},
    JournalEvent{"request.asked", "c96756f7c2e84a3780a8ac2f01d4119a", kNotice,
                 "{user} asks for {role}[: {why}]"},
    JournalEvent{"policy.imported", "3662c913e7d04881919afac3b8fe33e9", kNotice,
                 "A policy was taken[: {detail}]"},
    JournalEvent{"policy.refused", "e1c286181ea64e61b2e6396fb90c9aa9", kError,
                 "A policy was refused[: {detail}|: {reason}]"},
    JournalEvent{"status.refused", "655b85c76f674fe2a8379fbd3ed0e8aa", kWarning,
                 "A status of the server was refused[: {detail}|: {reason}]"},
    JournalEvent{"status.stale", "1590b9c0cf354b2e84e3bcd65af27eab", kWarning,
                 "The server has not been heard for too long[: {detail}]"},
    JournalEvent{"clock.changed", "8df677acedd04c53b447ff16695f2f67", kWarning,
                 "The clock has changed[: {detail}]"},
    JournalEvent{"clock.unknown", "2ea9818b29c24d0099e40016c024b2ea", kError,
                 "The time is not known well enough to decide[: {detail}]"},
    JournalEvent{"agent.started", "f66664dd6ac04812be7910e6dca3b8c5", kNotice,
                 "Daypass guards {host}[ in {mode} mode][; {detail}]"},
    JournalEvent{"agent.stopped", "ed8078be0f78462b88757940af71daac", kNotice,
                 "Daypass has stopped on {host}"},
    JournalEvent{"mode.changed", "e168ccd00a1d486f910585d19b910048", kWarning,
                 "{host} is in {mode} mode now"},
    JournalEvent{"gate.opened", "6a1323ab977c48f28a8dfa0cb9231892", kCritical,
                 "[The {door} door|A door] of {host} is not guarded any more[: {detail}]"},
    JournalEvent{"gate.closed", "093150b86d264a97b78b874bbcd5c171", kNotice,
                 "[The {door} door|A door] of {host} is guarded[: {detail}]"},
    JournalEvent{"store.full", "d9b0110808814406926599c1bcf159cb", kCritical,
                 "The store is full, so nothing is allowed any more[: {detail}]"},
    JournalEvent{"store.damaged", "69bce4d6e82342acb067bdde0328c274", kCritical,
                 "The store is damaged[: {detail}]"},
    JournalEvent{"store.gap", "7cf7cc2f29de4879948b29464f6c030f", kCritical,
                 "Records are missing from the store[: {detail}]"},
    JournalEvent{"mirror.lagging", "c3eaa58f72a948858d5e003c2ff0e592", kWarning,
                 "The journal is behind the store[: {detail}]"},
    JournalEvent{"host.enrolled", "34c4e5d3ea094897947d762b81ed39dd", kNotice,
                 "This host is enrolled as {host}"},
};

constexpr JournalEvent kUnknown{"", "", kNotice, "{event}[: {detail}]"};

/// The journal's name of a record's key. Numbers of milliseconds go by the name of what they tell.
std::string NameOf(std::string_view key) {
  if (key == "time_ms" || key == "until_ms") key.remove_suffix(3);
  std::string name = "DAYPASS_";
  for (const char c : key) name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return name;
}

/// In one field: of several with one name the journal keeps neither the order nor a repetition.
std::string Joined(const std::vector<std::string>& words) {
  std::string text = words.front();
  for (size_t i = 1; i < words.size(); ++i) text += ',' + words[i];
  return text;
}

}  // namespace

std::span<const JournalEvent> JournalEvents() {
  return kEvents;
}

const JournalEvent& FindJournalEvent(std::string_view event) {
  const auto* const row = std::ranges::find(kEvents, event, &JournalEvent::event);
  return row == kEvents.end() ? kUnknown : *row;
}

std::string JournalMessage(const wire::Record& record) {
  return MakeSentence(FindJournalEvent(record.event).sentence, record);
}

std::vector<JournalValue> JournalFieldsOf(const wire::Record& record) {
  const JournalEvent& row = FindJournalEvent(record.event);
  std::vector<JournalValue> fields = {{"MESSAGE", JournalMessage(record)},
                                      {"PRIORITY", std::to_string(row.priority)},
                                      {"SYSLOG_IDENTIFIER", "daypassd"}};
  if (!row.message_id.empty()) fields.push_back({"MESSAGE_ID", std::string(row.message_id)});
  if (!record.argv_b64.empty()) fields.push_back({"DAYPASS_ARGV_B64", Joined(record.argv_b64)});
  wire::ForEachField(record, [&](std::string_view key, std::string_view text) {
    if (text.empty() || key == "argv_b64") return;
    if (key == "grant") {
      fields.push_back({"DAYPASS_GRANT", core::ShortId(record.grant)});
      fields.push_back({"DAYPASS_DIGEST", record.grant});
      return;
    }
    fields.push_back({NameOf(key), std::string(text)});
  });
  return fields;
}

}  // namespace daypass::agent
