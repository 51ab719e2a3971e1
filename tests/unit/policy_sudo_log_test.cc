// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// sudo's own log. The lines are what sudo 1.9.13 wrote, and older ones.
#include <gmock/gmock.h>

#include "policy_suggest_fixture.h"

namespace daypass::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct LogRead {
  std::vector<Use> uses;
  UnusedCounts unused;
};

LogRead ReadLog(const std::string& text, const Files& files = {}) {
  LogRead read;
  ReadSudoLog(text, files, read.uses, read.unused);
  return read;
}

const std::string kSyslog = "Nov 23 15:42:55 web-1 sudo[126]:    alice : ";
const std::string kFile = "Nov 23 15:31:55 : alice : ";

/// The only use of a line with this command.
Use ReadCommand(const std::string& command) {
  const LogRead read = ReadLog(kSyslog + "PWD=/etc ; USER=root ; COMMAND=" + command + "\n");
  EXPECT_EQ(read.uses.size(), 1U) << command;
  return read.uses.empty() ? Use{} : read.uses.front();
}

TEST(SudoLog, ReadsSyslogTheJournalAndSudosOwnFile) {
  const std::string rest = "TTY=pts/0 ; PWD=/ ; USER=bob ; GROUP=adm ; COMMAND=/usr/bin/id -u\n";
  for (const auto& [prefix, host, when] :
       std::vector<std::tuple<const char*, const char*, const char*>>{
           {"Nov 23 15:42:55 web-1 sudo[126]:    alice : ", "web-1", "Nov 23 15:42:55"},
           {"Nov 23 15:42:55 Web-1 sudo:    alice : ", "web-1", "Nov 23 15:42:55"},
           {"2026-11-23T15:42:55+0000 web-1 sudo[126]:    alice : ", "web-1",
            "2026-11-23T15:42:55+0000"},
           {"Mon 2026-11-23 15:42:55 UTC web-1 sudo[126]:    alice : ", "web-1",
            "Mon 2026-11-23 15:42:55 UTC"},
           {"Nov 23 15:42:55 : alice : ", "", "Nov 23 15:42:55"},
           {"Nov 23 15:42:55 2026 : alice : HOST=web-1 ; ", "web-1", "Nov 23 15:42:55 2026"}}) {
    const LogRead read = ReadLog(prefix + rest);
    ASSERT_EQ(read.uses.size(), 1U) << prefix;
    const Use& use = read.uses.front();
    EXPECT_EQ(use.account, "alice");
    EXPECT_EQ(use.host, host);
    EXPECT_EQ(use.when, when);
    EXPECT_EQ(use.runas, "bob");
    EXPECT_EQ(use.runas_group, "adm");
    EXPECT_EQ(use.command, "/usr/bin/id");
    EXPECT_THAT(use.args, ElementsAre("-u"));
    EXPECT_TRUE(use.has_terminal);
    EXPECT_EQ(use.trouble, "");
  }
}

TEST(SudoLog, KnowsWhereThereWasNoTerminal) {
  EXPECT_FALSE(ReadCommand("/usr/bin/id").has_terminal);
  const LogRead old = ReadLog(kSyslog + "TTY=unknown ; PWD=/ ; USER=root ; COMMAND=/usr/bin/id\n");
  EXPECT_FALSE(old.uses.at(0).has_terminal);
}

TEST(SudoLog, TakesQuotesAndBackslashesAway) {
  const Use use = ReadCommand(R"(/usr/bin/echo 'a b' it\'s back\\slash 'it\'s \\ a' end)");
  EXPECT_EQ(use.trouble, "");
  EXPECT_THAT(use.args, ElementsAre("a b", "it's", "back\\slash", "it's \\ a", "end"));
}

TEST(SudoLog, JoinsWhatSudosFileWraps) {
  const LogRead read = ReadLog(kFile +
                               "PWD=/ ; USER=root ;\n    COMMAND=/usr/bin/echo 'a b'\n"
                               "    end\n" +
                               kFile + "PWD=/ ; USER=root ; COMMAND=/usr/bin/id");
  ASSERT_EQ(read.uses.size(), 2U);
  EXPECT_THAT(read.uses[0].args, ElementsAre("a b", "end"));
  EXPECT_EQ(read.uses[0].trouble, "");
  EXPECT_EQ(read.uses[1].command, "/usr/bin/id");
}

TEST(SudoLog, DoubtsWhatItCannotBeSureOf) {
  for (const char* command : {
           "/usr/bin/echo  lead",           // an empty argument, or one of an older sudo's
           "/usr/bin/echo trail ",          //
           "/usr/bin/echo tab#011x",        // a control character, or these letters
           "/usr/bin/my#040id",             // a blank in a path
           "/usr/bin/echo it's",            // an older sudo's
           "/usr/bin/echo a'b c'd",         //
           "/usr/bin/echo 'one'",           //
           "/usr/bin/echo 'open",           //
           "/usr/bin/echo back\\slash",     //
           "/usr/bin/echo 'a\n    b' end",  // wrapped: how many blanks were there?
           "id",                            // no path
           "sudoedit",                      //
       }) {
    const Use use = ReadCommand(command);
    UnusedCounts unused;
    const Sketches sketches = SketchRules(std::vector{use}, {}, unused);
    EXPECT_THAT(sketches.rules, IsEmpty()) << command;
    EXPECT_EQ(sketches.by_hand.size(), 1U) << command;
  }
}

TEST(SudoLog, DoubtsAFullLineWhichMayEndInMoreThanOneBlank) {
  const std::string command = "PWD=/ ; USER=root ; COMMAND=/usr/bin/echo ";
  const std::string full = kFile + command + std::string(80 - kFile.size() - command.size(), 'x');
  EXPECT_NE(ReadLog(full + "\n    empty\n").uses.at(0).trouble, "");
  EXPECT_EQ(ReadLog(full + "x\n    more\n").uses.at(0).trouble, "");
  EXPECT_EQ(ReadLog(full + "\n").uses.at(0).trouble, "");
}

TEST(SudoLog, LeavesVariablesAndChrootsToPeople) {
  for (const char* field : {"ENV=FOO=a b", "CHROOT=/srv"}) {
    const LogRead read =
        ReadLog(kSyslog + "PWD=/tmp ; USER=root ; " + field + " ; COMMAND=/usr/bin/id\n");
    ASSERT_EQ(read.uses.size(), 1U);
    EXPECT_NE(read.uses[0].trouble, "");
  }
}

TEST(SudoLog, KnowsEditsInEachForm) {
  EXPECT_THAT(ReadCommand("sudoedit /etc/motd").files, ElementsAre("/etc/motd"));
  EXPECT_THAT(ReadCommand("sudoedit motd").files, ElementsAre("/etc/motd"));
  EXPECT_THAT(ReadCommand("/usr/bin/vim -- /etc/motd issue").files,
              ElementsAre("/etc/motd", "/etc/issue"));
  EXPECT_THAT(ReadCommand("/usr/bin/vim /etc/motd").files, IsEmpty());
}

TEST(SudoLog, FollowsTheLinksThatItIsTold) {
  const LogRead read = ReadLog(kSyslog + "PWD=/ ; USER=root ; COMMAND=/bin/systemctl x\n",
                               {{{"/bin", "/usr/bin"}}, {}, {}});
  EXPECT_EQ(read.uses.at(0).command, "/usr/bin/systemctl");
}

TEST(SudoLog, CountsRefusalsAndLinesOfOthers) {
  const LogRead read = ReadLog(
      kSyslog + "command not allowed ; PWD=/ ; USER=root ; COMMAND=/usr/bin/id\n" + kSyslog +
      "3 incorrect password attempts ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/id\n" +
      kFile +
      "sorry, you are not allowed to set the following\n    environment variables: FOO ; PWD=/ ; "
      "USER=bob ; ENV=FOO=bar ;\n    COMMAND=/usr/bin/id\n" +
      "Nov 23 15:42:55 web-1 sudo[1]: pam_unix(sudo:session): session opened for user root\n" +
      "Nov 23 15:42:55 web-1 sshd[1]:    alice : PWD=/ ; USER=root ; COMMAND=/usr/bin/id\n" +
      "Nov 23 15:42:55 web-1 sudo[x]y:   alice : PWD=/ ; USER=root ; COMMAND=/usr/bin/id\n" +
      "Nov 23 15:42:55 web-1 sudo[132]: [58B blob data]\n" + kSyslog +
      "PWD=/ ; USER=root ; COMMAND=list\n" + "\n" + std::string(2 << 20, 'x') + "\n");
  EXPECT_THAT(read.uses, IsEmpty());
  EXPECT_EQ(read.unused.at(Unused::kNotRun), 3U);
  EXPECT_EQ(read.unused.at(Unused::kOther), 5U);
  EXPECT_EQ(read.unused.at(Unused::kUnreadable), 1U);
}

// Folders and arguments are the user's to name: they make nobody else's line, and no other command.
TEST(SudoLog, BelievesNoLineThatHoldsSudosKeysTwice) {
  for (const char* line :
       {"PWD=/tmp/x ; USER=bob ; COMMAND=/bin/evil ; USER=root ; COMMAND=/usr/bin/id",
        "PWD=/tmp/x ; COMMAND=/bin/evil ; USER=root ; COMMAND=/usr/bin/id",
        "PWD=/tmp/x ; TTY=y ; TTY=pts/0 ; USER=root ; COMMAND=/usr/bin/id",
        "PWD=/ ; USER=root ; COMMAND=/usr/bin/echo a ; COMMAND=/bin/evil",
        "PWD=/ ; USER=root ; COMMAND=/usr/bin/echo 'a ; COMMAND=/bin/evil' b",
        "PWD=/tmp/a ; b ; USER=root ; COMMAND=/usr/bin/id"}) {
    const LogRead read = ReadLog(kSyslog + line + "\n");
    EXPECT_THAT(read.uses, IsEmpty()) << line;
    EXPECT_EQ(read.unused.at(Unused::kUnreadable), 1U) << line;
  }
  // A colon in the folder's name is no account.
  const LogRead read =
      ReadLog(kSyslog + "PWD=/tmp/x sudo: bob : y ; USER=root ; COMMAND=/usr/bin/id\n");
  EXPECT_EQ(read.uses.at(0).account, "alice");
}

TEST(SudoLog, DoubtsACommandThatSyslogBroke) {
  const std::string first = kSyslog + "PWD=/ ; USER=root ; COMMAND=/usr/bin/printf yyy\n";
  const std::string more = kSyslog + "(command continued) zzz\n";
  const std::string other =
      "Nov 23 15:42:55 web-1 sudo[9]:    bob : PWD=/ ; USER=root ; COMMAND=/usr/bin/id\n";
  const LogRead read = ReadLog(first + other + more + more);
  ASSERT_EQ(read.uses.size(), 2U);
  EXPECT_NE(read.uses[0].trouble, "");
  EXPECT_EQ(read.uses[1].trouble, "");
  EXPECT_EQ(ReadLog(first).uses.at(0).trouble, "");
  // The rest of a line that was not used spoils none before it.
  const std::string refused =
      kSyslog + "command not allowed ; PWD=/ ; USER=root ; COMMAND=/usr/bin/printf yyy\n";
  const LogRead of_refused = ReadLog(first + refused + more);
  EXPECT_EQ(of_refused.uses.at(0).trouble, "");
  EXPECT_EQ(of_refused.unused.at(Unused::kUnreadable), 1U);
}

TEST(SudoLog, MakesNothingOfNoise) {
  for (const char* text :
       {"", "\n", " : ", " : : ", "    x", " ; COMMAND=", "a : b : ; COMMAND=", "a b sudo: : PWD=/",
        "Nov 23 : alice : COMMAND=", "x : y : USER= ; COMMAND=\n",
        "w sudo: \xff : PWD=/ ; USER=root ; COMMAND=/usr/bin/id"}) {
    const LogRead read = ReadLog(text);
    UnusedCounts unused;
    EXPECT_THAT(SketchRules(read.uses, {}, unused).rules, IsEmpty()) << text;
  }
}

}  // namespace
}  // namespace daypass::policy
