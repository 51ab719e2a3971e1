// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Exported journals: both forms, what is not the agent's, what is broken.
#include "policy/journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy_journal_fixture.h"

namespace daypass::policy {
namespace {

using core::Mode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

TEST(Journal, ReadsTheSameFromBothForms) {
  const Fields fields = MakeFields(1);
  for (const std::string& text : {Export(fields), JsonLine(fields)}) {
    const Read read = ReadAll(text);
    ASSERT_EQ(read.recorded.size(), 1U) << text << read.error;
    EXPECT_TRUE(read.unused.empty());
    const Recorded& one = read.recorded.front();
    EXPECT_EQ(one.host, "web-1");
    EXPECT_EQ(one.query.user, "alice");
    EXPECT_EQ(one.query.mode, Mode::kRun);
    EXPECT_EQ(one.query.command, "/usr/bin/systemctl");
    EXPECT_THAT(one.query.args, ElementsAre("restart", "nginx"));
    EXPECT_EQ(one.query.command_path.canonical, "/usr/bin/systemctl");
    EXPECT_TRUE(one.query.command_path.safe);
    EXPECT_TRUE(one.allowed);
    EXPECT_TRUE(one.ran);
  }
}

TEST(Journal, ReadsValuesThatAreNoText) {
  const std::string command = "/usr/bin/a\nb";
  const Read binary = ReadAll(Export(With(MakeFields(1), {{"DAYPASS_COMMAND", command}})));
  ASSERT_EQ(binary.recorded.size(), 1U);
  EXPECT_EQ(binary.recorded[0].query.command, command);
  // journalctl -o json writes such values as lists of bytes.
  std::string line = JsonLine(MakeFields(1));
  const std::string plain = "\"/usr/bin/systemctl\"";
  line.replace(line.find(plain), plain.size(), "[47,255,10]");
  const Read bytes = ReadAll(line);
  ASSERT_EQ(bytes.recorded.size(), 1U);
  EXPECT_EQ(bytes.recorded[0].query.command, "/\xff\n");
  // And a record writes them so.
  const Read escaped = ReadAll(Export(With(MakeFields(1), {{"DAYPASS_COMMAND", "/a\\x5cb\\xff"}})));
  EXPECT_EQ(escaped.recorded.at(0).query.command, "/a\\b\xff");
}

TEST(Journal, TakesNothingForTheAgentsThatSomebodyElseWrote) {
  const Fields good = MakeFields(1);
  EXPECT_EQ(ReadAll(Export(good)).recorded.size(), 1U);  // the control
  for (const Fields& forged : {With(good, {{"_UID", "1001"}}), With(good, {{"_EXE", ""}}),
                               With(good, {{"_EXE", "/usr/bin/logger"}})}) {
    const Read read = ReadAll(Export(forged));
    EXPECT_TRUE(read.recorded.empty());
    EXPECT_THAT(read.unused, ElementsAre(Pair(Unused::kForeign, 1)));
  }
}

TEST(Journal, CountsWhatItDoesNotUse) {
  const Fields good = MakeFields(1);
  const std::vector<std::pair<Fields, Unused>> cases = {
      {With(good, {{"DAYPASS_EVENT", "command.ended"}}), Unused::kOther},
      {With(good, {{"DAYPASS_REASON", "root"}}), Unused::kExempt},
      {With(good, {{"DAYPASS_REASON", "exempt"}}), Unused::kExempt},
      {With(good, {{"DAYPASS_REASON", "moon"}}), Unused::kUnreadable},
      {With(good, {{"DAYPASS_DOOR", "window"}}), Unused::kUnreadable},
      {With(good, {{"DAYPASS_TIME", "12x"}}), Unused::kUnreadable},
      {With(good, {{"DAYPASS_USER", "a b"}}), Unused::kUnreadable},
      {With(good, {{"DAYPASS_ARGV_B64", "!"}}), Unused::kUnreadable},
      {With(good, {{"DAYPASS_ARGV", "systemctl resta..."}}), Unused::kArgumentsCut},
      {With(good, {{"DAYPASS_PARENT", "7"}}), Unused::kSubCommand},
  };
  for (const auto& [fields, why] : cases) {
    for (const std::string& text : {Export(fields), JsonLine(fields)}) {
      const Read read = ReadAll(text);
      EXPECT_TRUE(read.recorded.empty()) << text;
      EXPECT_THAT(read.unused, ElementsAre(Pair(why, 1))) << text;
    }
  }
  const Read twice = ReadAll(Export(good) + Export(good) + Export(MakeFields(2)));
  EXPECT_EQ(twice.recorded.size(), 2U);
  EXPECT_THAT(twice.unused, ElementsAre(Pair(Unused::kTwice, 1)));
}

TEST(Journal, CountsAnEntryThatIsCutOffWhereverItIs) {
  const std::string first = Export(MakeFields(1));
  const std::string second = Export(With(MakeFields(2), {{"DAYPASS_CWD", "/home\n/alice"}}));
  for (size_t length = 1; length + 2 < second.size(); ++length) {
    const Read read = ReadAll(first + second.substr(0, length));
    EXPECT_EQ(read.error, "") << length;
    EXPECT_EQ(read.recorded.size(), 1U) << length;
  }
  const std::string line = JsonLine(MakeFields(2));
  for (size_t length = 1; length + 1 < line.size(); ++length) {
    const Read read = ReadAll(JsonLine(MakeFields(1)) + line.substr(0, length));
    EXPECT_EQ(read.recorded.size(), 1U);
    EXPECT_THAT(read.unused, ElementsAre(Pair(Unused::kCutOff, 1)));
  }
}

TEST(Journal, SaysWhatIsNoExportedJournal) {
  for (const std::string& text :
       {std::string("LPKSHHRH\0\0\0", 11), std::string("Nov 23 10:00:00 web-1 sudo: x\n"),
        Export(MakeFields(1)) + "what is this\n"}) {
    EXPECT_THAT(ReadAll(text).error, HasSubstr("journalctl -o export"));
  }
  std::string lying = "DAYPASS_CWD\n";
  lying += std::string("\x02\0\0\0\0\0\0\0", 8) + "/homes\n";
  EXPECT_THAT(ReadAll(lying).error, HasSubstr("byte 22"));
}

TEST(Journal, StandsLongAndHostileEntries) {
  const std::string huge(2 << 20, 'x');
  const Read read = ReadAll(Export(With(MakeFields(1, {"echo", huge}), {{"EXTRA", huge}})));
  ASSERT_EQ(read.recorded.size(), 1U);
  EXPECT_EQ(read.recorded[0].query.args.at(0), huge);
  const Read too_long = ReadAll(Export(With(MakeFields(1), {{"DAYPASS_CWD", huge + huge + huge}})));
  EXPECT_THAT(too_long.unused, ElementsAre(Pair(Unused::kUnreadable, 1)));
  // A length of nearly 2^64 must not wrap around.
  const Read wrap = ReadAll("DAYPASS_CWD\n" + std::string(8, '\xff') + "x\n");
  EXPECT_THAT(wrap.unused, ElementsAre(Pair(Unused::kCutOff, 1)));
  // The same field twice: which of them is meant?
  const Read twice = ReadAll("DAYPASS_CWD=/\n" + Export(MakeFields(1)));
  EXPECT_THAT(twice.unused, ElementsAre(Pair(Unused::kUnreadable, 1)));
  // journalctl -o json leaves out what is long.
  std::string line = JsonLine(MakeFields(1));
  line.replace(line.find("\"/home/alice\""), 13, "null");
  EXPECT_THAT(ReadAll(line).unused, ElementsAre(Pair(Unused::kUnreadable, 1)));
}

TEST(Recorded, LearnsFromTheReasonOfARefusal) {
  const auto refused = [](const std::string& reason, const std::string& detail) {
    const Read read = ReadAll(Export(With(MakeFields(1), {{"DAYPASS_EVENT", "decision.denied"},
                                                          {"DAYPASS_VERDICT", "deny"},
                                                          {"DAYPASS_REASON", reason},
                                                          {"DAYPASS_DETAIL", detail}})));
    return read.recorded.at(0).query;
  };
  EXPECT_FALSE(refused("path_unsafe", "/usr/bin").command_path.safe);
  EXPECT_EQ(refused("wrong_command", "/opt/systemctl").command_path.canonical, "/opt/systemctl");
  EXPECT_EQ(refused("wrong_runas", "group shadow").runas_group, "shadow");
  EXPECT_THAT(refused("environment", "LD_PRELOAD").env, ElementsAre("LD_PRELOAD=?"));
  EXPECT_EQ(refused("option_refused", "-s").mode, Mode::kShell);
  EXPECT_EQ(refused("option_refused", "-i").mode, Mode::kLogin);
  EXPECT_THAT(refused("option_refused", "chroot").options, ElementsAre("chroot"));
  const core::Query plain = refused("no_grant", "");
  EXPECT_TRUE(plain.command_path.safe && plain.env.empty() && plain.options.empty());
}

TEST(Recorded, KnowsLoginShellsEditsAndDoorsWithoutACommand) {
  const auto query = [](const Fields& fields) {
    return ReadAll(Export(fields)).recorded.at(0).query;
  };
  EXPECT_EQ(query(With(MakeFields(1, {"-bash"}), {{"DAYPASS_COMMAND", "/bin/bash"}})).mode,
            Mode::kLogin);
  const core::Query edit = query(MakeFields(1, {"vim", "--", "/etc/motd", "/etc/issue"}));
  EXPECT_EQ(edit.mode, Mode::kEdit);
  EXPECT_THAT(edit.files, ElementsAre("/etc/motd", "/etc/issue"));
  EXPECT_EQ(query(MakeFields(1, {"systemctl", "--", "x"})).mode, Mode::kRun);
  Fields login = With(MakeFields(1), {{"DAYPASS_DOOR", "ssh"}});
  login.erase("DAYPASS_COMMAND");
  EXPECT_EQ(query(login).mode, Mode::kAccount);
}

}  // namespace
}  // namespace daypass::policy
