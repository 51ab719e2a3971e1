// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "cli/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "platform/clock.h"
#include "platform/file.h"

namespace daypass::cli {
namespace {

using ::testing::HasSubstr;

class ConfigFolderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = ::testing::TempDir() + "/daypass-config";
    ASSERT_EQ(system(("rm -rf " + folder_).c_str()), 0);
    globals_.config = folder_;
  }

  Config MakeConfig() {
    Config config;
    config.folder = folder_;
    config.server = "https://daypass.example:8443";
    config.ca = folder_ + "/ca.pem";
    config.person = "bob";
    config.key = "/home/bob/my \"key\" \\ 1";
    config.pin = PolicyPin{std::string(32, 'a'), 3, std::string(64, 'b')};
    return config;
  }

  core::Error ErrorOf(const std::string& text, mode_t mode = 0600) {
    EXPECT_TRUE(platform::MakeDirectory(folder_, {.mode = 0700}));
    EXPECT_TRUE(platform::WriteFileDurably(ConfigFile(folder_), text, {.mode = mode}));
    core::Result<Config> config = LoadConfig(globals_);
    EXPECT_FALSE(config);
    return config ? core::Error{} : config.error();
  }

  std::string folder_;
  Globals globals_;
};

mode_t ModeOf(const std::string& path) {
  struct stat facts{};
  EXPECT_EQ(stat(path.c_str(), &facts), 0) << path;
  return facts.st_mode & 0777;
}

TEST_F(ConfigFolderTest, ReadsBackWhatItWrites) {
  ASSERT_TRUE(SaveConfig(MakeConfig()));
  EXPECT_EQ(ModeOf(folder_), 0700u);
  EXPECT_EQ(ModeOf(ConfigFile(folder_)), 0600u);
  core::Result<Config> config = LoadConfig(globals_);
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(config->server, MakeConfig().server);
  EXPECT_EQ(config->person, "bob");
  EXPECT_EQ(config->key, MakeConfig().key);
  EXPECT_EQ(config->pin->version, 3u);
  EXPECT_EQ(config->pin->digest, std::string(64, 'b'));
}

TEST_F(ConfigFolderTest, PutsTheServerOfTheCommandLineFirst) {
  ASSERT_TRUE(SaveConfig(MakeConfig()));
  globals_.server = "https://other.example";
  EXPECT_EQ(LoadConfig(globals_)->server, "https://other.example");
}

TEST_F(ConfigFolderTest, SaysHowToLogInWhereThereIsNothing) {
  core::Result<Config> config = LoadConfig(globals_);
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().code, core::Reason::kNotSignedIn);
  EXPECT_THAT(config.error().what, HasSubstr("daypass login --server URL"));
}

TEST_F(ConfigFolderTest, NamesLineAndColumnOfMistakes) {
  EXPECT_THAT(ErrorOf("server = 1\n").what, HasSubstr("cli.toml:1:10: server must be a text"));
  EXPECT_THAT(
      ErrorOf("server = \"https://x\"\nca = \"c\"\nperson = \"b\"\nkey = \"k\"\n"
              "colour = true\n[policy]\nrealm = \"" +
              std::string(32, 'a') + "\"\nversion = 1\ndigest = \"" + std::string(64, 'b') + "\"\n")
          .what,
      HasSubstr("cli.toml:5:1: \"colour\" is not known here"));
}

TEST_F(ConfigFolderTest, RefusesAFileThatOthersCanWrite) {
  EXPECT_EQ(ErrorOf("server = \"https://x\"\n", 0666).code, core::Reason::kPathUnsafe);
}

TEST_F(ConfigFolderTest, KeepsASessionUntilItsEnd) {
  const Config config = MakeConfig();
  Session session{config.server, "bob", "secret", platform::WallTime() + std::chrono::hours{1}};
  ASSERT_TRUE(SaveSession(globals_, config, session));
  EXPECT_EQ(ModeOf(folder_ + "/token"), 0600u);
  ASSERT_TRUE(LoadSession(globals_, config));
  EXPECT_EQ(LoadSession(globals_, config)->token, "secret");

  Config other = config;
  other.server = "https://other.example";
  EXPECT_FALSE(LoadSession(globals_, other)) << "a token is not sent to another server";
  other = config;
  other.person = "carol";
  EXPECT_FALSE(LoadSession(globals_, other));

  session.expires = platform::WallTime() - std::chrono::seconds{1};
  ASSERT_TRUE(SaveSession(globals_, config, session));
  EXPECT_FALSE(LoadSession(globals_, config));
}

}  // namespace
}  // namespace daypass::cli
