// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Tools that give a shell are known as such.
#include "policy/lint.h"

#include <gtest/gtest.h>

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

TEST(Lint, KnowsToolsThatEqualRoot) {
  for (const char* path :
       {"/usr/bin/vi", "/usr/bin/less", "/usr/bin/man", "/usr/bin/find", "/usr/bin/tar",
        "/usr/bin/awk", "/usr/bin/git", "/usr/bin/docker", "/usr/bin/rsync", "/usr/bin/apt",
        "/usr/bin/bash", "/bin/su", "/usr/sbin/visudo", "/usr/bin/python3.11", "/usr/bin/systemctl",
        "/usr/bin/journalctl", "/usr/bin/daypass", "/usr/bin/tee"}) {
    EXPECT_TRUE(WhyEqualsRoot(Command(path))) << path;
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
}

}  // namespace
}  // namespace daypass::policy
