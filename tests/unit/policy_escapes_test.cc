// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The table of programs that give away more than they seem to: whole, and true of the programs that
// are on this machine, by their own manuals.
#include "policy/escapes/escape.h"
#include "policy/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>
#include <string>

#include "policy/reach.h"

namespace daypass::policy {
namespace {

constexpr size_t kFewestPrograms = 150;
/// Programs of Debian's base and of what Daypass is built with: enough to be checked anywhere.
constexpr size_t kFewestChecked = 15;

const std::vector<Escape>& AllRows() {
  static const std::vector<Escape> kAll = [] {
    std::vector<Escape> all;
    for (const auto kind : EscapeKinds()) all.insert(all.end(), kind.begin(), kind.end());
    return all;
  }();
  return kAll;
}

std::string OutputOf(const std::string& command) {
  std::string text;
  // The words in it are the table's own.
  std::FILE* pipe = popen(command.c_str(), "re");  // NOLINT(cert-env33-c)
  if (pipe == nullptr) return text;
  std::array<char, 4096> part{};
  while (const size_t size = std::fread(part.data(), 1, part.size(), pipe)) {
    text.append(part.data(), size);
  }
  (void)pclose(pipe);
  return text;
}

/// Whether it stands there by itself: "-o" in "-o FILE" and "[-o|-p]", not in "-only".
bool Mentions(const std::string& page, std::string_view word) {
  const auto goes_on = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '-';
  };
  for (size_t at = page.find(word); at != std::string::npos; at = page.find(word, at + 1)) {
    const size_t end = at + word.size();
    const bool begins = at == 0 || !goes_on(page[at - 1]) || page.substr(at - 1, 2) == "--";
    const bool has_value = word.ends_with('=') || word.size() == 2;  // "of=FILE", "-fTYPE"
    if (begins && (has_value || end == page.size() || !goes_on(page[end]))) return true;
  }
  return false;
}

TEST(Escapes, AreARowForEachProgram) {
  std::set<std::string_view> names;
  for (const Escape& row : AllRows()) {
    EXPECT_TRUE(names.insert(row.program).second) << row.program << " is there twice";
    EXPECT_EQ(row.program.find('/'), std::string_view::npos) << row.program;
    EXPECT_EQ(FindEscape("/usr/bin/" + std::string(row.program))->program, row.program);
    EXPECT_THAT(std::string(row.source), ::testing::ContainsRegex("^[^ ]+\\([1-8]\\)"))
        << row.program << ": a source is a page of a manual, with its section";
  }
  EXPECT_GE(names.size(), kFewestPrograms);
}

TEST(Escapes, SayInEachWayWhatItGivesAndHow) {
  for (const Escape& row : AllRows()) {
    EXPECT_NE(row.ways[0].power, Power::kNone) << row.program << " has no way";
    bool ended = false;
    for (const Way& way : row.ways) {
      ended = ended || way.power == Power::kNone;
      EXPECT_EQ(ended, way.power == Power::kNone) << row.program << ": a way behind the last";
      std::set<std::string_view> words;
      for (const auto list : {way.words, way.unless}) {
        for (const std::string_view word : SplitWords(list)) {
          EXPECT_TRUE(words.insert(word).second) << row.program << ": " << word << " twice";
        }
      }
    }
  }
}

TEST(Escapes, FindVersionsAndBuildsOfAProgram) {
  for (const auto& [path, program] :
       {std::pair{"/usr/bin/python3.11", "python"}, std::pair{"/usr/bin/vim.basic", "vim.basic"},
        std::pair{"/usr/bin/nc.openbsd", "nc"}, std::pair{"/usr/bin/php8.2", "php"},
        std::pair{"/usr/bin/gcc-12", "gcc"}, std::pair{"/usr/bin/lua5.4", "lua"}}) {
    const Escape* row = FindEscape(path);
    ASSERT_NE(row, nullptr) << path;
    EXPECT_EQ(row->program, program);
  }
  for (const char* path : {"/srv/app/deploy", "/usr/bin/id", "/usr/bin/3", "/x/.vim"}) {
    EXPECT_EQ(FindEscape(path), nullptr) << path;
  }
}

void ReplaceAll(std::string& text, std::string_view from, std::string_view to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

/// A page's source, without the marks of roff that stand within an option:
/// "\\fB\\-\\-to\\-command".
std::string ManualOf(const std::string& name, char section) {
  const std::string file = std::string("/usr/share/man/man") + section + "/" + name + "." + section;
  std::string page = OutputOf("zcat -f " + file + " " + file + "*.gz 2>/dev/null");
  for (const auto& [mark, text] :
       {std::pair{"\\-", "-"}, std::pair{"\\fB", ""}, std::pair{"\\fI", ""}, std::pair{"\\fR", ""},
        std::pair{"\\fP", ""}, std::pair{"\\&", ""}, std::pair{"\\,", ""}, std::pair{"\\/", ""},
        std::pair{"\\%", ""}, std::pair{"\\f(CW", ""}, std::pair{"\\f[B]", ""},
        std::pair{"\\f[R]", ""}, std::pair{"Fl ", "-"}}) {
    ReplaceAll(page, mark, text);
  }
  return page;
}

/// The manuals that a row names: "apt(8), apt-get(8), what it does". Empty where one is not here.
std::string ManualsOf(const Escape& row) {
  std::string pages;
  for (std::string_view rest = row.source;;) {
    const size_t bracket = rest.find('(');
    if (bracket == std::string_view::npos || rest.find(' ') < bracket) return pages;
    const std::string page = ManualOf(std::string(rest.substr(0, bracket)), rest[bracket + 1]);
    if (page.size() < 500) return "";
    pages += page;
    rest.remove_prefix(std::min(rest.find(", ") + 2, rest.size()));
  }
}

TEST(Escapes, NameOptionsThatTheProgramsManualsHave) {
  size_t checked = 0;
  for (const Escape& row : AllRows()) {
    const std::string program(row.program);
    const bool has_words = std::ranges::any_of(
        row.ways, [](const Way& way) { return !way.words.empty() || !way.unless.empty(); });
    if (!has_words || OutputOf("command -v " + program).empty()) continue;
    const std::string page = ManualsOf(row);
    if (page.empty()) continue;  // the program is here without its manual
    ++checked;
    for (const Way& way : row.ways) {
      for (const std::string_view list : {way.words, way.unless}) {
        for (const std::string_view word : SplitWords(list)) {
          EXPECT_TRUE(Mentions(page, word)) << program << ": its manual has no " << word;
        }
      }
    }
  }
  std::printf("programs whose manual was read: %zu\n", checked);
  EXPECT_GE(checked, kFewestChecked) << "the manuals of Debian's base are needed";
}

}  // namespace
}  // namespace daypass::policy
