// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What a rule gives away is judged by what its matchers let through.
#include "policy/lint.h"

#include <gtest/gtest.h>

#include "core/pattern.h"

namespace daypass::policy {
namespace {

core::CommandRule Command(const std::string& path, std::vector<core::Matcher> args = {},
                          bool rest_any = false) {
  core::CommandRule command;
  command.path = path;
  command.args = std::move(args);
  command.rest_any = rest_any;
  return command;
}

core::Matcher Is(const char* value) {
  return core::MatchIs{value};
}

core::Matcher Re(const char* re) {
  return core::MatchPattern{re};
}

TEST(Lint, KnowsToolsThatEqualRootWhateverTheirArguments) {
  for (const char* path :
       {"/usr/bin/vi", "/usr/bin/less", "/usr/bin/man", "/usr/bin/awk", "/usr/bin/git",
        "/usr/bin/docker", "/usr/bin/apt", "/usr/bin/bash", "/bin/su", "/usr/sbin/visudo",
        "/usr/bin/python3.11", "/usr/bin/systemctl", "/usr/bin/journalctl", "/usr/bin/daypass"}) {
    EXPECT_TRUE(WhyEqualsRoot(Command(path))) << path;
  }
}

TEST(Lint, KnowsToolsThatEqualRootOnceAnythingMayFollow) {
  for (const char* path : {"/usr/bin/find", "/usr/bin/tar", "/usr/bin/rsync", "/usr/bin/tee",
                           "/usr/bin/cp", "/usr/bin/curl", "/usr/sbin/nginx"}) {
    EXPECT_FALSE(WhyEqualsRoot(Command(path))) << path;
    EXPECT_TRUE(WhyEqualsRoot(Command(path, {}, true))) << path;
  }
}

TEST(Lint, LetsSmallToolsPass) {
  for (const char* path : {"/usr/sbin/nginx", "/usr/bin/id", "/usr/bin/ls", "/srv/app/deploy"}) {
    EXPECT_FALSE(WhyEqualsRoot(Command(path))) << path;
  }
}

TEST(Lint, TakesSystemctlWithAVerbThatOpensNothing) {
  EXPECT_FALSE(WhyEqualsRoot(Command("/usr/bin/systemctl", {Is("restart"), Is("nginx")})));
  EXPECT_FALSE(
      WhyEqualsRoot(Command("/usr/bin/systemctl", {Is("--no-pager"), Is("status"), Is("nginx")})));
  EXPECT_FALSE(WhyEqualsRoot(
      Command("/usr/bin/systemctl", {core::MatchOneOf{{"start", "stop"}}, Is("nginx")})));

  EXPECT_TRUE(WhyEqualsRoot(Command("/usr/bin/systemctl", {Is("status"), Is("nginx")})));
  EXPECT_TRUE(WhyEqualsRoot(Command("/usr/bin/systemctl", {Is("--no-pager"), Is("edit")})));
  EXPECT_TRUE(WhyEqualsRoot(
      Command("/usr/bin/systemctl", {core::MatchOneOf{{"start", "edit"}}, Is("nginx")})));
  EXPECT_TRUE(WhyEqualsRoot(Command("/usr/bin/systemctl", {Is("restart")}, true)));
  EXPECT_TRUE(WhyEqualsRoot(Command("/usr/bin/systemctl", {core::MatchPattern{".*"}})));
}

TEST(Lint, TakesJournalctlWithoutItsPager) {
  EXPECT_FALSE(
      WhyEqualsRoot(Command("/usr/bin/journalctl", {Is("--no-pager"), Is("-u"), Is("nginx")})));
  EXPECT_TRUE(WhyEqualsRoot(Command("/usr/bin/journalctl", {Is("-u"), Is("nginx")})));

  EXPECT_FALSE(
      WhyEqualsRoot(Command("/usr/bin/journalctl", {Is("-u"), Re("[a-z]+"), Is("--no-pager")})));
  EXPECT_TRUE(WhyEqualsRoot(Command("/usr/bin/journalctl", {Re("[a-z-]+"), Is("--no-pager")})))
      << "-u takes --no-pager for the name of a unit";
}

struct Case {
  const char* path;
  std::vector<core::Matcher> args;
  bool rest_any = false;
};

TEST(Lint, TakesAProgramWhoseEscapeNoMatcherReaches) {
  const std::vector<Case> cases = {
      {"/usr/bin/find", {Is("/srv/app"), Is("-name"), Is("*.log")}},
      {"/usr/bin/find", {core::MatchUnder{"/srv/app"}, Is("-name"), Re("[a-z]+")}},
      {"/usr/bin/find", {Is("/srv"), Is("-mtime"), core::MatchInt{1, 90}, Is("-print")}},
      {"/usr/bin/tar", {Is("-tf"), Is("/srv/backup.tar")}},
      {"/usr/bin/tar", {Re("--exclude=.*"), Is("-tf"), Is("/srv/backup.tar")}},
      {"/usr/bin/systemctl", {Is("restart"), Re("app-[0-9]+")}},
      {"/usr/bin/systemctl", {Is("restart"), Re("(nginx|haproxy)")}},
      {"/usr/bin/dd", {Is("if=/srv/a"), Is("of=/srv/b"), Re("bs=[0-9]+")}},
      {"/usr/bin/tee", {Is("/srv/app/motd")}},
      {"/usr/bin/rm", {core::MatchUnder{"/srv/app/cache"}}},
      {"/usr/bin/chmod", {Is("0644"), Is("/srv/app/x")}},
      {"/usr/bin/apt-get", {Is("update")}},
      {"/usr/bin/sort", {Is("/srv/a"), Is("-o"), Is("/srv/b")}},
      {"/usr/bin/sed", {Is("-n"), Is("1p"), Is("/srv/a")}},
      {"/usr/bin/crontab", {Is("-l")}},
      {"/usr/bin/kill", {Is("-HUP"), core::MatchInt{1000, 2000}}},
      {"/usr/bin/daypass", {Is("status")}},
  };
  for (const Case& c : cases) {
    const auto why = WhyEqualsRoot(Command(c.path, c.args, c.rest_any));
    EXPECT_FALSE(why) << *why;
  }
}

TEST(Lint, FindsAProgramWhoseEscapeAMatcherReaches) {
  const std::vector<Case> cases = {
      {"/usr/bin/find", {Is("/srv/app")}, true},
      {"/usr/bin/find", {Is("/srv"), Is("-exec"), Is("id"), Is(";")}},
      {"/usr/bin/find", {Is("/srv"), core::MatchOneOf{{"-print", "-delete"}}}},
      {"/usr/bin/find", {Is("/srv"), Re(".*")}},
      {"/usr/bin/find", {Is("/srv"), Re("-[a-z]+")}},
      {"/usr/bin/find", {Is("/srv"), Re("-e.*")}},
      {"/usr/bin/find", {Is("/srv"), Re("(-name|-exec)")}},
      {"/usr/bin/tar", {Is("--to-command=sh"), Is("-tf"), Is("/srv/a")}},
      {"/usr/bin/tar", {Is("--to-c=sh"), Is("-tf"), Is("/srv/a")}},
      {"/usr/bin/tar", {Is("-tIsh"), Is("-f"), Is("/srv/a")}},
      {"/usr/bin/tar", {Re("--[a-z=-]+"), Is("-tf"), Is("/srv/a")}},
      {"/usr/bin/tar", {Re("--to.*"), Is("-tf"), Is("/srv/a")}},
      {"/usr/bin/tar", {Is("-cf"), Is("/etc/cron.d/x"), Is("/srv")}},
      {"/usr/bin/systemctl", {Is("restart"), Re("[a-z]+")}},
      {"/usr/bin/systemctl", {Is("restart"), Is("--host=x"), Is("nginx")}},
      {"/usr/bin/dd", {Is("if=/srv/a"), Is("of=/dev/sda")}},
      {"/usr/bin/dd", {Re("[io]f=.*")}},
      {"/usr/bin/tee", {Is("-a"), Is("/etc/sudoers.d/x")}},
      {"/usr/bin/tee", {Re("/srv/.*")}},
      {"/usr/bin/tee", {core::MatchUnder{"/var"}}},
      {"/usr/bin/cp", {core::MatchUnder{"/srv"}, core::MatchUnder{"/"}}},
      {"/usr/bin/cp", {Is("-t/etc"), core::MatchUnder{"/srv"}}},
      {"/usr/bin/cp", {Is("/srv/k"), Is("/home/alice/.ssh/authorized_keys")}},
      {"/usr/bin/chmod", {Is("4755"), Is("/usr/bin/id")}},
      {"/usr/bin/sed", {Re(".+"), Is("/srv/a")}},
      {"/usr/bin/kill", {}, true},
      {"/usr/bin/apt-get", {Is("update"), Is("-oX::Y=z")}},
      {"/usr/bin/crontab", {}},
      {"/usr/bin/daypass", {Is("host"), Is("permissive")}},
  };
  for (const Case& c : cases) {
    const core::CommandRule command = Command(c.path, c.args, c.rest_any);
    EXPECT_TRUE(WhyEqualsRoot(command)) << c.path << ", case " << &c - cases.data();
  }
}

TEST(Lint, SaysWhichArgumentGivesItAwayAndWhereThatIsWritten) {
  EXPECT_EQ(*WhyEqualsRoot(Command("/usr/bin/find", {Is("/srv"), Is("-exec"), Is("id")})),
            "/usr/bin/find runs programs of its user's choice with -exec (find(1), ACTIONS)");
}

TEST(Lint, KnowsWhatReadsSecrets) {
  EXPECT_TRUE(WhyReadsSecrets(Command("/usr/bin/cat", {Is("/etc/shadow")})));
  EXPECT_TRUE(WhyReadsSecrets(Command("/usr/bin/tail", {core::MatchUnder{"/etc"}})));
  EXPECT_TRUE(WhyReadsSecrets(Command("/usr/bin/head", {}, true)));
  EXPECT_FALSE(WhyReadsSecrets(Command("/usr/bin/cat", {Is("/var/log/nginx/error.log")})));
  EXPECT_FALSE(WhyReadsSecrets(Command("/usr/bin/tail", {core::MatchUnder{"/var/log"}})));
  EXPECT_FALSE(WhyEqualsRoot(Command("/usr/bin/cat", {}, true))) << "reading alone is not root";
}

TEST(Lint, KnowsFilesThatSudoeditMustNotGiveAway) {
  for (const char* file :
       {"/etc/sudoers", "/etc/pam.d/sshd", "/etc/cron.d/x", "/etc/ld.so.preload", "/root/.profile",
        "/etc/systemd/system/x.service", "/usr/lib/systemd/system/x.service", "/usr/local/bin/x",
        "/home/bob/.ssh/authorized_keys", "/var/spool/cron/crontabs/root"}) {
    EXPECT_TRUE(WhyEqualsRoot(core::EditRule{{"/srv/app/x", file}})) << file;
  }
  EXPECT_FALSE(WhyEqualsRoot(core::EditRule{{"/srv/app/x.conf", "/var/www/index.html"}}));
}

TEST(Lint, NeverAnswersNoWhereAnArgumentThatFitsIsTheWord) {
  // What `re` lets through is tried as a literal: if that is found, the pattern must be too.
  const std::vector<const char*> patterns = {".*",
                                             ".+",
                                             "[a-z-]+",
                                             "-.*",
                                             "--.*",
                                             "-[a-zA-Z]+.*",
                                             "--to-command=[a-z]+",
                                             "(x|--to-.*)",
                                             "[^/]*",
                                             "--[ct].*",
                                             "-?-?[a-z=-]*",
                                             "x|-I.*",
                                             "--checkpoint.*",
                                             "(?i)--TO-COMMAND=.*",
                                             "\\S+"};
  const std::vector<std::string> arguments = {"-I",
                                              "-Ish",
                                              "-xIsh",
                                              "--to-command=sh",
                                              "--to-c=sh",
                                              "--checkpoint-action=exec=sh",
                                              "--info-script=x"};
  const core::PatternMatcher matches = core::MakePatternMatcher();
  size_t tried = 0;
  for (const char* pattern : patterns) {
    for (const std::string& argument : arguments) {
      if (!matches(pattern, argument)) continue;
      ++tried;
      EXPECT_TRUE(WhyEqualsRoot(Command("/usr/bin/tar", {Is("-tf"), Is("/srv/a"), Re(pattern)})))
          << pattern << " lets " << argument << " through";
    }
  }
  EXPECT_GT(tried, 40u);
}

}  // namespace
}  // namespace daypass::policy
