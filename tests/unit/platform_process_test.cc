// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Processes of this machine: handles that stay true, facts of /proc, namespaces.
#include "platform/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <memory>

#include "platform/socket.h"
#include "platform_fixture.h"

namespace daypass::platform {
namespace {

using core::Millis;
using core::Reason;

constexpr uid_t kNobody = 65534;

Deadline Soon() {
  return Deadline::After(Millis{5'000});
}

/// A child that connects, says a byte and waits: as sudo does while it is asked about.
struct Peer {
  TempDir folder;
  Fd listener;
  std::unique_ptr<Child> child;
  Fd connection;

  explicit Peer(const std::function<int()>& before_connect = [] { return 0; }) {
    const std::string path = folder / "s";
    auto made = ListenUnix(path, 0666);
    EXPECT_TRUE(made);
    listener = *std::move(made);
    EXPECT_EQ(chmod(folder.path().c_str(), 0755), 0);
    const uid_t self = geteuid();
    child = std::make_unique<Child>([&] {
      before_connect();
      const auto client = ConnectTrusted(path, Soon(), self);
      if (!client) return 1;
      SendMessage(client->get(), "x", {}, Soon());
      return SleepForEver();
    });
    pollfd entry{listener.get(), POLLIN, 0};
    EXPECT_EQ(poll(&entry, 1, 5'000), 1);
    auto accepted = AcceptUnix(listener.get());
    EXPECT_TRUE(accepted);
    connection = *std::move(accepted);
    EXPECT_EQ(ReceiveChunk(connection.get(), 1, 0, Soon()).status, Transfer::kDone);
  }
};

TEST(ParseStat, FindsItsFieldsBehindTheLastParenthesis) {
  const auto fields = ParseStat(
      "42 (evil) S 1 (x) R) S 7 42 42 34817 42 4194304 1 2 3 4 5 6 7 8 20 0 1 0 987654 9 9\n");
  ASSERT_TRUE(fields);
  EXPECT_EQ(fields->state, 'S');
  EXPECT_EQ(fields->parent, 7);
  EXPECT_EQ(fields->terminal, 34817);
  EXPECT_EQ(fields->start_ticks, 987654u);
}

TEST(ParseStat, RefusesTextThatEndsEarlyOrHoldsNoNumbers) {
  EXPECT_FALSE(ParseStat(""));
  EXPECT_FALSE(ParseStat("42 (name"));
  EXPECT_FALSE(ParseStat("42 (name) S 7 42"));
  EXPECT_FALSE(ParseStat("42 (n) S x 42 42 0 42 4194304 1 2 3 4 5 6 7 8 20 0 1 0 987654 9 9"));
}

TEST(ParseStat, IsNotFooledByTheNameOfAProcess) {
  const Child child([] {
    prctl(PR_SET_NAME, ") R 1 2 3 4");
    return SleepForEver();
  });
  const auto process = OpenProcess(child.pid());
  ASSERT_TRUE(process);
  const auto facts = ReadProcessFacts(*process);
  ASSERT_TRUE(facts) << facts.error().what;
  EXPECT_EQ(facts->parent, getpid());
}

TEST(TakePeerProcess, IsTheProcessThatConnected) {
  const Peer peer;
  for (auto* take : {&TakePeerProcess, &TakePeerProcessByNumber}) {
    const auto process = take(peer.connection.get());
    ASSERT_TRUE(process) << process.error().what;
    EXPECT_EQ(process->pid, peer.child->pid());
    EXPECT_TRUE(IsAlive(*process));
    const auto same = OpenProcess(peer.child->pid());
    ASSERT_TRUE(same);
    EXPECT_EQ(process->start_ticks, same->start_ticks);
  }
}

TEST(TakePeerProcess, RefusesAPeerThatHasEnded) {
  const Peer peer;
  kill(peer.child->pid(), SIGKILL);
  EXPECT_EQ(peer.child->ExitCode(), -1);
  for (auto* take : {&TakePeerProcess, &TakePeerProcessByNumber}) {
    const auto refused = take(peer.connection.get());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Reason::kPeerRefused);
  }
}

TEST(TakePeerProcess, RefusesAZombie) {
  const Peer peer;
  kill(peer.child->pid(), SIGKILL);
  siginfo_t info{};
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(peer.child->pid()), &info, WEXITED | WNOWAIT), 0);
  EXPECT_FALSE(TakePeerProcess(peer.connection.get()));
  EXPECT_FALSE(TakePeerProcessByNumber(peer.connection.get()));
}

TEST(TakePeerProcessByNumber, RefusesAProcessWithAnotherUid) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become somebody else";
  // The peer connected as root and is nobody now: like a number that another process has taken.
  TempDir folder;
  auto listener = ListenUnix(folder / "s", 0600);
  ASSERT_TRUE(listener);
  const Child child([&] {
    const auto client = ConnectTrusted(folder / "s", Soon());
    if (!client || setresuid(kNobody, kNobody, kNobody) != 0) return 1;
    SendMessage(client->get(), "x", {}, Soon());
    return SleepForEver();
  });
  pollfd entry{listener->get(), POLLIN, 0};
  ASSERT_EQ(poll(&entry, 1, 5'000), 1);
  const auto connection = AcceptUnix(listener->get());
  ASSERT_TRUE(connection);
  ASSERT_EQ(ReceiveChunk(connection->get(), 1, 0, Soon()).status, Transfer::kDone);
  const auto refused = TakePeerProcessByNumber(connection->get());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Reason::kPeerRefused);
}

TEST(ReopenProcess, KnowsTheSameProcessByItsStart) {
  const auto self = OpenProcess(getpid());
  ASSERT_TRUE(self);
  EXPECT_TRUE(ReopenProcess(getpid(), self->start_ticks));
  const auto refused = ReopenProcess(getpid(), self->start_ticks - 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Reason::kPeerRefused);
}

TEST(IsAlive, IsFalseForAZombie) {
  Child child([] { return 0; });
  const auto process = OpenProcess(child.pid());
  siginfo_t info{};
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(child.pid()), &info, WEXITED | WNOWAIT), 0);
  if (process) {
    EXPECT_FALSE(IsAlive(*process));
  }
  EXPECT_FALSE(OpenProcess(child.pid()));
}

TEST(SendSignal, EndsTheProcessAndTakesOneThatIsGoneForDone) {
  Child child(SleepForEver);
  const auto process = OpenProcess(child.pid());
  ASSERT_TRUE(process);
  EXPECT_TRUE(SendSignal(*process, SIGTERM));
  EXPECT_EQ(child.ExitCode(), -1);
  EXPECT_FALSE(IsAlive(*process));
  EXPECT_TRUE(SendSignal(*process, SIGTERM));
}

TEST(ReadProcessFacts, TellsRealAndEffectiveUidApart) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become somebody else";
  auto ready = MakeSocketPair();
  ASSERT_TRUE(ready);
  const Child child([&] {
    if (setresuid(1000, 0, 0) != 0) return 1;  // as sudo runs
    SendMessage(ready->second.get(), "x", {}, Soon());
    return SleepForEver();
  });
  ASSERT_EQ(ReceiveChunk(ready->first.get(), 1, 0, Soon()).status, Transfer::kDone);
  const auto process = OpenProcess(child.pid());
  ASSERT_TRUE(process);
  const auto facts = ReadProcessFacts(*process);
  ASSERT_TRUE(facts) << facts.error().what;
  EXPECT_EQ(facts->real_uid, 1000u);
  EXPECT_EQ(facts->effective_uid, 0u);
}

TEST(ReadProcessFacts, NamesTheTerminal) {
  const int controller = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (controller < 0) GTEST_SKIP() << "no pseudo terminals here";
  const Fd owner(controller);
  ASSERT_EQ(grantpt(controller), 0);
  ASSERT_EQ(unlockpt(controller), 0);
  const std::string name = ptsname(controller);
  auto ready = MakeSocketPair();
  ASSERT_TRUE(ready);
  const Child child([&] {
    setsid();
    if (open(name.c_str(), O_RDWR) < 0) return 1;  // becomes the controlling terminal
    SendMessage(ready->second.get(), "x", {}, Soon());
    return SleepForEver();
  });
  ASSERT_EQ(ReceiveChunk(ready->first.get(), 1, 0, Soon()).status, Transfer::kDone);
  const auto process = OpenProcess(child.pid());
  ASSERT_TRUE(process);
  const auto facts = ReadProcessFacts(*process);
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->terminal, name);
}

/// Runs `body` as PID 1 of a host of its own: new pid and mount namespaces, its own /proc.
/// Returns its result, or -1 if such namespaces cannot be made here.
int AsInit(const std::function<int()>& body) {
  Child outside([&] {
    if (unshare(CLONE_NEWPID | CLONE_NEWNS) != 0) return 255;
    Child init([&] {
      if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return 255;
      if (mount("proc", "/proc", "proc", 0, nullptr) != 0) return 255;
      return body();
    });
    return init.ExitCode();
  });
  const int code = outside.ExitCode();
  return code == 255 ? -1 : code;
}

enum Answer : int { kShares = 10, kDoesNot, kFault };

/// What SharesHostNamespaces says of a child that has left the namespaces in `flags`.
int AskAboutChild(int flags) {
  auto ready = MakeSocketPair();
  if (!ready) return kFault;
  const Child child([&] {
    const bool left = flags == 0 || unshare(flags) == 0;
    SendMessage(ready->second.get(), left ? "y" : "n", {}, Soon());
    return SleepForEver();
  });
  if (ReceiveChunk(ready->first.get(), 1, 0, Soon()).bytes != "y") return kFault;
  const auto process = OpenProcess(child.pid());
  if (!process) return kFault;
  const auto shares = SharesHostNamespaces(*process);
  if (!shares) return kFault;
  return *shares ? kShares : kDoesNot;
}

TEST(SharesHostNamespaces, IsFalseInAMountOrUserNamespaceOfOnesOwn) {
  const int plain = AsInit([] { return AskAboutChild(0); });
  if (plain == -1) GTEST_SKIP() << "no namespaces can be made here (root is needed)";
  EXPECT_EQ(plain, kShares);
  EXPECT_EQ(AsInit([] { return AskAboutChild(CLONE_NEWNS); }), kDoesNot);
  EXPECT_EQ(AsInit([] { return AskAboutChild(CLONE_NEWUSER); }), kDoesNot);
  // Others are nobody's business: a private network is no way to another file system.
  EXPECT_EQ(AsInit([] { return AskAboutChild(CLONE_NEWNET); }), kShares);
}

}  // namespace
}  // namespace daypass::platform
