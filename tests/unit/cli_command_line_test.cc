// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The command line: verbs, usage faults, exit codes, and that every man page says what --help says.
#include "cli/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/verb.h"
#include "platform/file.h"

namespace daypass::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

CommandLine Parse(const std::vector<std::string>& arguments) {
  return ParseCommandLine(arguments, Verbs());
}

TEST(CommandLine, FindsTheVerbAndTheOptionsBeforeAndBehindIt) {
  const CommandLine line = Parse({"--config", "/tmp/c", "status", "--json", "--no-color"});
  ASSERT_NE(line.verb, nullptr) << line.text;
  EXPECT_EQ(line.globals.config, "/tmp/c");
  EXPECT_TRUE(line.globals.json);
  EXPECT_TRUE(line.globals.no_color);
}

TEST(CommandLine, TakesTheServerOnEitherSideOfTheVerb) {
  const std::vector<std::string> rest = {"--token", "t", "--name", "web-1"};
  std::vector<std::string> before = {"--server", "https://a", "host", "enrol"};
  before.insert(before.end(), rest.begin(), rest.end());
  std::vector<std::string> behind = {"host", "enrol", "--server", "https://a"};
  behind.insert(behind.end(), rest.begin(), rest.end());
  EXPECT_EQ(Parse(before).globals.server, "https://a") << Parse(before).text;
  EXPECT_EQ(Parse(behind).globals.server, "https://a") << Parse(behind).text;
}

TEST(CommandLine, SaysWhatIsWrongAndWhereHelpIs) {
  struct Case {
    std::vector<std::string> arguments;
    const char* says;
    const char* help;
  };
  const std::vector<Case> cases = {
      {{}, "a verb is missing", "Try: daypass --help"},
      {{"frobnicate"}, "\"frobnicate\" is no verb of daypass", "Try: daypass --help"},
      {{"host"}, "a verb is missing", "Try: daypass host --help"},
      {{"host", "shoot"}, "\"shoot\" is no verb of daypass host", "Try: daypass host --help"},
      {{"--config", "x", "shoot"}, "\"shoot\" is no verb", "Try: daypass --help"},
      {{"request", "--role", "r", "--reason", "x"}, "--for is required", "daypass request --help"},
      {{"request", "--for", "1w"}, "\"1w\" is no length of time", "daypass request --help"},
      {{"policy", "build", "d", "-o", "f", "--version", "x"},
       "\"x\" is no whole number",
       "daypass policy build --help"},
      {{"approve"}, "ID is required", "daypass approve --help"},
      {{"approve", "a", "b"}, "not expected: b", "daypass approve --help"},
      {{"status", "--frob"}, "not expected: --frob", "daypass status --help"},
  };
  for (const Case& c : cases) {
    const CommandLine line = Parse(c.arguments);
    EXPECT_EQ(line.verb, nullptr);
    EXPECT_EQ(line.exit, Exit::kUsage);
    EXPECT_THAT(line.text, StartsWith("daypass: "));
    EXPECT_THAT(line.text, HasSubstr(c.says));
    EXPECT_THAT(line.text, HasSubstr(c.help));
  }
}

TEST(CommandLine, EscapesWhatItRepeats) {
  EXPECT_THAT(Parse({"\x1b[2J"}).text, HasSubstr("\\e[2J"));
}

TEST(CommandLine, HelpsWithEveryVerb) {
  for (const VerbRow& row : Verbs()) {
    std::vector<std::string> arguments;
    std::string name(row.name);
    if (const size_t space = name.find(' '); space != std::string::npos) {
      arguments.push_back(name.substr(0, space));
      name = name.substr(space + 1);
    }
    arguments.insert(arguments.end(), {name, "--help"});
    const CommandLine line = Parse(arguments);
    EXPECT_EQ(line.exit, Exit::kDone);
    EXPECT_THAT(line.text, HasSubstr(std::string(row.summary)));
  }
  EXPECT_EQ(Parse({"--version"}).text, "daypass " DAYPASS_VERSION "\n");
}

/// Writes down what a verb declares.
class OptionList : public Options {
 public:
  void Text(std::string&, std::string_view name, std::string_view metavar, std::string_view,
            Need) override {
    Add(name, metavar);
  }
  void List(std::vector<std::string>&, std::string_view name, std::string_view metavar,
            std::string_view) override {
    Add(name, metavar);
  }
  void Duration(std::optional<core::Seconds>&, std::string_view name, std::string_view,
                Need) override {
    Add(name, "DURATION");
  }
  void Number(std::optional<uint64_t>&, std::string_view name, std::string_view metavar,
              std::string_view) override {
    Add(name, metavar);
  }
  void Flag(bool&, std::string_view name, std::string_view) override { Add(name, ""); }
  void Rest(std::vector<std::string>&, std::string_view name, std::string_view) override {
    Add(name, "");
  }

  /// As a man page writes them: "*--role* _ROLE_", "_ID_".
  std::vector<std::string> in_pages;

 private:
  void Add(std::string_view name, std::string_view metavar) {
    if (!name.starts_with('-')) {
      in_pages.push_back("_" + std::string(name) + "_");
      return;
    }
    const std::string option(name.substr(0, name.find(',')));
    in_pages.push_back("*" + option + "*" +
                       (metavar.empty() ? "" : " _" + std::string(metavar) + "_"));
  }
};

std::string Page(const std::string& name) {
  core::Result<std::string> text =
      platform::ReadFile(std::string(DAYPASS_MAN) + "/" + name + ".1.scd", 1 << 20);
  EXPECT_TRUE(text) << "each verb has a page: " << name;
  return text ? *text : "";
}

TEST(ManPages, NameEveryVerbWithItsSummaryAndOptions) {
  const std::string overview = Page("daypass");
  for (const VerbRow& row : Verbs()) {
    const std::string name(row.name);
    const std::string page = Page("daypass-" + name.substr(0, name.find(' ')));
    EXPECT_THAT(page, HasSubstr("*daypass " + name + "*"));
    EXPECT_THAT(page, HasSubstr(std::string(row.summary))) << name;
    EXPECT_THAT(overview, HasSubstr("*" + name + "*"));
    OptionList options;
    row.make()->Declare(options);
    for (const std::string& option : options.in_pages) {
      EXPECT_THAT(page, HasSubstr(option)) << "daypass " << name;
    }
  }
  for (const char* option : {"*--json*", "*--server* _URL_", "*--no-color*", "*--config* _DIR_",
                             "*--root* _DIR_", "*--version*"}) {
    EXPECT_THAT(overview, HasSubstr(option));
  }
}

TEST(ExitCodes, AreWhatTheirReasonsMean) {
  using R = core::Reason;
  EXPECT_EQ(static_cast<int>(ExitOf(R::kGranted)), 0);
  for (const R reason : {R::kNotFound, R::kNoGrant, R::kExpired, R::kConflict, R::kRoleUnknown}) {
    EXPECT_EQ(static_cast<int>(ExitOf(reason)), 1);
  }
  for (const R reason : {R::kMalformed, R::kTooLarge, R::kUnknownField, R::kUnknownFormat}) {
    EXPECT_EQ(static_cast<int>(ExitOf(reason)), 3);
  }
  for (const R reason : {R::kAgentSilent, R::kTooLate, R::kStoreUnavailable}) {
    EXPECT_EQ(static_cast<int>(ExitOf(reason)), 4);
  }
  for (const R reason : {R::kNotYours, R::kNotSignedIn, R::kSelfApproval}) {
    EXPECT_EQ(static_cast<int>(ExitOf(reason)), 5);
  }
  for (const R reason :
       {R::kBadSignature, R::kRollback, R::kEquivocation, R::kBelowThreshold, R::kDigest,
        R::kWrongRealm, R::kKeyUnknown, R::kRoleChanged, R::kAgentUntrusted}) {
    EXPECT_EQ(static_cast<int>(ExitOf(reason)), 6);
  }
  EXPECT_EQ(static_cast<int>(ExitOf(R::kTooMany)), 75);
}

}  // namespace
}  // namespace daypass::cli
