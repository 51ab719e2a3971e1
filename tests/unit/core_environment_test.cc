// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Which variables reach a command of a scoped role.
#include <gtest/gtest.h>

#include "core/environment.h"
#include "core_fixture.h"

namespace daypass::core {
namespace {

using Env = std::vector<std::string>;

TEST(Environment, OfAPlainSudoPasses) {
  World world;
  world.query.env = {
      "COLORTERM=truecolor", "DISPLAY=:0",
      "HOME=/root",          "LANG=de_DE.UTF-8",
      "LANGUAGE=de:en",      "LC_ALL=C",
      "LOGNAME=root",        "LS_COLORS=rs=0:di=01;34",
      "MAIL=/var/mail/root", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      "SHELL=/bin/bash",     "SUDO_COMMAND=/usr/bin/systemctl restart nginx",
      "SUDO_GID=1001",       "SUDO_UID=1001",
      "SUDO_USER=alice",     "TERM=xterm-256color",
      "TZ=Europe/Berlin",    "USER=root"};
  EXPECT_TRUE(IsAllow(world.Ask())) << world.Ask().detail;
}

// SC-12
TEST(Environment, DeniesAndNamesAVariableThatCanChangeWhatRuns) {
  for (const char* name : {"LD_PRELOAD",
                           "LD_AUDIT",
                           "GCONV_PATH",
                           "BASH_ENV",
                           "PYTHONPATH",
                           "PERL5OPT",
                           "GIT_SSH_COMMAND",
                           "SYSTEMD_PAGER",
                           "LESSOPEN",
                           "EDITOR",
                           "LD_LIBRARY_PATH",
                           "IFS",
                           "ENV",
                           "PS4",
                           "PAGER",
                           "VISUAL",
                           "SUDO_EDITOR",
                           "SUDO_ASKPASS",
                           "NODE_OPTIONS",
                           "RUBYOPT",
                           "TERMINFO",
                           "TERMCAP",
                           "HOSTALIASES",
                           "BASH_FUNC_ls%%",
                           "path",
                           "LD",
                           ""}) {
    World world;
    world.query.env.push_back(std::string(name) + "=/home/alice/x.so");
    const Decision decision = world.Ask();
    EXPECT_FALSE(IsAllow(decision)) << name;
    EXPECT_EQ(decision.reason, Reason::kEnvironment) << name;
    EXPECT_EQ(decision.detail, name);
  }
  EXPECT_TRUE(IsAllow(World{}.Ask()));
}

TEST(Environment, TakesAShellThatIsAProgramOfTheSystem) {
  World world;
  for (const char* shell : {"/bin/sh", "/usr/bin/w"}) {
    world.query.env = {"SHELL=" + std::string(shell)};
    EXPECT_TRUE(IsAllow(world.Ask())) << shell;
  }
  for (const char* shell : {"/usr/bin/", "/usr/bin", "sh", "", "/home/alice/sh"}) {
    world.query.env = {"SHELL=" + std::string(shell)};
    EXPECT_EQ(world.Ask().detail, "SHELL") << shell;
  }
}

TEST(Environment, LetsThroughWhatTheRoleAllowsByName) {
  World world;
  world.query.env.emplace_back("DEBIAN_FRONTEND=noninteractive");
  EXPECT_EQ(world.Ask().detail, "DEBIAN_FRONTEND");
  world.role().env = {"DEBIAN_FRONTEND"};
  EXPECT_TRUE(IsAllow(world.Ask()));
  world.query.env.emplace_back("DEBIAN_FRONTEND_=x");
  EXPECT_FALSE(IsAllow(world.Ask()));
}

TEST(Environment, NamesTheCommandFirstWhereTheRoleDoesNotAllowItAnyway) {
  World world;
  world.query.env.emplace_back("LD_PRELOAD=x");
  world.query.args = {"stop", "nginx"};
  EXPECT_EQ(world.Ask().reason, Reason::kWrongArgument);
}

struct Row {
  const char* entry;
  bool passes;
};

TEST(Environment, LooksAtTheValuesOfHarmlessNames) {
  const std::vector<Row> rows = {
      {"PATH=/usr/bin", true},
      {"PATH=/snap/bin:/usr/bin", true},
      {"PATH=", false},
      {"PATH=.", false},
      {"PATH=/usr/bin:", false},
      {"PATH=:/usr/bin", false},
      {"PATH=/usr/bin::/bin", false},
      {"PATH=/usr/bin/", false},
      {"PATH=/home/alice:/usr/bin", false},
      {"PATH=/usr/bin/../../tmp", false},
      {"LANG=C.UTF-8", true},
      {"LANG=/tmp/evil", false},
      {"LC_ALL=../evil", false},
      {"LC_MESSAGES=%n", false},
      {"LANGUAGE=a/b", false},
      {"LINGUAS=de en", true},
      {"LINGUAS=/tmp/evil", false},
      {"TZ=Europe/Berlin", true},
      {"TZ=:Europe/Berlin", true},
      {"TZ=/tmp/tz", false},
      {"TZ=:/tmp/tz", false},
      {"TZ=../../tmp/tz", false},
      {"TERM=xterm", true},
      {"TERM=/tmp/x", false},
      {"TERM=../x", false},
      {"USER=() { :; }", false},
      {"LS_COLORS=() { x", false},
      {"SHELL=/bin/bash", true},
      {"SHELL=/usr/bin/zsh", true},
      {"SHELL=/usr/sbin/nologin", true},
      {"SHELL=/home/alice/sh", false},
      {"SHELL=bash", false},
      {"SHELL=", false},
      {"SHELL=/usr/bin/../../tmp/sh", false},
      {"HOME=/root", true},
      {"HOME=/home/alice", false},
      {"HOME=/tmp", false},
      {"HOME=", false},
      {"HOME=/root/..", false},
  };
  for (const Row& row : rows) {
    World world;
    world.query.env = {row.entry};
    EXPECT_EQ(IsAllow(world.Ask()), row.passes) << row.entry;
  }
}

// Whoever is not root has a home that nobody here knows; root's is root's, or a role names HOME.
TEST(Environment, OfAnotherUserMayHaveAnotherHome) {
  World world;
  world.query.env = {"HOME=/var/lib/postgresql"};
  EXPECT_FALSE(IsAllow(world.Ask()));
  world.role().run_as.users = {"postgres"};
  world.query.runas_user = "postgres";
  world.query.runas_uid = 115;
  EXPECT_TRUE(IsAllow(world.Ask()));
}

TEST(Environment, RefusesAFunctionUnderAnAllowedName) {
  EXPECT_EQ(FirstRefusedVariable(Env{"X=() { :; }"}, Env{"X"}, {}), "X");
  EXPECT_EQ(FirstRefusedVariable(Env{"X=(a)"}, Env{"X"}, {}), std::nullopt);
}

TEST(Environment, RefusesAnEntryThatIsNoAssignment) {
  EXPECT_EQ(FirstRefusedVariable(Env{"PATH"}, Env{"PATH"}, {}), "PATH");
  EXPECT_EQ(FirstRefusedVariable(Env{""}, {}, {}), "");
  EXPECT_EQ(FirstRefusedVariable({}, {}, {}), std::nullopt);
}

TEST(Environment, LooksAtEveryOneOfTwoOfAName) {
  EXPECT_EQ(FirstRefusedVariable(Env{"PATH=/usr/bin", "PATH=/tmp"}, {}, {}), "PATH");
}

}  // namespace
}  // namespace daypass::core
