// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What others wrote must not move a terminal, and must not look like something else.
#include "core/escape.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace daypass::core {
namespace {

TEST(ForTerminal, LeavesWhatPeopleWriteAlone) {
  for (const char* text :
       {"", "nginx does not start", "Grüße, 日本語, emoji 🙂", "a\\b 'c' \"d\""}) {
    EXPECT_EQ(ForTerminal(text), text);
  }
}

TEST(ForTerminal, ShowsControlCharactersInsteadOfObeyingThem) {
  EXPECT_EQ(ForTerminal("a\x1b[2Jb"), "a\\e[2Jb");
  EXPECT_EQ(ForTerminal("a\r\nb\tc"), "a\\r\\nb\\tc");
  EXPECT_EQ(ForTerminal(std::string_view("a\0b\x7f\x08", 5)), "a\\x00b\\x7f\\x08");
  EXPECT_EQ(ForTerminal("\xc2\x9b"
                        "31m"),
            "\\u{9b}31m")
      << "the CSI of eight bits";
}

TEST(ForTerminal, ShowsWhatTurnsHidesOrBreaksText) {
  EXPECT_EQ(ForTerminal("abc\u202Edcba\u202C"), "abc\\u{202e}dcba\\u{202c}");
  EXPECT_EQ(ForTerminal("we\u200Bb-1"), "we\\u{200b}b-1");
  EXPECT_EQ(ForTerminal("\u2028"), "\\u{2028}");
  EXPECT_EQ(ForTerminal("\u2066x\u2069\uFEFF"), "\\u{2066}x\\u{2069}\\u{feff}");
  EXPECT_EQ(ForTerminal("\U000E0041"), "\\u{e0041}") << "tag characters are invisible";
}

TEST(ForTerminal, ShowsBytesThatAreNoUtf8) {
  EXPECT_EQ(ForTerminal("\xf4\x8f\xbf\xbf"), "\xf4\x8f\xbf\xbf") << "the last of all is one";
  EXPECT_EQ(ForTerminal("a\xff"
                        "b"),
            "a\\xffb");
  EXPECT_EQ(ForTerminal("\xc0\xaf"), "\\xc0\\xaf") << "overlong";
  EXPECT_EQ(ForTerminal("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "half of a surrogate pair";
  EXPECT_EQ(ForTerminal("\xed\xbf\xbf"), "\\xed\\xbf\\xbf") << "the last of them";
  EXPECT_EQ(ForTerminal("\xe0\xa0\x80 \xf0\x90\x80\x80"), "\xe0\xa0\x80 \xf0\x90\x80\x80")
      << "the first of three and of four bytes";
  EXPECT_EQ(ForTerminal(std::string_view("\xe2\x82\xac", 2)), "\\xe2\\x82") << "cut off";
  EXPECT_EQ(ForTerminal("\xf5\x80\x80\x80"), "\\xf5\\x80\\x80\\x80") << "beyond Unicode";
}

TEST(ForTerminal, LeavesNoControlByteWhateverComesIn) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string text{static_cast<char>(first), static_cast<char>(second)};
      for (const char c : ForTerminal(text)) {
        ASSERT_GE(static_cast<uint8_t>(c), 0x20) << first << " " << second;
        ASSERT_NE(c, '\x7f') << first << " " << second;
      }
    }
  }
}

TEST(LinesForTerminal, LetsLinesEndAndNothingElse) {
  EXPECT_EQ(LinesForTerminal("what\x1b[2J\nhint\r\n"), "what\\e[2J\nhint\\r\n");
}

TEST(CommandWord, QuotesWhatAShellWouldReadAsSomethingElse) {
  EXPECT_EQ(CommandWord("restart"), "restart");
  EXPECT_EQ(CommandWord("/usr/bin/systemctl"), "/usr/bin/systemctl");
  EXPECT_EQ(CommandWord(""), "''");
  EXPECT_EQ(CommandWord("restart nginx"), "'restart nginx'") << "one argument, not two";
  EXPECT_EQ(CommandWord("<number 1 to 9>"), "'<number 1 to 9>'") << "a text, not our words";
  EXPECT_EQ(CommandWord("$(id); a|b*"), "'$(id); a|b*'");
  EXPECT_EQ(CommandWord("it's"), "$'it\\'s'");
  EXPECT_EQ(CommandWord("a\nb\x1b"), "$'a\\nb\\e'");
  EXPECT_EQ(CommandWord("\u202Ex"), "$'\\U0000202ex'");
  EXPECT_EQ(CommandWord("a\\x41\n"), "$'a\\\\x41\\n'") << "its backslash stays one";
}

}  // namespace
}  // namespace daypass::core
