// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What the strict TOML reader hands out, and what it says of everything else: the place, what is
// wrong and what is allowed.
#include "wire/toml_table.h"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>

namespace daypass::wire {
namespace {

using namespace std::chrono_literals;
using core::Seconds;
using std::chrono::sys_days;

/// A file, and what reading it found wrong.
struct Source {
  explicit Source(const std::string& text)
      : file(*TomlFile::Parse(text, "a.toml")), table(file, fault) {}

  std::string Error() const { return fault ? fault.error().what : "no error"; }

  TomlFile file;
  Fault fault;
  TomlTable table;
};

using Read = std::function<void(TomlTable&)>;

std::string ErrorOf(const std::string& text, const Read& read) {
  Source source(text);
  read(source.table);
  source.table.Finish();
  return source.Error();
}

std::vector<std::string> Values(const std::vector<PlacedText>& texts) {
  std::vector<std::string> values;
  for (const PlacedText& text : texts) values.push_back(text.value);
  return values;
}

TEST(TomlTable, ReadsEveryKindOfValue) {
  Source source(R"(
name = "web"
list = ["a", "b"]
number = 7
pair = [1, 2]
flag = true
wait = "1h"
until = 2027-01-31T18:00:00.250+02:00
items = ["x", { command = "y" }]
[table]
inner = { deep = 1 }
[[entries]]
id = "first"
[[entries]]
id = "second"
[labels]
env = "prod"
"odd key" = "x"
)");
  TomlTable& table = source.table;
  EXPECT_EQ(table.Text("name", kName).value, "web");
  EXPECT_EQ(table.OptionalText("name", kName)->value, "web");
  EXPECT_EQ(Values(table.Texts("list", kName)), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(table.Integer("number", 7, 7), 7);
  EXPECT_EQ(table.Integers("pair", 2), (std::vector<int64_t>{1, 2}));
  EXPECT_TRUE(table.OptionalFlag("flag"));
  EXPECT_EQ(table.Duration("wait", Seconds{3600}), Seconds{3600});
  EXPECT_EQ(table.OptionalInstant("until"), sys_days{2027y / 1 / 31} + 16h + 250ms);
  const std::vector<TomlTable::Item> items = table.OptionalItems("items", kName);
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[0].text->value, "x");
  EXPECT_FALSE(items[0].table);
  ASSERT_TRUE(items[1].table);
  EXPECT_FALSE(items[1].text);
  EXPECT_TRUE(items[1].table->Has("command"));
  EXPECT_EQ(table.Table("table").Table("inner").Integer("deep", 0, 9), 1);
  std::vector<TomlTable> entries = table.OptionalTables("entries");
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[1].Text("id", kName).value, "second");
  const auto labels = table.Table("labels").TextEntries(kName);
  ASSERT_EQ(labels.size(), 2U);
  EXPECT_EQ(labels[0].first, "env");
  EXPECT_EQ(labels[0].second.value, "prod");
  EXPECT_EQ(labels[1].first, "odd key");
  table.Finish();
  EXPECT_FALSE(source.fault) << source.Error();
}

TEST(TomlTable, GivesNothingWhereNothingIsAndNothingNeedBe) {
  Source source("");
  TomlTable& table = source.table;
  EXPECT_FALSE(table.Has("a"));
  EXPECT_FALSE(table.OptionalText("a", kName));
  EXPECT_TRUE(table.OptionalTexts("a", kName).empty());
  EXPECT_FALSE(table.OptionalInteger("a", 0, 9));
  EXPECT_FALSE(table.OptionalFlag("a"));
  EXPECT_FALSE(table.OptionalInstant("a"));
  EXPECT_FALSE(table.OptionalTable("a"));
  EXPECT_TRUE(table.OptionalTables("a").empty());
  EXPECT_TRUE(table.OptionalItems("a", kName).empty());
  EXPECT_TRUE(table.TextEntries(kName).empty());
  table.Finish();
  EXPECT_FALSE(source.fault) << source.Error();
}

TEST(TomlTable, GivesSomethingHarmlessWhereSomethingIsMissing) {
  const std::pair<const char*, Read> cases[] = {
      {"text", [](TomlTable& in) { EXPECT_EQ(in.Text("a", kName).value, ""); }},
      {"texts", [](TomlTable& in) { EXPECT_TRUE(in.Texts("a", kName).empty()); }},
      {"integer", [](TomlTable& in) { EXPECT_EQ(in.Integer("a", 3, 9), 3); }},
      {"integers",
       [](TomlTable& in) { EXPECT_EQ(in.Integers("a", 2), (std::vector<int64_t>{0, 0})); }},
      {"duration", [](TomlTable& in) { EXPECT_EQ(in.Duration("a", 1h), 0s); }},
      {"table", [](TomlTable& in) { EXPECT_FALSE(in.Table("a").Has("b")); }},
  };
  for (const auto& [name, read] : cases) {
    EXPECT_EQ(ErrorOf("", read), "a.toml:1:1: a is missing") << name;
  }
}

/// A value, how it is read, and what is said of it.
struct Row {
  std::string value;
  Read read;
  std::string error;
};

void ExpectErrors(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    EXPECT_EQ(ErrorOf("a = " + row.value, row.read), "a.toml:1:5: " + row.error) << row.value;
  }
}

TEST(TomlTable, RefusesValuesOfAnotherKind) {
  const Read text = [](TomlTable& in) { EXPECT_EQ(in.Text("a", kName).value, ""); };
  const Read texts = [](TomlTable& in) { EXPECT_TRUE(in.Texts("a", kName).empty()); };
  const Read integer = [](TomlTable& in) { EXPECT_EQ(in.Integer("a", 3, 9), 3); };
  const Read integers = [](TomlTable& in) {
    EXPECT_EQ(in.Integers("a", 2), (std::vector<int64_t>{0, 0}));
  };
  const Read flag = [](TomlTable& in) { EXPECT_FALSE(in.OptionalFlag("a")); };
  const Read duration = [](TomlTable& in) { EXPECT_EQ(in.Duration("a", 1h), 0s); };
  const Read instant = [](TomlTable& in) { EXPECT_FALSE(in.OptionalInstant("a")); };
  const Read table = [](TomlTable& in) { EXPECT_FALSE(in.Table("a").Has("b")); };
  const Read items = [](TomlTable& in) { EXPECT_TRUE(in.OptionalItems("a", kName).empty()); };
  const std::string two = "a must be a list of 2 whole numbers";
  const std::string moment = "a must be a moment with its offset, such as 2027-01-31T18:00:00Z";
  ExpectErrors({{"7", text, "a must be a text in quotes"},
                {"[]", text, "a must be a text in quotes"},
                {"\"x\"", texts, "a must be a list of texts, such as [\"a\", \"b\"]"},
                {"\"7\"", integer, "a must be a whole number"},
                {"7.0", integer, "a must be a whole number"},
                {"7", integers, two},
                {"[1]", integers, two},
                {"[1, 2, 3]", integers, two},
                {"[1, \"2\"]", integers, two},
                {"[1, 2, 3.0]", integers, two},
                {"1", flag, "a must be true or false"},
                {"\"true\"", flag, "a must be true or false"},
                {"3600", duration, "a must be a text in quotes"},
                {"\"2027-01-31T18:00:00Z\"", instant, moment},
                {"2027-01-31T18:00:00", instant, moment},
                {"2027-01-31", instant, moment},
                {"\"x\"", table, "a must be a table"},
                {"{ b = 1 }", items, "a must be a list"}});
}

TEST(TomlTable, RefusesValuesOverALimitAndTakesThoseAtIt) {
  const Read name = [](TomlTable& in) { in.Text("a", kName); };
  const Read optional = [](TomlTable& in) { in.OptionalText("a", OrEmpty(kName)); };
  const Read integer = [](TomlTable& in) { in.Integer("a", 3, 9); };
  const Read duration = [](TomlTable& in) { in.Duration("a", 1h); };
  const auto letters = [](size_t count) { return '"' + std::string(count, 'x') + '"'; };
  ExpectErrors({{letters(64), name, "a is too long; allowed are 1 to 63 bytes"},
                {"\"\"", name, "a must not be empty; allowed are 1 to 63 bytes"},
                {"2", integer, "a is 2; allowed is 3 to 9"},
                {"10", integer, "a is 10; allowed is 3 to 9"},
                {"\"61m\"", duration, "a: 61m is too long; at most 1h"},
                {"\"\"", duration, "a must not be empty; allowed are 1 to 4096 bytes"}});
  const std::pair<std::string, Read> good[] = {{letters(63), name},
                                               {"\"\"", optional},
                                               {"3", integer},
                                               {"9", integer},
                                               {"\"60m\"", duration}};
  for (const auto& [value, read] : good) EXPECT_EQ(ErrorOf("a = " + value, read), "no error");
}

TEST(TomlTable, RefusesLettersThatAreNotAllowedAndShowsThemHarmlessly) {
  ExpectErrors(
      {{"\"We\\u001b[2Jb\"", [](TomlTable& in) { in.Text("a", kName); },
        "a: \"We?[2Jb\" is not allowed here; allowed: a-z 0-9 . _ - beginning with a letter or "
        "digit"},
       {"\"soon\"", [](TomlTable& in) { in.Duration("a", 1h); },
        "a: \"soon\" is no length of time; write a whole number and a unit, such as 90s, 20m, 8h "
        "or "
        "3d (at most 3650d)"}});
  // Without a rule for letters any text is one.
  EXPECT_EQ(ErrorOf("a = \"We\\u001bb\"", [](TomlTable& in) { in.Text("a", StringRule{}); }),
            "no error");
}

TEST(TomlTable, NamesTheElementOfAListThatIsWrong) {
  EXPECT_EQ(ErrorOf("a = [\"x\", 7]", [](TomlTable& in) { in.Texts("a", kName); }),
            "a.toml:1:11: a must be a text in quotes");
  EXPECT_EQ(ErrorOf("a = [{}, \"x\"]", [](TomlTable& in) { in.OptionalTables("a"); }),
            "a.toml:1:10: a must be written as [[a]]");
  EXPECT_EQ(ErrorOf("a = [{}, 7]", [](TomlTable& in) { in.OptionalItems("a", kName); }),
            "a.toml:1:10: a must be a text in quotes");
  EXPECT_EQ(ErrorOf("a = 7\nb = \"x\"", [](TomlTable& in) { in.TextEntries(kName); }),
            "a.toml:1:5: a must be a text in quotes");
}

TEST(TomlTable, NamesTheTablesThatItIsIn) {
  const Read deep = [](TomlTable& in) { in.Table("outer").Table("inner").Integer("x", 0, 9); };
  EXPECT_EQ(ErrorOf("[outer.inner]\nx = 10", deep),
            "a.toml:2:5: outer: inner: x is 10; allowed is 0 to 9");
  EXPECT_EQ(ErrorOf("[outer.inner]", deep), "a.toml:1:1: outer: inner: x is missing");
  const Read entries = [](TomlTable& in) {
    for (TomlTable& entry : in.Table("outer").OptionalTables("entries")) {
      entry.Integer("x", 0, 9);
      entry.SetLabel("entry 7");
      entry.Integer("y", 0, 9);
    }
  };
  EXPECT_EQ(ErrorOf("[[outer.entries]]\ny = 1", entries),
            "a.toml:1:1: outer: entries: x is missing");
  EXPECT_EQ(ErrorOf("[[outer.entries]]\nx = 1", entries), "a.toml:1:1: entry 7: y is missing");
}

TEST(TomlTable, KnowsWhereItsValuesStand) {
  Source source("\na = 1\n");
  EXPECT_EQ(source.table.PlaceOf("a").Text(), "a.toml:2:5");
  EXPECT_EQ(source.table.PlaceOf("b").Text(), source.table.place().Text());
  EXPECT_EQ((Place{"folder", 0, 0}.Text()), "folder");
}

// A key that nobody asked for is a mistake, not a wish. Control: the same key, asked for.
TEST(TomlTable, RefusesAKeyThatNobodyAskedFor) {
  const auto read = [](std::string_view key) -> Read {
    return [key](TomlTable& in) {
      in.OptionalInteger("known", 0, 9);
      in.OptionalInteger(key, 0, 9);
    };
  };
  EXPECT_EQ(ErrorOf("known = 1\nsurprise = 2", read("other")),
            "a.toml:2:1: \"surprise\" is not known here; known are known, other");
  EXPECT_EQ(ErrorOf("known = 1\nsurprise = 2", read("surprise")), "no error");
}

TEST(Fault, KeepsTheFirstAndListsAllThatHaveAPlace) {
  Fault fault;
  EXPECT_FALSE(fault);
  fault.Set({"a.toml", 2, 1}, "first", core::Reason::kTooLarge);
  fault.Set({"a.toml", 3, 1}, "second");
  fault.Set({"folder"}, "follows from one that is missing");
  EXPECT_EQ(fault.error().code, core::Reason::kTooLarge);
  EXPECT_EQ(fault.error().what, "a.toml:2:1: first");
  EXPECT_EQ(fault.error().field, "a.toml:2:1");
  ASSERT_EQ(fault.all().size(), 2U);
  EXPECT_EQ(fault.all()[1].what, "second");
  Fault alone;
  alone.Set({"folder"}, "no role");
  EXPECT_EQ(alone.error().what, "folder: no role");
}

}  // namespace
}  // namespace daypass::wire
