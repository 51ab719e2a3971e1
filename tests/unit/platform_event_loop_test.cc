// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The event loop: order, timers, signals, children, and handlers that end themselves.
#include "platform/event_loop.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include <vector>

#include "platform/clock.h"
#include "platform/deadline.h"
#include "platform/service.h"
#include "platform/socket.h"
#include "platform_fixture.h"

namespace daypass::platform {
namespace {

using core::Millis;
using testing::ElementsAre;

class Loop : public testing::Test {
 protected:
  void RunUntil(const std::function<bool()>& done) {
    const Deadline deadline = Deadline::After(Millis{5'000});
    while (!done() && !deadline.HasPassed()) ASSERT_TRUE(loop_.RunOnce(Millis{50}));
    ASSERT_TRUE(done());
  }

  EventLoop loop_ = *EventLoop::Make();
};

TEST_F(Loop, RunsDeferredWorkAfterAllThatIsReady) {
  std::vector<std::string> order;
  std::vector<SocketPair> pairs;
  std::vector<EventLoop::Source> sources;
  EventLoop::Source commit;
  // Three clients ask at once; the first to be served plans one commit for all.
  for (int i = 0; i < 3; ++i) {
    pairs.push_back(*MakeSocketPair());
    SendMessage(pairs[static_cast<size_t>(i)].first.get(), "q", {}, Deadline::Immediate());
    const int end = pairs.back().second.get();
    sources.push_back(*loop_.WatchFd(end, EPOLLIN, [&, end](uint32_t) {
      ReceiveChunk(end, 1, 0, Deadline::Immediate());
      order.emplace_back("query");
      if (!commit) commit = *loop_.Defer([&] { order.emplace_back("commit"); });
    }));
  }
  RunUntil([&] { return order.size() == 4; });
  EXPECT_THAT(order, ElementsAre("query", "query", "query", "commit"));
}

TEST_F(Loop, ServesTheMoreUrgentFirst) {
  std::vector<std::string> order;
  const auto last = loop_.Defer([&] { order.emplace_back("last"); }, Priority::kLast);
  const auto later = loop_.Defer([&] { order.emplace_back("later"); });
  const auto first = loop_.Defer([&] { order.emplace_back("first"); }, Priority::kFirst);
  ASSERT_TRUE(last && later && first);
  RunUntil([&] { return order.size() == 3; });
  EXPECT_THAT(order, ElementsAre("first", "later", "last"));
}

TEST_F(Loop, RunsDeferredWorkOnceUntilItIsArmedAgain) {
  int runs = 0;
  auto work = loop_.Defer([&] { ++runs; });
  ASSERT_TRUE(work);
  RunUntil([&] { return runs == 1; });
  ASSERT_TRUE(loop_.RunOnce(Millis{0}));
  EXPECT_EQ(runs, 1);
  work->Arm();
  RunUntil([&] { return runs == 2; });
  work->Arm();
  work->Disarm();
  ASSERT_TRUE(loop_.RunOnce(Millis{10}));
  EXPECT_EQ(runs, 2);
}

TEST_F(Loop, FiresTimersInTheirOrderAndNotBeforeTheirTime) {
  std::vector<int> order;
  const Millis begin = BootTime();
  Millis fired{0};
  const auto b = loop_.AfterBootTime(Millis{60}, [&] {
    order.push_back(60);
    fired = BootTime();
  });
  const auto a = loop_.AfterMonotonic(Millis{20}, [&] { order.push_back(20); });
  const auto c = loop_.AtBootTime(begin + Millis{90}, [&] { order.push_back(90); });
  const auto never = loop_.AfterBootTime(Millis{3'600'000}, [&] { order.push_back(-1); });
  ASSERT_TRUE(a && b && c && never);
  RunUntil([&] { return order.size() == 3; });
  EXPECT_THAT(order, ElementsAre(20, 60, 90));
  EXPECT_GE(fired - begin, Millis{60});
}

TEST_F(Loop, FiresATimerOfThePastAtOnce) {
  bool fired = false;
  const auto timer = loop_.AtBootTime(Millis{1}, [&] { fired = true; });
  ASSERT_TRUE(timer);
  RunUntil([&] { return fired; });
}

TEST_F(Loop, LetsAHandlerEndItsOwnSource) {
  auto pair = *MakeSocketPair();
  SendMessage(pair.first.get(), "q", {}, Deadline::Immediate());
  EventLoop::Source source;
  std::string seen;
  const std::string captured(100, 'c');  // lives in the handler itself
  source = *loop_.WatchFd(pair.second.get(), EPOLLIN, [&source, &seen, captured](uint32_t) {
    source = {};
    seen = captured;
  });
  RunUntil([&] { return !seen.empty(); });
  EXPECT_EQ(seen, captured);
  ASSERT_TRUE(loop_.RunOnce(Millis{10}));
  EXPECT_FALSE(source);
}

TEST_F(Loop, WaitsForWhatItIsToldTo) {
  auto pair = *MakeSocketPair();
  uint32_t seen = 0;
  auto source = loop_.WatchFd(pair.second.get(), EPOLLIN, [&](uint32_t events) { seen |= events; });
  ASSERT_TRUE(source);
  ASSERT_TRUE(loop_.RunOnce(Millis{10}));
  EXPECT_EQ(seen, 0u);
  source->SetEvents(EPOLLIN | EPOLLOUT);
  RunUntil([&] { return seen == EPOLLOUT; });
  source->SetEvents(EPOLLIN);
  pair.first.Close();
  RunUntil([&] { return (seen & EPOLLHUP) != 0; });
}

TEST_F(Loop, HandlesSignals) {
  bool stopped = false;
  const auto signal = loop_.OnSignal(SIGTERM, [&] { stopped = true; });
  ASSERT_TRUE(signal);
  ASSERT_EQ(kill(getpid(), SIGTERM), 0);
  RunUntil([&] { return stopped; });
}

TEST_F(Loop, ReapsAChildAndTellsHowItEnded) {
  const pid_t pid = fork();
  if (pid == 0) _exit(7);
  const Fd pidfd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  siginfo_t ended{};
  const auto child = loop_.OnChildExit(pidfd.get(), [&](const siginfo_t& info) { ended = info; });
  ASSERT_TRUE(child) << child.error().what;
  RunUntil([&] { return ended.si_pid == pid; });
  EXPECT_EQ(ended.si_code, CLD_EXITED);
  EXPECT_EQ(ended.si_status, 7);
  EXPECT_EQ(waitpid(pid, nullptr, 0), -1);
}

TEST_F(Loop, SeesTheEndOfAnyProcessByItsPidfd) {
  Child child(SleepForEver);
  const Fd pidfd(static_cast<int>(syscall(SYS_pidfd_open, child.pid(), 0)));
  bool gone = false;
  const auto watch = loop_.WatchFd(pidfd.get(), EPOLLIN, [&](uint32_t) { gone = true; });
  ASSERT_TRUE(watch);
  ASSERT_TRUE(loop_.RunOnce(Millis{10}));
  EXPECT_FALSE(gone);
  kill(child.pid(), SIGKILL);
  RunUntil([&] { return gone; });
}

TEST_F(Loop, RunsUntilItIsToldToExit) {
  const auto timer = loop_.AfterMonotonic(Millis{10}, [&] { loop_.Exit(42); });
  ASSERT_TRUE(timer);
  const auto code = loop_.Run();
  ASSERT_TRUE(code);
  EXPECT_EQ(*code, 42);
}

TEST(LoopDeath, EndsTheProgramWhenAHandlerThrows) {
  const auto run = [] {
    auto loop = EventLoop::Make();
    const auto work = loop->Defer([] { throw 1; });
    if (work) static_cast<void>(loop->RunOnce(Millis{10}));
  };
  EXPECT_DEATH(run(), "");
}

/// A manager's end of sd_notify.
TEST(Service, TellsItsManagerThatItIsReady) {
  const TempDir folder;
  const Fd manager(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  (folder / "notify").copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(bind(manager.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  setenv("NOTIFY_SOCKET", address.sun_path, 1);  // NOLINT(concurrency-mt-unsafe)
  NotifyReady("deciding");
  unsetenv("NOTIFY_SOCKET");  // NOLINT(concurrency-mt-unsafe)
  char text[100] = {};
  ASSERT_GT(recv(manager.get(), text, sizeof text - 1, MSG_DONTWAIT), 0);
  EXPECT_STREQ(text, "READY=1\nSTATUS=deciding");
  NotifyStopping();  // without a manager: nothing
}

TEST(Service, TakesTheSocketsThatSystemdOpenedByName) {
  // As systemd hands them over: from number 3 on, in a process of its own.
  Child service([] {
    const int ends[] = {open("/dev/null", O_RDONLY), open("/dev/zero", O_RDONLY)};
    if (dup2(ends[0], 3) != 3 || dup2(ends[1], 4) != 4) return 1;
    setenv("LISTEN_PID", std::to_string(getpid()).c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
    setenv("LISTEN_FDS", "2", 1);                               // NOLINT(concurrency-mt-unsafe)
    setenv("LISTEN_FDNAMES", "check:user", 1);                  // NOLINT(concurrency-mt-unsafe)
    const auto sockets = TakeActivatedSockets();
    if (sockets.size() != 2 || sockets[0].name != "check" || sockets[1].name != "user") return 2;
    if (sockets[0].fd.get() != 3 || fcntl(3, F_GETFD) != FD_CLOEXEC) return 3;
    return TakeActivatedSockets().empty() ? 0 : 4;
  });
  EXPECT_EQ(service.ExitCode(), 0);
}

}  // namespace
}  // namespace daypass::platform
