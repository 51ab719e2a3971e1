// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What others wrote must not move a terminal, and must not look like something else.
#include "core/escape.h"

#include <gtest/gtest.h>

#include <cstdint>

#include "cli/pretty_json.h"

namespace daypass::cli {
namespace {

TEST(ForTerminal, LeavesWhatPeopleWriteAlone) {
  for (const char* text :
       {"", "nginx does not start", "Grüße, 日本語, emoji 🙂", "a\\b 'c' \"d\""}) {
    EXPECT_EQ(core::ForTerminal(text), text);
  }
}

TEST(ForTerminal, ShowsControlCharactersInsteadOfObeyingThem) {
  EXPECT_EQ(core::ForTerminal("a\x1b[2Jb"), "a\\e[2Jb");
  EXPECT_EQ(core::ForTerminal("a\r\nb\tc"), "a\\r\\nb\\tc");
  EXPECT_EQ(core::ForTerminal(std::string_view("a\0b\x7f\x08", 5)), "a\\x00b\\x7f\\x08");
  EXPECT_EQ(core::ForTerminal("\xc2\x9b"
                              "31m"),
            "\\u{9b}31m")
      << "the CSI of eight bits";
}

TEST(ForTerminal, ShowsWhatTurnsHidesOrBreaksText) {
  EXPECT_EQ(core::ForTerminal("abc\u202Edcba\u202C"), "abc\\u{202e}dcba\\u{202c}");
  EXPECT_EQ(core::ForTerminal("we\u200Bb-1"), "we\\u{200b}b-1");
  EXPECT_EQ(core::ForTerminal("\u2028"), "\\u{2028}");
  EXPECT_EQ(core::ForTerminal("\u2066x\u2069\uFEFF"), "\\u{2066}x\\u{2069}\\u{feff}");
  EXPECT_EQ(core::ForTerminal("\U000E0041"), "\\u{e0041}") << "tag characters are invisible";
}

TEST(ForTerminal, ShowsBytesThatAreNoUtf8) {
  EXPECT_EQ(core::ForTerminal("a\xff"
                              "b"),
            "a\\xffb");
  EXPECT_EQ(core::ForTerminal("\xc0\xaf"), "\\xc0\\xaf") << "overlong";
  EXPECT_EQ(core::ForTerminal("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "half of a surrogate pair";
  EXPECT_EQ(core::ForTerminal("\xe2\x82"), "\\xe2\\x82") << "cut off";
  EXPECT_EQ(core::ForTerminal("\xf5\x80\x80\x80"), "\\xf5\\x80\\x80\\x80") << "beyond Unicode";
}

TEST(ForTerminal, LeavesNoControlByteWhateverComesIn) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string text{static_cast<char>(first), static_cast<char>(second)};
      for (const char c : core::ForTerminal(text)) {
        ASSERT_GE(static_cast<uint8_t>(c), 0x20) << first << " " << second;
        ASSERT_NE(c, '\x7f') << first << " " << second;
      }
    }
  }
}

TEST(LinesForTerminal, LetsLinesEndAndNothingElse) {
  EXPECT_EQ(core::LinesForTerminal("what\x1b[2J\nhint\r\n"), "what\\e[2J\nhint\\r\n");
}

TEST(CommandWord, QuotesWhatAShellWouldReadAsSomethingElse) {
  EXPECT_EQ(core::CommandWord("restart"), "restart");
  EXPECT_EQ(core::CommandWord("/usr/bin/systemctl"), "/usr/bin/systemctl");
  EXPECT_EQ(core::CommandWord(""), "''");
  EXPECT_EQ(core::CommandWord("restart nginx"), "'restart nginx'") << "one argument, not two";
  EXPECT_EQ(core::CommandWord("<number 1 to 9>"), "'<number 1 to 9>'") << "a text, not our words";
  EXPECT_EQ(core::CommandWord("$(id); a|b*"), "'$(id); a|b*'");
  EXPECT_EQ(core::CommandWord("it's"), "$'it\\'s'");
  EXPECT_EQ(core::CommandWord("a\nb\x1b"), "$'a\\nb\\e'");
  EXPECT_EQ(core::CommandWord("\u202Ex"), "$'\\U0000202ex'");
}

TEST(PrettyJson, BreaksLinesAndKeepsStrings) {
  EXPECT_EQ(PrettyJson(R"({"a":[1,{"b":"x, {\"y\"}"}],"c":{},"d":[]})"),
            "{\n  \"a\": [\n    1,\n    {\n      \"b\": \"x, {\\\"y\\\"}\"\n    }\n  ],\n"
            "  \"c\": {},\n  \"d\": []\n}");
  EXPECT_EQ(PrettyJson("{\"a\":\"\u202E\"}"), "{\n  \"a\": \"\\u{202e}\"\n}");
}

}  // namespace
}  // namespace daypass::cli
