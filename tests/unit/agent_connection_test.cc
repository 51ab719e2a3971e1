// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What strangers can do to a listening socket: be slow, be many, be quick, and take descriptors.
#include "agent/connection.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>

#include "platform_fixture.h"

namespace daypass::agent {
namespace {

using core::Millis;
using platform::Fd;
using std::chrono::steady_clock;
using testing::HasSubstr;

const std::string kEcho = std::string(R"({"method":"test.Echo"})") + '\0';
const std::string kLater = std::string(R"({"method":"test.Later"})") + '\0';
const std::string kNote = std::string(R"({"method":"test.Note","oneway":true})") + '\0';

class ListenerTest : public testing::Test {
 protected:
  void Listen(ListenerOptions options = {}) {
    options.admit = [this](const auto&, const auto&) -> core::Result<void> {
      ++admitted_;
      return {};
    };
    auto socket = platform::ListenUnix(path_, 0600);
    ASSERT_TRUE(socket) << socket.error().what;
    auto listener = Listener::Make(
        loop_, *std::move(socket), std::move(options),
        {{.name = "test.Echo",
          .handler = [](const auto& peer, const wire::Call&) { peer->Reply(nullptr); }},
         {.name = "test.Later",
          .handler = [this](const auto& peer, const wire::Call&) { asked_.push_back(peer); }},
         {.name = "test.Note", .handler = [this](const auto&, const wire::Call&) { ++notes_; }}});
    ASSERT_TRUE(listener) << listener.error().what;
    listener_ = *std::move(listener);
  }

  Fd Connect() const {
    Fd peer(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(connect(peer.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    return peer;
  }
  static void Say(const Fd& peer, std::string_view bytes) {
    (void)send(peer.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  /// What has come so far.
  static std::string Heard(const Fd& peer) {
    char room[65536];
    const ssize_t got = recv(peer.get(), room, sizeof room, MSG_DONTWAIT);
    return got > 0 ? std::string(room, static_cast<size_t>(got)) : "";
  }
  static bool IsHungUpOn(const Fd& peer) {
    char byte = 0;
    const ssize_t got = recv(peer.get(), &byte, 1, MSG_DONTWAIT | MSG_PEEK);
    return got == 0 || (got < 0 && errno != EAGAIN);
  }

  /// Turns the loop for a while; returns how often something was ready.
  int RunFor(Millis time) {
    int turns = 0;
    const auto end = steady_clock::now() + time;
    while (steady_clock::now() < end) turns += *loop_.RunOnce(Millis{5}) ? 1 : 0;
    return turns;
  }
  template <typename Condition>
  bool RunUntil(Condition condition, Millis most = Millis{20'000}) {
    const auto end = steady_clock::now() + most;
    while (!condition() && steady_clock::now() < end) (void)loop_.RunOnce(Millis{5});
    return condition();
  }
  bool IsAnswered(const Fd& peer) {
    Say(peer, kEcho);
    return WaitToHear(peer).starts_with("{\"parameters\"");
  }
  /// What comes next; nothing if nothing does.
  std::string WaitToHear(const Fd& peer) {
    std::string heard;
    const auto end = steady_clock::now() + Millis{20'000};
    while ((heard = Heard(peer)).empty() && !IsHungUpOn(peer) && steady_clock::now() < end) {
      (void)loop_.RunOnce(Millis{5});
    }
    return heard;
  }

  platform::TempDir dir_;
  std::string path_ = dir_ / "test.sock";
  platform::EventLoop loop_ = *platform::EventLoop::Make();
  std::vector<std::shared_ptr<Connection>> asked_;
  int admitted_ = 0;
  int notes_ = 0;
  std::unique_ptr<Listener> listener_;
};

// IPC-07
TEST_F(ListenerTest, HangsUpOnWhoeverDoesNotFinishHisFirstMessage) {
  Listen({.message_within = Millis{100}});
  const Fd silent = Connect();
  const Fd slow = Connect();
  const Fd good = Connect();
  ASSERT_TRUE(IsAnswered(good));
  for (size_t i = 0; i < 15; ++i) {
    Say(slow, kEcho.substr(i, 1));
    RunFor(Millis{20});
  }
  EXPECT_TRUE(IsHungUpOn(silent));
  EXPECT_TRUE(IsHungUpOn(slow));
  EXPECT_FALSE(IsHungUpOn(good)) << "who has been answered may stay";
}

// IPC-07: the first message quickly, and then a byte now and then.
TEST_F(ListenerTest, HangsUpOnWhoeverDoesNotFinishALaterMessage) {
  Listen({.message_within = Millis{100}});
  const Fd slow = Connect();
  ASSERT_TRUE(IsAnswered(slow));
  RunFor(Millis{300});
  ASSERT_FALSE(IsHungUpOn(slow)) << "control: silence between messages is allowed";
  Say(slow, "{");
  EXPECT_TRUE(RunUntil([&] { return IsHungUpOn(slow); }));
  const Fd good = Connect();
  Say(good, "{");
  RunFor(Millis{30});
  Say(good, kEcho.substr(1));
  EXPECT_NE(WaitToHear(good), "") << "control: in two parts";
  RunFor(Millis{300});
  EXPECT_FALSE(IsHungUpOn(good));
}

TEST_F(ListenerTest, TakesOneCallAfterTheOtherOfAConnection) {
  Listen();
  const Fd hasty = Connect();
  Say(hasty, kLater + kEcho);
  ASSERT_TRUE(RunUntil([&] { return IsHungUpOn(hasty); }));
  const Fd hastier = Connect();
  Say(hastier, kLater);
  ASSERT_TRUE(RunUntil([&] { return asked_.size() == 2; }));
  Say(hastier, kEcho);
  EXPECT_TRUE(RunUntil([&] { return IsHungUpOn(hastier); }));

  const Fd patient = Connect();
  Say(patient, kNote + kNote + kLater);  // who wants no answer waits for none
  ASSERT_TRUE(RunUntil([&] { return asked_.size() == 3; }));
  EXPECT_EQ(notes_, 2);
  asked_.back()->Reply(nullptr, /*continues=*/true);
  EXPECT_THAT(WaitToHear(patient), HasSubstr("continues"));
  EXPECT_TRUE(IsAnswered(patient)) << "control: after the first reply";
}

// IPC-07, IPC-10
TEST_F(ListenerTest, TakesSoManyConnectionsOfOneUidAndNoMore) {
  Listen({.max_per_uid = 3});
  std::vector<Fd> peers;
  for (int i = 0; i < 3; ++i) peers.push_back(Connect());
  for (const Fd& peer : peers) EXPECT_TRUE(IsAnswered(peer));
  const Fd another = Connect();
  EXPECT_THAT(WaitToHear(another), HasSubstr("org.daypass.too_many"));
  peers.pop_back();
  RunFor(Millis{50});
  EXPECT_TRUE(IsAnswered(Connect())) << "control: when one has gone";
}

// IPC-10
TEST_F(ListenerTest, AnswersOneUidOnlySoOften) {
  Listen({.rate = Rate{10, Millis{50}}});
  const Fd peer = Connect();
  int answered = 0;
  while (answered < 100 && IsAnswered(peer)) ++answered;
  EXPECT_GE(answered, 5);
  EXPECT_LT(answered, 100);
  EXPECT_TRUE(IsHungUpOn(peer));
  RunFor(Millis{300});
  EXPECT_TRUE(IsAnswered(Connect())) << "control: a little later";
}

// IPC-10: whoever is more urgent does not wait for all who knock.
TEST_F(ListenerTest, LetsTheLoopGoOnAfterAFewAccepts) {
  Listen({.max_per_uid = 1000, .priority = platform::Priority::kLast});
  std::vector<Fd> peers;
  for (int i = 0; i < 100; ++i) peers.push_back(Connect());
  while (admitted_ == 0) ASSERT_TRUE(loop_.RunOnce(Millis{5}));
  EXPECT_LT(admitted_, 50);
  for (const Fd& peer : peers) EXPECT_TRUE(IsAnswered(peer)) << "control: all get their turn";
}

/// Takes descriptors until `left` remain, and gives them back.
class Shortage {
 public:
  explicit Shortage(int left) {
    getrlimit(RLIMIT_NOFILE, &before_);
    rlimit few = before_;
    few.rlim_cur = 200;
    setrlimit(RLIMIT_NOFILE, &few);
    while (true) {
      Fd fd(open("/dev/null", O_RDONLY | O_CLOEXEC));
      if (!fd) break;
      taken_.push_back(std::move(fd));
    }
    for (int i = 0; i < left; ++i) taken_.pop_back();
  }
  Shortage(const Shortage&) = delete;
  Shortage& operator=(const Shortage&) = delete;
  ~Shortage() { setrlimit(RLIMIT_NOFILE, &before_); }
  void Free(int count) {
    for (int i = 0; i < count; ++i) taken_.pop_back();
  }

 private:
  rlimit before_{};
  std::vector<Fd> taken_;
};

// IPC-09
TEST_F(ListenerTest, DoesNotSpinWhenDescriptorsRunOut) {
  Listen();
  const Fd early = Connect();
  ASSERT_TRUE(IsAnswered(early));
  Shortage shortage(1);
  const Fd waiting = Connect();
  EXPECT_LT(RunFor(Millis{1000}), 50) << "turns of the loop, of which each found no descriptor";
  EXPECT_TRUE(IsAnswered(early)) << "control: who is in is served";
  shortage.Free(4);
  EXPECT_TRUE(IsAnswered(waiting)) << "control: and who waited, when there is room";
}

// IPC-09
TEST_F(ListenerTest, KeepsTheUpperDescriptorsForOthers) {
  Listen({.fd_limit = 190});
  Shortage shortage(8);  // below 200: what is left is above 190
  const Fd refused = Connect();
  EXPECT_THAT(WaitToHear(refused), HasSubstr("org.daypass.too_many"));
  EXPECT_TRUE(RunUntil([&] { return IsHungUpOn(refused); }));
  shortage.Free(30);
  EXPECT_TRUE(IsAnswered(Connect())) << "control: with lower ones to be had";
}

/// A message with descriptors.
void SayWith(const Fd& peer, const std::string& bytes, int count) {
  std::vector<int> fds(static_cast<size_t>(count), STDERR_FILENO);
  (void)platform::SendMessage(peer.get(), bytes, fds, platform::Deadline::Immediate());
}

// IPC-09: descriptors that come with messages count as well.
TEST_F(ListenerTest, TakesNoMoreDescriptorsWithAMessageThanItsServiceWants) {
  Listen({.max_fds = 1, .message_within = Millis{60'000}});
  const Fd one = Connect();
  SayWith(one, kEcho, 1);
  EXPECT_NE(WaitToHear(one), "") << "control";
  const Fd two = Connect();
  SayWith(two, kEcho, 2);
  EXPECT_TRUE(RunUntil([&] { return IsHungUpOn(two); }));
  const Fd parts = Connect();
  SayWith(parts, "{", 1);
  RunFor(Millis{50});
  SayWith(parts, "\"", 1);
  EXPECT_TRUE(RunUntil([&] { return IsHungUpOn(parts); }));
}

// IPC-10, at the socket where every peer is root: in a crowd each counts for who is behind it.
TEST_F(ListenerTest, LeavesNobodyAllThePlacesOfOthersInACrowd) {
  std::optional<uid_t> behind = 1000;
  Listen({.crowd = 3,
          .max_behind = 2,
          .behind = [&behind](const auto&) { return behind; },
          .message_within = Millis{60'000}});
  std::vector<Fd> open;
  for (int i = 0; i < 5; ++i) {
    open.push_back(Connect());
    EXPECT_TRUE(IsAnswered(open.back())) << i;
  }
  EXPECT_THAT(WaitToHear(Connect()), HasSubstr("org.daypass.too_many"));
  behind = 1001;
  EXPECT_TRUE(IsAnswered(Connect())) << "control: another one";
  behind = std::nullopt;
  for (int i = 0; i < 3; ++i) open.push_back(Connect());
  EXPECT_TRUE(IsAnswered(open.back())) << "control: root counts for nobody";
  behind = 1000;
  open.erase(open.begin() + 3);
  RunFor(Millis{50});
  EXPECT_TRUE(IsAnswered(Connect())) << "control: one of his has gone";
}

// IPC-10: who can no more be looked at does not count for nobody.
TEST(WhoIsServedBy, IsNobodyWhoExistsWhereItCannotBeTold) {
  const pid_t child = fork();
  if (child == 0) {
    (void)!setresuid(1000, -1, -1);
    pause();
  }
  auto process = platform::OpenProcess(child);
  ASSERT_TRUE(process);
  const uid_t self = getuid() == 0 ? 1000 : getuid();
  const auto deadline = steady_clock::now() + Millis{20'000};
  while (WhoIsServedBy(*process) != self && steady_clock::now() < deadline) usleep(1000);
  EXPECT_EQ(WhoIsServedBy(*process), self) << "control: as long as it lives";
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_EQ(WhoIsServedBy(*process), static_cast<uid_t>(-1));
}

TEST(Rates, FillUpAgainOneTokenAtATime) {
  Rates rates({3, Millis{10}});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(rates.Take(1000, Millis{0}));
  EXPECT_FALSE(rates.Take(1000, Millis{9}));
  EXPECT_TRUE(rates.Take(1001, Millis{9})) << "each uid has its own";
  EXPECT_TRUE(rates.Take(1000, Millis{10}));
  EXPECT_FALSE(rates.Take(1000, Millis{10}));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(rates.Take(1000, Millis{1000}));
  EXPECT_FALSE(rates.Take(1000, Millis{1000})) << "never more than full";
}

// IPC-10: with the uids of a user namespace one user is many.
TEST(Rates, ForgetWhoeverHasNotAskedForAWhile) {
  Rates rates({10, Millis{10}});
  for (uid_t uid = 0; uid < 100'000; ++uid) {
    ASSERT_TRUE(rates.Take(100'000 + uid, Millis{uid / 10}));
  }
  EXPECT_LT(rates.remembered(), 2000U);
}

}  // namespace
}  // namespace daypass::agent
