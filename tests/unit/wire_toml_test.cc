// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What the strict TOML reader refuses before toml++ sees it, and how it words what others wrote.
// What it reads is shown in wire_toml_table_test.cc and with its users: policy_builder_test.cc...
#include "wire/toml_table.h"

#include <gtest/gtest.h>

namespace daypass::wire {
namespace {

std::string Repeated(std::string_view text, size_t times) {
  std::string all;
  for (size_t i = 0; i < times; ++i) all += text;
  return all;
}

std::string ErrorOf(const std::string& text) {
  const auto file = TomlFile::Parse(text, "a.toml");
  return file ? "no error" : file.error().what;
}

TEST(TomlFile, RefusesAKeyOfMoreThanEightParts) {
  const std::string eight = Repeated("a.", 7) + "a";
  EXPECT_EQ(ErrorOf(eight + " = 1"), "no error");
  EXPECT_EQ(ErrorOf("[" + eight + "]\n" + eight + " = { " + eight + " = 1 }"), "no error");
  const std::string why = "a.toml: a key of more than 8 parts";
  EXPECT_EQ(ErrorOf("a." + eight + " = 1"), why);
  EXPECT_EQ(ErrorOf("[[a." + eight + "]]"), why);
  EXPECT_EQ(ErrorOf("x = { \"a\" . 'a' ." + eight + " = 1 }"), why);
}

// A mebibyte of it ended the program: each part is a table within a table.
TEST(TomlFile, RefusesAKeyOfAsManyPartsAsFitIntoAFile) {
  EXPECT_EQ(ErrorOf(Repeated("a.", 500'000) + "a = 1"), "a.toml: a key of more than 8 parts");
}

TEST(TomlFile, CountsNoDotsOfStringsNumbersAndComments) {
  const std::string dots = Repeated("a.", 20);
  for (const std::string& text :
       {"a = \"" + dots + "\"", "a = '" + dots + "'", "a = \"\\\"" + dots + "\"",
        "a = \"\"\"\n" + dots + "\n\"\" " + dots + "\"\"\"", "a = '''\n" + dots + "'''",
        "a = 1 # " + dots + "\nb = 2", "a = [" + Repeated("1.5, ", 20) + "]",
        "\"" + dots + "\" = 1"}) {
    EXPECT_EQ(ErrorOf(text), "no error") << text;
  }
}

// A string that is not ended hides no key, and no key is read out of one.
TEST(TomlFile, CountsOnAfterAStringThatIsNotEnded) {
  const std::string dots = Repeated("a.", 20) + "a";
  EXPECT_EQ(ErrorOf("a = \"x\n" + dots + " = 1"), "a.toml: a key of more than 8 parts");
  EXPECT_EQ(ErrorOf("a = 'x\n" + dots + " = 1"), "a.toml: a key of more than 8 parts");
  for (const std::string quotes : {"\"", "'", "\"\"\"\n", "'''\n", "\"\\"}) {
    EXPECT_EQ(ErrorOf("a = " + quotes + dots).substr(0, 7), "a.toml:") << quotes;
    EXPECT_EQ(ErrorOf("a = " + quotes + dots).find("parts"), std::string::npos) << quotes;
  }
}

TEST(TomlFile, WordsItsFaultsSoThatTheyCanBeShown) {
  EXPECT_EQ(ErrorOf("[a\xe2\x80\xae]").find('\xe2'), std::string::npos);
  const auto file = TomlFile::Parse("\"\\u202e\\u001b\" = 1", "a.toml");
  ASSERT_TRUE(file) << file.error().what;
  Fault fault;
  TomlTable(*file, fault).Finish();
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault.error().what, "a.toml:1:1: \"??\" is not known here; known are ");
}

}  // namespace
}  // namespace daypass::wire
