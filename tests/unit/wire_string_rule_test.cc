// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What each kind of text takes, to the byte.
#include "wire/string_rule.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace daypass::wire {
namespace {

std::string Utf8(char32_t c) {
  const auto rest = [c](int shift) { return static_cast<char>(0x80 | (c >> shift & 0x3F)); };
  if (c < 0x80) return {static_cast<char>(c)};
  if (c < 0x800) return {static_cast<char>(0xC0 | c >> 6), rest(0)};
  if (c < 0x10000) return {static_cast<char>(0xE0 | c >> 12), rest(6), rest(0)};
  return {static_cast<char>(0xF0 | c >> 18), rest(12), rest(6), rest(0)};
}

// GF-33: text that reads other than it is written. Control: letters of any language.
TEST(StringRule, RefusesControlsAndMarksOfDirection) {
  for (const std::string_view good : {"a b", "\xC3\xBC\xE6\xBC\xA2\xF0\x9F\x98\x80", "~!\"\\"}) {
    EXPECT_TRUE(IsPlainLine(good)) << good;
  }
  for (const std::string_view bad :
       {"a\nb", "a\tb", "\x1B[2J", "\x7F", "\xC2\x85", "\xE2\x80\xAE", "\xE2\x81\xA6",
        "\xE2\x80\x8B", "\xE2\x80\xA8", "\xEF\xBB\xBF", "\xD8\x9C", "\xC2\xAD"}) {
    EXPECT_FALSE(IsPlainLine(bad)) << bad;
  }
  EXPECT_TRUE(IsPlainText("a\n\tb"));
  EXPECT_FALSE(IsPlainText("a\r\n"));
}

TEST(StringRule, KnowsNames) {
  EXPECT_TRUE(IsHostName("web-1.example.org"));
  EXPECT_TRUE(IsName("web_operator.2"));
  EXPECT_TRUE(IsAccount("alice"));
  EXPECT_TRUE(IsAccount("Alice.B@example.org"));
  EXPECT_TRUE(IsAccount("host$"));
  EXPECT_TRUE(IsCanonicalPath("/"));
  EXPECT_TRUE(IsCanonicalPath("/usr/bin/..a"));
  EXPECT_TRUE(IsFingerprint("SHA256:" + std::string(43, 'A')));
  for (const std::string& bad :
       {std::string(), std::string("-a"), std::string(".a"), std::string("a b"), std::string("a/b"),
        std::string("a\nb"), std::string("\xC3\xBC"), std::string(65, 'a')}) {
    EXPECT_FALSE(IsHostName(bad)) << bad;
    EXPECT_FALSE(IsName(bad)) << bad;
    EXPECT_FALSE(IsAccount(bad)) << bad;
  }
  EXPECT_FALSE(IsHostName("Web-1"));
  EXPECT_FALSE(IsHostName("a_b"));
  EXPECT_FALSE(IsAccount("$"));
  EXPECT_FALSE(IsAccount("a$b"));
  for (const std::string_view bad :
       {"", "usr", "/usr/", "//", "/a//b", "/a/./b", "/a/../b", "/..", "/.", "/a\nb"}) {
    EXPECT_FALSE(IsCanonicalPath(bad)) << bad;
  }
  EXPECT_FALSE(IsDigest(std::string(64, 'A')));
  EXPECT_FALSE(IsDigest(std::string(63, 'a')));
  EXPECT_FALSE(IsHex128(std::string(33, 'a')));
  EXPECT_FALSE(IsFingerprint("SHA512:" + std::string(43, 'A')));
}

// The first and the last character of each range that hides or turns text, and their neighbours.
TEST(StringRule, DrawsTheLineExactlyAtWhatDeceives) {
  const std::pair<char32_t, char32_t> ranges[] = {
      {0x01, 0x1F},     {0x7F, 0x9F},     {0xAD, 0xAD},      {0x61C, 0x61C},
      {0x180E, 0x180E}, {0x200B, 0x200F}, {0x2028, 0x202E},  {0x2060, 0x206F},
      {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F}};
  const auto is_plain = [](char32_t c) { return IsPlainLine(Utf8(c)); };
  for (const auto& [first, last] : ranges) {
    EXPECT_FALSE(is_plain(first)) << std::hex << static_cast<uint32_t>(first);
    EXPECT_FALSE(is_plain(last)) << std::hex << static_cast<uint32_t>(last);
    EXPECT_TRUE(first == 0x01 || is_plain(first - 1)) << std::hex << static_cast<uint32_t>(first);
    EXPECT_TRUE(is_plain(last + 1)) << std::hex << static_cast<uint32_t>(last);
  }
}

TEST(StringRule, ReadsUtf8InItsShortestFormOnly) {
  for (const char32_t c :
       {0x20, 0x7E, 0xA0, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0xFFFFF, 0x10FFFF}) {
    EXPECT_EQ(ReplaceBadBytes(Utf8(c)), Utf8(c)) << std::hex << static_cast<uint32_t>(c);
  }
  const std::string bad = "\xEF\xBF\xBD";
  for (const std::string_view bytes :
       {"\x80", "\xC0\xAF", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xED\xA0\x80",
        "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xC3",
        "\xE2\x82", "\xF0\x9F\x98", "\xC3(", "\xE2(\xA1", "\xE2\x82("}) {
    std::string good;  // each byte by itself
    for (const char byte : bytes) good += byte == '(' ? "(" : bad;
    EXPECT_EQ(ReplaceBadBytes(bytes), good) << Visible(bytes);
  }
}

TEST(StringRule, TakesExactlyTheLettersOfItsKind) {
  const std::string lower = "abcdefghijklmnopqrstuvwxyz", digits = "0123456789";
  const std::string letters = lower + "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  struct Kind {
    bool (*accepts)(std::string_view);
    std::string before, after;  // what stands around the character
    std::string taken;
  };
  const Kind kinds[] = {
      {IsHostName, "", "", lower + digits},
      {IsHostName, "a", "b", lower + digits + ".-"},
      {IsName, "", "", lower + digits},
      {IsName, "a", "b", lower + digits + "._-"},
      {IsAccount, "", "", letters + digits + "_"},
      {IsAccount, "a", "b", letters + digits + "_.@+-"},
      {IsAccount, "a", "", letters + digits + "_.@+-$"},
      {IsDigest, std::string(63, '0'), "", digits + "abcdef"},
      {IsHex128, "", std::string(31, 'f'), digits + "abcdef"},
      {IsZoneName, "", "", letters},
      {IsZoneName, "Etc/G", "5", letters + digits + "_-+"},
      {IsFingerprint, "SHA256:", std::string(42, 'A'), letters + digits + "+/"},
      {IsClockTime, "0", ":30", digits},
      {IsClockTime, "12:", "0", "012345"},
      {IsClockTime, "12", "30", ":"},
  };
  for (const Kind& kind : kinds) {
    for (int byte = 0; byte < 256; ++byte) {
      const char c = static_cast<char>(byte);
      const bool is_taken = kind.taken.find(c) != std::string::npos;
      EXPECT_EQ(kind.accepts(kind.before + c + kind.after), is_taken)
          << kind.before << " " << byte << " " << kind.after;
    }
  }
}

TEST(StringRule, KnowsTimesOfDayAndZones) {
  for (const std::string_view good : {"00:00", "09:05", "23:59", "24:00"}) {
    EXPECT_TRUE(IsClockTime(good)) << good;
  }
  for (const std::string_view bad : {"", "9:05", "24:01", "25:00", "12:60", "12.30", "12:300"}) {
    EXPECT_FALSE(IsClockTime(bad)) << bad;
    EXPECT_EQ(ReadClockTime(bad), std::chrono::minutes{0}) << bad;
  }
  EXPECT_EQ(ReadClockTime("23:59"), std::chrono::minutes{1439});
  EXPECT_TRUE(IsZoneName("America/Argentina/Buenos_Aires"));
  for (const std::string_view bad : {"", "/UTC", "UTC/", "Etc//UTC", "Etc/5", "../UTC", "Etc/."}) {
    EXPECT_FALSE(IsZoneName(bad)) << bad;
  }
}

TEST(StringRule, MakesTextFitToShow) {
  EXPECT_EQ(Printable("a\x1B[2J\xE2\x80\xAE"), "a?[2J?");
  EXPECT_EQ(Printable(std::string(100, 'a')), std::string(64, 'a'));
  EXPECT_EQ(Visible("a\x1B\xE2\x80\xAE\xFF\\n\xC3\xBC"), "a\\x1b\\xe2\\x80\\xae\\xff\\n\xC3\xBC");
  EXPECT_EQ(ReplaceBadBytes(std::string("a\xFF\0", 3)), "a\xEF\xBF\xBD\xEF\xBF\xBD");
}

}  // namespace
}  // namespace daypass::wire
