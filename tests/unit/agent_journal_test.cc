// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Records as the journal shows them: ids, sentences, fields.
#include <gmock/gmock.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "agent/journal_fields.h"
#include "agent/journal_sentence.h"
#include "core/statement.h"
#include "wire/base64.h"
#include "wire/string_rule.h"

namespace daypass::agent {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using testing::UnorderedElementsAreArray;

std::string ReadSource(const std::string& path) {
  std::ifstream file(std::string(DAYPASS_SOURCE_DIR) + "/" + path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

wire::Record Allowed() {
  wire::Record record;
  record.realm = std::string(32, 'a');
  record.seq = 7;
  record.prev = std::string(64, '0');
  record.host = "web-1";
  record.boot_id = std::string(32, 'b');
  record.time = core::FromMillis(1'767'225'600'000);  // 2026-01-01 00:00:00Z
  record.clock = "anchored";
  record.event = "decision.allowed";
  record.user = "alice";
  record.uid = 1000;
  record.door = "sudo";
  record.command = "/usr/bin/systemctl";
  record.argv = "systemctl restart nginx";
  for (const char* arg : {"systemctl", "restart", "nginx"}) {
    record.argv_b64.push_back(wire::EncodeBase64(arg));
  }
  record.runas = "root";
  record.role = "web-operator";
  record.grant = std::string(64, 'c');
  record.verdict = record.effect = "allow";
  record.reason = "granted";
  record.until_ms = 1'767'225'600'000 + 50'600'000;  // 14:03:20Z
  return record;
}

std::multimap<std::string, std::string> Fields(const wire::Record& record) {
  std::multimap<std::string, std::string> fields;
  for (const JournalValue& value : JournalFieldsOf(record)) {
    fields.emplace(value.name, value.value);
  }
  return fields;
}

// LG-13
TEST(JournalEvents, HaveTheIdsOfTheListAndWordsInTheCatalog) {
  std::map<std::string, std::string> listed;
  std::istringstream lines(ReadSource("packaging/events.txt"));
  for (std::string line; std::getline(lines, line);) {
    std::string event;
    std::string id;
    if (line.starts_with('#') || !(std::istringstream(line) >> event >> id)) continue;
    EXPECT_TRUE(listed.emplace(event, id).second) << event << " is listed twice";
  }
  std::map<std::string, std::string> ours;
  std::set<std::string> ids;
  const std::string catalog = ReadSource("packaging/daypass.catalog");
  for (const JournalEvent& row : JournalEvents()) {
    ours.emplace(row.event, row.message_id);
    EXPECT_TRUE(wire::IsHex128(row.message_id)) << row.event;
    EXPECT_TRUE(ids.emplace(row.message_id).second) << row.event << " has another's id";
    EXPECT_THAT(catalog, HasSubstr("-- " + std::string(row.message_id) + "\nSubject: "));
    EXPECT_THAT(row.priority, AllOf(testing::Ge(0), testing::Le(7))) << row.event;
  }
  EXPECT_THAT(ours, UnorderedElementsAreArray(listed));
}

TEST(JournalEvents, AllHaveASentenceThatNeedsNoFields) {
  for (const JournalEvent& row : JournalEvents()) {
    wire::Record record;
    record.event = row.event;
    const std::string sentence = JournalMessage(record);
    EXPECT_FALSE(sentence.empty()) << row.event;
    EXPECT_EQ(sentence.find_first_of("[]{}|"), std::string::npos) << sentence;
  }
}

TEST(JournalMessage, SaysWhoMayDoWhatUntilWhen) {
  EXPECT_EQ(
      JournalMessage(Allowed()),
      "alice may run /usr/bin/systemctl restart nginx as root (web-operator, until 14:03:20Z)");
}

TEST(JournalMessage, LeavesOutWhatIsNotKnown) {
  wire::Record record = Allowed();
  record.until_ms.reset();
  EXPECT_THAT(JournalMessage(record), testing::EndsWith(" as root (web-operator)"));
  record.role = record.runas = "";
  EXPECT_EQ(JournalMessage(record), "alice may run /usr/bin/systemctl restart nginx");
  record.command = record.argv = "";
  record.argv_b64.clear();
  EXPECT_EQ(JournalMessage(record), "alice may pass the sudo door");
}

TEST(JournalMessage, SaysWhyNot) {
  wire::Record record = Allowed();
  record.event = "decision.denied";
  record.verdict = record.effect = "deny";
  record.reason = "wrong_argument";
  record.detail = "nginx";
  EXPECT_EQ(JournalMessage(record),
            "alice may not run /usr/bin/systemctl restart nginx as root: the role allows this "
            "command, but not with these arguments: nginx");
  record.effect = "allow";
  EXPECT_THAT(JournalMessage(record),
              testing::EndsWith("(let through: Daypass does not enforce this here)"));
}

TEST(JournalMessage, NamesApproversWithoutTheirKeys) {
  wire::Record record = Allowed();
  record.event = "grant.imported";
  record.approvers = "bob:SHA256:abc,carol:SHA256:def";
  record.why = "nginx hangs";
  EXPECT_EQ(JournalMessage(record),
            "alice has been granted web-operator, approved by bob, carol: nginx hangs");
}

// LG-01, SC-11: one line, inert on a terminal, whatever was typed.
TEST(JournalMessage, ShowsEveryByteWithoutDoingWhatItSays) {
  std::string every;
  for (int byte = 1; byte < 256; ++byte) every.push_back(static_cast<char>(byte));
  every += "\u202e\u2028\u200b";
  wire::Record record = Allowed();
  record.argv_b64 = {wire::EncodeBase64("systemctl"), wire::EncodeBase64(every)};
  record.user = record.detail = record.role = every;
  const std::string sentence = JournalMessage(record);
  EXPECT_TRUE(wire::IsPlainLine(sentence)) << sentence;
  EXPECT_EQ(wire::ReplaceBadBytes(sentence), sentence) << "not UTF-8";
  EXPECT_THAT(sentence, HasSubstr("\\x1b"));
}

TEST(JournalMessage, ShowsWhereAnArgumentBeginsAndEnds) {
  wire::Record record = Allowed();
  record.argv_b64 = {wire::EncodeBase64("systemctl"), wire::EncodeBase64("restart nginx"),
                     wire::EncodeBase64("")};
  EXPECT_THAT(JournalMessage(record), HasSubstr("/usr/bin/systemctl \"restart nginx\" \"\" as"));
}

TEST(JournalMessage, CutsWhatIsVeryLong) {
  wire::Record record = Allowed();
  std::string umlauts;
  for (int i = 0; i < 100'000; ++i) umlauts += "ü";
  record.argv_b64 = {wire::EncodeBase64("systemctl"), wire::EncodeBase64(umlauts)};
  const std::string sentence = JournalMessage(record);
  EXPECT_LT(sentence.size(), 1024u);
  EXPECT_THAT(sentence, HasSubstr("ü... as root"));
}

TEST(MakeSentence, TakesTheFirstPartThatIsWhole) {
  wire::Record record;
  record.user = "alice";
  record.role = "web";
  EXPECT_EQ(MakeSentence("{user}", record), "alice");
  EXPECT_EQ(MakeSentence("{door}", record), "?");
  EXPECT_EQ(MakeSentence("a[ {door}]b", record), "ab");
  EXPECT_EQ(MakeSentence("[{door}|{role}|{user}]", record), "web");
  EXPECT_EQ(MakeSentence("[{door}|nobody]", record), "nobody");
  EXPECT_EQ(MakeSentence("[({role}[, {until}])]", record), "(web)");
  EXPECT_EQ(MakeSentence("[({door}[, {role}])]x", record), "x");
  EXPECT_EQ(MakeSentence("a|b]", record), "a|b]");
}

TEST(JournalFields, NameWhatJournaldAndPeopleAskFor) {
  const auto fields = Fields(Allowed());
  const auto expect = [&](const std::string& name, const std::string& value) {
    EXPECT_THAT(fields, Contains(std::pair<const std::string, std::string>(name, value)));
  };
  expect("MESSAGE_ID", "dac5f3d572364d3480333ec976f09c5b");
  expect("PRIORITY", "5");
  expect("SYSLOG_IDENTIFIER", "daypassd");
  expect("DAYPASS_EVENT", "decision.allowed");
  expect("DAYPASS_SEQ", "7");
  expect("DAYPASS_HOST", "web-1");
  expect("DAYPASS_USER", "alice");
  expect("DAYPASS_UID", "1000");
  expect("DAYPASS_TIME", "1767225600000");
  expect("DAYPASS_UNTIL", "1767276200000");
  expect("DAYPASS_GRANT", core::ShortId(std::string(64, 'c')));
  expect("DAYPASS_DIGEST", std::string(64, 'c'));
  EXPECT_EQ(fields.count("DAYPASS_ARGV_B64"), 1u);
  for (const auto& [name, value] : fields) {
    EXPECT_LE(name.size(), 64u);
    EXPECT_EQ(name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"), std::string::npos);
    EXPECT_FALSE(value.empty()) << name;
  }
}

// LG-01: journald keeps neither the order of fields with one name, nor those that are empty or
// there twice.
TEST(JournalFields, HoldEveryArgumentInItsPlace) {
  wire::Record record = Allowed();
  record.argv_b64.clear();
  for (const char* word : {"b", "", "a", "b", ""}) {
    record.argv_b64.push_back(wire::EncodeBase64(word));
  }
  EXPECT_EQ(Fields(record).find("DAYPASS_ARGV_B64")->second, "Yg==,,YQ==,Yg==,");
}

TEST(JournalFields, OfAnEventOfAnotherVersionHaveNoId) {
  wire::Record record = Allowed();
  record.event = "moon.risen";
  const auto fields = Fields(record);
  EXPECT_EQ(fields.count("MESSAGE_ID"), 0u);
  EXPECT_EQ(fields.find("MESSAGE")->second, "moon.risen");
}

}  // namespace
}  // namespace daypass::agent
