// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// core/match.cc and a second, naive reading of the same documents say the same of every rule and
// command: generated ones, biased so that a good part matches, and hostile ones.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>

#include "core/match.h"
#include "core/pattern.h"
#include "core_fixture.h"
#include "draw.h"
#include "naive_matcher.h"

namespace daypass::core {
namespace {

[[maybe_unused]] const bool kConfigured = ConfigureProperties();

const std::vector<std::string> kWords = {"restart", "nginx", "-n", "--x=y", "a b", "*",
                                         "",        "--",    "..", "x",     "ab",  "10"};
// What argv may hold that no honest rule names; "restart" and "10" in other alphabets among it.
const std::vector<std::string> kHostile = {"",
                                           " ",
                                           "\n",
                                           "\xff",
                                           "\xff\xfe",
                                           "restart\n",
                                           "\nrestart",
                                           "restart ",
                                           "Restart",
                                           "RESTART",
                                           "rest\xd0\xb0rt",
                                           "re\xcc\x81start",
                                           "restart\x1b[2J",
                                           "--x=y=",
                                           "--x",
                                           "--X=y",
                                           "-n10",
                                           "..",
                                           "../..",
                                           ".",
                                           "./",
                                           "../",
                                           "/",
                                           "//",
                                           "+1",
                                           "-0",
                                           "00",
                                           "010",
                                           "0x10",
                                           "1e1",
                                           " 1",
                                           "1 ",
                                           "1.0",
                                           "-",
                                           "--1",
                                           "\xef\xbc\x91",
                                           "\xd9\xa1",
                                           "9223372036854775807",
                                           "9223372036854775808",
                                           "-9223372036854775808",
                                           "-9223372036854775809",
                                           "18446744073709551616",
                                           "99999999999999999999999999",
                                           "[ab]",
                                           "ab*",
                                           "xx",
                                           "web-1",
                                           "web-1\n",
                                           "web-",
                                           "$(id)",
                                           "nginx;id"};
const std::vector<std::string> kFolders = {"/srv/app", "/srv", "/", "/srv/app/logs", "/etc"};
const std::vector<std::string> kFiles = {"/srv/app/x",     "/srv/app",      "/srv/app2/x",
                                         "/srv/app/logs/", "/srv/apple",    "/etc/shadow",
                                         "/srv/app/a\nb",  "/srv/app/\xff", "/"};
struct Pattern {
  const char* re;
  std::vector<std::string> matches;
};
// Words of both POSIX's and RE2's language.
const std::vector<Pattern> kPatterns = {{"web-[0-9]+", {"web-1", "web-0042"}},
                                        {"[a-z]*", {"", "restart"}},
                                        {"(ab|x){1,2}", {"ab", "xx", "abx"}},
                                        {".", {"x", "\n", "\xff"}},
                                        {"--x=(y|z)?", {"--x=", "--x=y"}},
                                        {"[^/]+", {"a b", "\n", ".."}},
                                        {"a|ab", {"a", "ab"}},
                                        {"re(start|load)", {"restart", "reload"}}};

/// A matcher, and an argument with its fact that it lets through, as a rule.
struct Pair {
  Matcher matcher;
  std::string argument;
  PathFact fact;
};

Pair MakeInt() {
  const std::vector<int64_t> edges = {INT64_MIN, INT64_MIN + 1, -11,      -10, -1, 0, 1, 9, 10,
                                      11,        INT64_MAX - 1, INT64_MAX};
  const int64_t a = Pick(edges), b = Pick(edges);
  const MatchInt range{std::min(a, b), OneIn(20) ? std::min(a, b) : std::max(a, b)};
  const int64_t value = OneIn(3) ? Pick(edges) : OneIn(2) ? range.lo : range.hi;
  return {range, std::to_string(value), {}};
}

Pair MakeUnder() {
  const std::string folder = Pick(kFolders);
  std::string canonical = OneIn(4) ? Pick(kFiles) : (folder == "/" ? "" : folder) + "/x";
  if (canonical.size() > 1 && canonical.back() == '/') canonical.pop_back();
  // As typed: the file itself, by a way around or by a link; the fact says where it leads.
  const std::string typed =
      OneIn(2) ? canonical : Pick<std::string>({"./x", "../app/x", "/l/x", "x", "-x", "..", "."});
  return {MatchUnder{folder}, typed, {canonical, !OneIn(12), {}, {}}};
}

Pair MakePair() {
  switch (Below(5)) {
    case 0: {
      const std::string value = Pick(kWords);
      return {MatchIs{value}, value, SafePath("/srv/app/x")};
    }
    case 1: {
      std::vector<std::string> values;
      for (size_t n = 1 + Below(4); n > 0; --n) values.push_back(Pick(kWords));
      return {MatchOneOf{values}, Pick(values), {}};
    }
    case 2:
      return MakeInt();
    case 3:
      return MakeUnder();
    default: {
      const Pattern& pattern = Pick(kPatterns);
      return {MatchPattern{pattern.re}, Pick(pattern.matches), {}};
    }
  }
}

/// One or several bytes of it are others.
std::string Bent(std::string text) {
  const size_t at = Below(text.size() + 1);
  const char byte = static_cast<char>(1 + Below(255));  // argv holds no NUL
  if (at < text.size() && OneIn(2)) {
    text[at] = byte;
  } else {
    text.insert(at, 1, byte);
  }
  return text;
}

std::string Spoilt(const std::string& argument) {
  switch (Below(4)) {
    case 0:
      return Pick(kHostile);
    case 1:
      return Bent(argument);
    case 2:
      return Pick(kWords);
    default:
      return argument + Pick(kHostile);
  }
}

/// As many arguments or facts as the rule wants, or not quite.
void SpoilCounts(Query& query) {
  switch (Below(6)) {
    case 0:
      query.args.clear();
      break;
    case 1:
      if (!query.args.empty()) query.args.pop_back();
      break;
    case 2:
      query.args.push_back(Pick(kHostile));
      break;
    case 3:
      query.args.insert(query.args.begin(), Pick(kWords));
      break;
    case 4:
      if (query.args.size() > 1) std::swap(query.args.front(), query.args.back());
      break;
    default:
      query.arg_paths.clear();
  }
}

/// A rule, and a query that is often one that it allows.
Query CommandFor(Rule& rule) {
  CommandRule command;
  command.path = "/usr/bin/tool";
  command.rest_any = OneIn(4);
  Query query;
  query.command_path = {OneIn(40) ? "/usr/bin/tool2" : "/usr/bin/tool", !OneIn(40), {}, {}};
  for (size_t n = Below(4); n > 0; --n) {
    const Pair pair = MakePair();
    command.args.push_back(pair.matcher);
    query.args.push_back(OneIn(6) ? Spoilt(pair.argument) : pair.argument);
    query.arg_paths.push_back(pair.fact);
  }
  if (OneIn(8)) SpoilCounts(query);
  if (OneIn(8)) command.cwd = OneIn(3) ? "/srv" : "/";
  query.cwd = "/";
  if (OneIn(8)) command.sha256 = kToolDigest;
  if (!OneIn(3)) query.command_path.sha256 = kToolDigest;
  rule = {"r", std::move(command)};
  return query;
}

Query EditFor(Rule& rule) {
  EditRule edit;
  for (size_t n = 1 + Below(3); n > 0; --n) edit.files.push_back(Pick(kFiles));
  Query query;
  query.mode = OneIn(10) ? Mode::kRun : Mode::kEdit;
  for (size_t n = Below(3); n > 0; --n) {
    query.files.push_back(Pick(kFiles));
    query.file_paths.push_back({OneIn(4) ? Pick(kFiles) : Pick(edit.files), !OneIn(10), {}, {}});
  }
  if (OneIn(10)) query.file_paths.clear();
  rule = {"r", std::move(edit)};
  return query;
}

const PatternMatcher kPatternMatcher = MakePatternMatcher();

bool CoreMatches(const std::vector<Rule>& rules, const Query& query) {
  Powers powers;
  powers.rules = rules;
  std::string rule_id;
  return !MatchCommand(powers, query, kPatternMatcher, rule_id);
}

struct Count {
  size_t seen = 0, matched = 0;
  void Add(bool matches) {
    ++seen;
    matched += matches ? 1 : 0;
  }
  size_t percent() const { return 100 * matched / std::max<size_t>(seen, 1); }
};
Count all;
std::array<Count, std::variant_size_v<Matcher>> of_kind;

/// How often each kind of matcher lets its argument through.
void CountKinds(const Rule& rule, const Query& query) {
  const auto* command = std::get_if<CommandRule>(&rule.kind);
  if (!command) return;
  for (size_t i = 0; i < std::min(command->args.size(), query.arg_paths.size()); ++i) {
    if (i < query.args.size())
      of_kind.at(command->args[i].index())
          .Add(NaiveMatches(command->args[i], query.args[i], &query.arg_paths[i]));
  }
}

// SC-08, SC-10, SC-11 and whatever else argv may hold.
PROPERTY(NaiveMatcher, AgreesOnEveryRuleAndCommand) {
  Rule rule;
  const Query query = OneIn(8) ? EditFor(rule) : CommandFor(rule);
  const bool expected = NaiveMatches(rule, query);
  all.Add(expected);
  CountKinds(rule, query);
  RC_ASSERT(CoreMatches({rule}, query) == expected);
}

TEST(NaiveMatcher, HasSeenAGoodPartMatchAndAGoodPartNot) {
  ASSERT_GT(all.seen, 0u) << "the property runs first";
  std::printf("%zu pairs, %zu %% match\n", all.seen, all.percent());
  EXPECT_GE(all.percent(), 25u);
  EXPECT_LE(all.percent(), 75u);
  for (const Count& kind : of_kind) {
    EXPECT_GE(kind.percent(), 20u) << &kind - of_kind.data();
    EXPECT_LE(kind.percent(), 90u) << &kind - of_kind.data();
  }
}

PROPERTY(NaiveMatcher, AgreesOnSeveralRules) {
  std::vector<Rule> rules(3);
  Query query;
  for (Rule& rule : rules) query = CommandFor(rule);
  std::swap(rules[0], rules[Below(3)]);
  bool expected = false;
  for (const Rule& rule : rules) expected = expected || NaiveMatches(rule, query);
  RC_ASSERT(CoreMatches(rules, query) == expected);
}

/// The query of a rule with one matcher.
Query One(std::string argument, PathFact fact = {}) {
  Query query;
  query.command_path = SafePath("/usr/bin/tool");
  query.args = {std::move(argument)};
  query.arg_paths = {std::move(fact)};
  return query;
}

// Every matcher with every hostile argument: no case is left to chance.
TEST(NaiveMatcher, AgreesOnEachHostileArgument) {
  std::vector<Matcher> matchers;
  for (const std::string& word : kWords) matchers.emplace_back(MatchIs{word});
  matchers.emplace_back(MatchOneOf{kWords});
  matchers.emplace_back(MatchOneOf{kHostile});
  for (const auto& [lo, hi] : std::vector<std::pair<int64_t, int64_t>>{
           {0, 0}, {-1, 10}, {INT64_MIN, INT64_MAX}, {INT64_MAX, INT64_MAX}, {5, 4}})
    matchers.emplace_back(MatchInt{lo, hi});
  for (const std::string& folder : kFolders) matchers.emplace_back(MatchUnder{folder});
  for (const Pattern& pattern : kPatterns) matchers.emplace_back(MatchPattern{pattern.re});
  for (const Matcher& matcher : matchers) {
    const Rule rule = MakeRule("r", "/usr/bin/tool", {matcher});
    for (const std::string& hostile : kHostile) {
      for (const std::string& file : kFiles) {
        const Query query = One(hostile, SafePath(file.back() == '/' && file.size() > 1
                                                      ? file.substr(0, file.size() - 1)
                                                      : file));
        EXPECT_EQ(CoreMatches({rule}, query), NaiveMatches(rule, query))
            << matcher.index() << " " << ::testing::PrintToString(hostile) << " is " << file;
      }
    }
  }
}

// SC-08: sizes that no honest command has.
TEST(NaiveMatcher, AgreesOnHugeArgumentsAndVeryMany) {
  const std::string huge(2 << 20, 'a');
  const std::vector<Matcher> matchers = {MatchIs{huge}, MatchOneOf{{"a", huge}}, MatchInt{0, 9},
                                         MatchUnder{"/"}, MatchPattern{"[a-z]*"}};
  for (const Matcher& matcher : matchers) {
    const Rule rule = MakeRule("r", "/usr/bin/tool", {matcher});
    for (const std::string& argument : {huge, huge + "b", std::string(2 << 20, '9'), "/" + huge}) {
      const Query query = One(argument, SafePath("/" + huge));
      EXPECT_EQ(CoreMatches({rule}, query), NaiveMatches(rule, query)) << matcher.index();
    }
  }
  Rule many = MakeRule("r", "/usr/bin/tool", std::vector<Matcher>(100'000, MatchIs{"x"}));
  Query query = One("x");
  for (const size_t count : {99'999, 100'000, 100'001}) {
    query.args.assign(count, "x");
    EXPECT_EQ(CoreMatches({many}, query), count == 100'000);
    EXPECT_EQ(NaiveMatches(many, query), count == 100'000);
  }
  query.args[77'777] = "y";
  EXPECT_EQ(CoreMatches({many}, query), NaiveMatches(many, query));
}

}  // namespace
}  // namespace daypass::core
