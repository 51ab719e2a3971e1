// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// A folder that plays an asker's "/": root's alone, with files, links and owners as a test wants.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "agent/resolver_walk.h"
#include "platform/fd.h"

namespace daypass::agent {

constexpr uid_t kAlice = 4201;  // needs no account

class FolderTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(geteuid(), 0u) << "run as root: owners of files are what these tests are about";
    umask(022);
    std::string name = testing::TempDir() + "daypass-root-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    top_ = name;
    ASSERT_EQ(chmod(top_.c_str(), 0755), 0);
    for (const char* folder : {"/usr/bin", "/etc", "/home/alice", "/srv/app", "/tmp"}) {
      std::filesystem::create_directories(top_ + folder);
    }
    std::filesystem::create_symlink("usr/bin", top_ + "/bin");
    Own("/home/alice", kAlice);
    Mode("/tmp", 01777);
    File("/usr/bin/systemctl",
         "\x7f"
         "ELF...",
         0755);
    File("/etc/app.conf", "a = 1\n", 0644);
    root_ = Open("/");
  }
  void TearDown() override { std::filesystem::remove_all(top_); }

  void File(const std::string& path, const std::string& content, mode_t mode) {
    std::ofstream(top_ + path) << content;
    Mode(path, mode);
  }
  void Folder(const std::string& path) { std::filesystem::create_directories(top_ + path); }
  void Link(const std::string& path, const std::string& target) {
    std::filesystem::create_symlink(target, top_ + path);
  }
  void Own(const std::string& path, uid_t uid) {
    ASSERT_EQ(lchown((top_ + path).c_str(), uid, uid), 0) << path;
  }
  void Mode(const std::string& path, mode_t mode) {
    ASSERT_EQ(chmod((top_ + path).c_str(), mode), 0) << path;
  }
  platform::Fd Open(const std::string& path) const {
    platform::Fd fd(open((top_ + path).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    EXPECT_TRUE(fd) << path;
    return fd;
  }

  core::PathFact Ask(const PathQuestion& question, const std::string& cwd = "/") const {
    const platform::Fd folder = Open(cwd);
    return ResolvePath({.root = root_.get(), .cwd = folder.get()}, question);
  }
  core::PathFact AskCommand(const std::string& path, const std::string& cwd = "/") const {
    return Ask({.path = path, .is_command = true}, cwd);
  }
  core::PathFact AskFile(const std::string& path, const std::string& cwd = "/") const {
    return Ask({.path = path}, cwd);
  }

  std::string top_;
  platform::Fd root_;
};

}  // namespace daypass::agent
