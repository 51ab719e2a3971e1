// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// A real cgroup v2 in a mount namespace of the test program's own, an event loop, and children that
// do all they can to stay.
#pragma once

#include <gmock/gmock.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstring>
#include <memory>
#include <optional>
#include <string>

#include "agent/containment.h"
#include "platform/cgroup.h"

namespace daypass::agent {

constexpr core::Millis kLong{10'000};

/// Once contained, whoever reads from `orders` starts children that survive whatever a login does
/// at its end, tells so, and waits with them.
[[noreturn]] inline void RunStubborn(int orders) {
  char go = 0;
  if (read(orders, &go, 1) != 1) _exit(1);
  const auto stay = [] {
    for (const int number : {SIGTERM, SIGHUP, SIGINT, SIGQUIT}) signal(number, SIG_IGN);
    while (true) pause();
  };
  if (fork() == 0) {  // setsid
    setsid();
    stay();
  }
  const pid_t middle = fork();
  if (middle == 0) {  // double fork, as daemons do
    if (fork() == 0) {
      setsid();
      stay();
    }
    _exit(0);
  }
  waitpid(middle, nullptr, 0);
  if (fork() == 0) stay();  // nohup, deaf to SIGTERM
  if (write(orders, "x", 1) != 1) _exit(1);
  stay();
  _exit(0);
}

class ContainmentTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    mount_ = testing::TempDir() + "daypass-cgroup-XXXXXX";
    if (mkdtemp(mount_.data()) == nullptr || unshare(CLONE_NEWNS) != 0 ||
        mount("", "/", "", MS_REC | MS_PRIVATE, "") != 0 ||
        mount("none", mount_.c_str(), "cgroup2", 0, "") != 0) {
      why_not_ = std::string("cannot mount a cgroup v2 in a namespace of my own: ") +
                 std::strerror(errno) + "; run as root";
    }
  }
  static void TearDownTestSuite() {
    if (why_not_.empty()) umount2(mount_.c_str(), MNT_DETACH);
    rmdir(mount_.c_str());
  }

  void SetUp() override {
    ASSERT_EQ(why_not_, "");
    // Never at the top: there the machine's own scopes and sessions live.
    top_ = mount_ + "/daypass-test-" + std::to_string(getpid());
    ASSERT_EQ(mkdir(top_.c_str(), 0755), 0) << top_;
    auto loop = platform::EventLoop::Make();
    ASSERT_TRUE(loop);
    loop_ = std::make_unique<platform::EventLoop>(*std::move(loop));
  }
  void TearDown() override {
    for (const pid_t child : children_) {
      kill(child, SIGKILL);
      waitpid(child, nullptr, 0);
    }
    if (top_.empty()) return;
    auto group = platform::Cgroup::Open(top_);
    ASSERT_TRUE(group);
    EXPECT_TRUE(group->Kill());
    EXPECT_TRUE(RunUntil([&] { return !*group->IsPopulated(); }));
    EXPECT_TRUE(group->Remove());
  }

  struct Stubborn {
    platform::ProcessHandle process;
    platform::Fd orders;
  };
  Stubborn StartStubborn() {
    int ends[2];
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    const pid_t pid = fork();
    if (pid == 0) RunStubborn(ends[1]);
    close(ends[1]);
    children_.push_back(pid);
    auto process = platform::OpenProcess(pid);
    EXPECT_TRUE(process);
    return {*std::move(process), platform::Fd(ends[0])};
  }
  /// Returns when all of its children are there: four processes, itself included.
  void LetBeStubborn(const Stubborn& one) {
    char done = 0;
    ASSERT_EQ(write(one.orders.get(), "x", 1), 1);
    ASSERT_EQ(read(one.orders.get(), &done, 1), 1);
  }

  template <typename Condition>
  [[nodiscard]] bool RunUntil(Condition condition, core::Millis patience = kLong) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!condition() && std::chrono::steady_clock::now() < end) {
      EXPECT_TRUE(loop_->RunOnce(core::Millis{10}));
    }
    return condition();
  }

  using Contained = core::Result<std::string>;
  Contained Contain(Containment& containment, const ContainRequest& request,
                    const platform::ProcessHandle& process) {
    std::optional<Contained> answer;
    containment.Contain(request, process, [&](Contained scope) { answer = std::move(scope); });
    EXPECT_FALSE(answer) << "called back before the call returned";
    if (!RunUntil([&] { return answer.has_value(); })) {
      return core::Error{core::Reason::kInternal, "no answer at all", {}};
    }
    return *std::move(answer);
  }

  static size_t CountIn(const std::string& group) {
    const auto opened = platform::Cgroup::Open(group);
    const auto members = opened ? opened->Processes() : opened.error();
    return members ? members->size() : 0;
  }

  static inline std::string mount_;
  static inline std::string why_not_;
  std::string top_;  // where these tests may make groups
  std::unique_ptr<platform::EventLoop> loop_;
  std::vector<pid_t> children_;
};

}  // namespace daypass::agent
