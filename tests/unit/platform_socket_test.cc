// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Real unix sockets: trust on the way to one, bytes and descriptors, deadlines, signals.
#include "platform/socket.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <chrono>
#include <csignal>

#include "platform/file.h"
#include "platform_fixture.h"

namespace daypass::platform {
namespace {

using core::Millis;
using core::Reason;
using testing::HasSubstr;

constexpr uid_t kNobody = 65534;
const uid_t kSelf = geteuid();

Deadline Soon() {
  return Deadline::After(Millis{2'000});
}

struct Server {
  TempDir folder;
  std::string path = folder / "run/check.sock";
  Fd listener;

  explicit Server(mode_t mode = 0600) {
    EXPECT_TRUE(MakeDirectory(folder / "run", {.mode = 0755}));
    auto made = ListenUnix(path, mode);
    EXPECT_TRUE(made) << made.error().what;
    if (made) listener = *std::move(made);
  }
};

TEST(ListenUnix, HasItsModeWhateverTheUmaskSays) {
  const mode_t before = umask(0);
  const Server server(0600);
  umask(before);
  struct stat facts{};
  ASSERT_EQ(stat(server.path.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
  umask(0077);
  const Server open_server(0666);
  umask(before);
  ASSERT_EQ(stat(open_server.path.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0666u);
}

TEST(ListenUnix, GivesTheSocketToAGroup) {
  if (kSelf != 0) GTEST_SKIP() << "only root can give files away";
  const TempDir folder;
  ASSERT_TRUE(ListenUnix(folder / "s", 0660, 1));
  struct stat facts{};
  ASSERT_EQ(stat((folder / "s").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_gid, 1u);
  EXPECT_EQ(facts.st_mode & 0777, 0660u);
}

TEST(ListenUnix, ReplacesWhatADeadServerLeft) {
  Server server;
  server.listener.Close();
  const auto again = ListenUnix(server.path, 0600);
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_TRUE(ConnectTrusted(server.path, Soon(), kSelf));
}

TEST(ListenUnix, TakesPathsLongerThanASocketAddress) {
  const TempDir folder;
  const std::string deep = folder / std::string(150, 'd');
  ASSERT_TRUE(MakeDirectory(deep, {.mode = 0755}));
  const auto listener = ListenUnix(deep + "/check.sock", 0600);
  ASSERT_TRUE(listener) << listener.error().what;
  const auto connected = ConnectTrusted(deep + "/check.sock", Soon(), kSelf);
  EXPECT_TRUE(connected) << connected.error().what;
}

TEST(AcceptUnix, IsEmptyWhenNobodyWaits) {
  const Server server;
  const auto none = AcceptUnix(server.listener.get());
  ASSERT_TRUE(none);
  EXPECT_FALSE(*none);
}

TEST(AcceptUnix, SaysSoWhenDescriptorsRunOut) {
  const Server server;
  const auto client = ConnectTrusted(server.path, Soon(), kSelf);
  ASSERT_TRUE(client);
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  rlimit none = before;
  none.rlim_cur = 3;
  setrlimit(RLIMIT_NOFILE, &none);
  const auto refused = AcceptUnix(server.listener.get());
  setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_FALSE(refused);
  const auto later = AcceptUnix(server.listener.get());
  ASSERT_TRUE(later);
  EXPECT_TRUE(*later);
}

TEST(ConnectTrusted, ConnectsToTheOwnersSocket) {
  const Server server;
  const auto client = ConnectTrusted(server.path, Soon(), kSelf);
  ASSERT_TRUE(client) << client.error().what;
  EXPECT_EQ(fcntl(client->get(), F_GETFD), FD_CLOEXEC);
  const auto peer = AcceptUnix(server.listener.get());
  ASSERT_TRUE(peer);
  const auto credentials = PeerCredentials(peer->get());
  ASSERT_TRUE(credentials);
  EXPECT_EQ(credentials->pid, getpid());
  EXPECT_EQ(credentials->uid, kSelf);
}

TEST(ConnectTrusted, TakesNoSocketAndNoListenerForASilentAgent) {
  Server server;
  server.listener.Close();
  const auto refused = ConnectTrusted(server.path, Soon(), kSelf);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Reason::kAgentSilent);
  for (const std::string& path : {server.folder / "run/none", server.folder / "none/check.sock"}) {
    const auto missing = ConnectTrusted(path, Soon(), kSelf);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, Reason::kAgentSilent) << path;
  }
}

TEST(ConnectTrusted, RefusesAFolderInWhichOthersCanMakeSockets) {
  const Server server;
  ASSERT_EQ(chmod((server.folder / "run").c_str(), 0777), 0);
  const auto refused = ConnectTrusted(server.path, Soon(), kSelf);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Reason::kAgentUntrusted);
}

TEST(ConnectTrusted, RefusesAFolderOrSocketOfAnotherUser) {
  if (kSelf != 0) GTEST_SKIP() << "only root can give files away";
  const Server server;
  ASSERT_EQ(chown(server.path.c_str(), kNobody, 0), 0);
  auto refused = ConnectTrusted(server.path, Soon());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Reason::kAgentUntrusted);
  ASSERT_EQ(chown(server.path.c_str(), 0, 0), 0);
  EXPECT_TRUE(ConnectTrusted(server.path, Soon()));
  ASSERT_EQ(chown((server.folder / "run").c_str(), kNobody, 0), 0);
  refused = ConnectTrusted(server.path, Soon());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Reason::kAgentUntrusted);
}

TEST(ConnectTrusted, RefusesAListenerOfAnotherUserBehindARootOwnedSocket) {
  if (kSelf != 0) GTEST_SKIP() << "only root can become somebody else";
  const TempDir folder;
  const std::string path = folder / "check.sock";
  auto ready = MakeSocketPair();
  ASSERT_TRUE(ready);
  Child impostor([&] {
    // The socket file is root's, but listen(), which the kernel remembers, is nobody's.
    const Fd listener(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    struct {
      sa_family_t family = AF_UNIX;
      char path[108] = {};
    } address;
    path.copy(address.path, sizeof address.path - 1);
    if (bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return 1;
    if (seteuid(kNobody) != 0 || listen(listener.get(), 1) != 0) return 1;
    SendMessage(ready->second.get(), "x", {}, Soon());
    return SleepForEver();
  });
  ASSERT_EQ(ReceiveChunk(ready->first.get(), 1, 0, Soon()).status, Transfer::kDone);
  const auto refused = ConnectTrusted(path, Soon());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Reason::kAgentUntrusted);
  EXPECT_THAT(refused.error().what, HasSubstr("is not uid 0"));
}

TEST(ConnectTrusted, RefusesAFileThatIsNoSocket) {
  const TempDir folder;
  ASSERT_TRUE(WriteFileDurably(folder / "check.sock", ""));
  const auto refused = ConnectTrusted(folder / "check.sock", Soon(), kSelf);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Reason::kAgentUntrusted);
}

TEST(Transfer, CarriesBytesAndDescriptors) {
  auto pair = MakeSocketPair();
  ASSERT_TRUE(pair);
  const Fd root(open("/", O_PATH | O_CLOEXEC));
  const Fd null(open("/dev/null", O_RDONLY | O_CLOEXEC));
  const int fds[] = {root.get(), null.get()};
  const Sent sent = SendMessage(pair->first.get(), "hello", fds, Soon());
  EXPECT_EQ(sent.status, Transfer::kDone);
  EXPECT_EQ(sent.bytes, 5u);
  const Chunk chunk = ReceiveChunk(pair->second.get(), 100, 2, Soon());
  ASSERT_EQ(chunk.status, Transfer::kDone);
  EXPECT_EQ(chunk.bytes, "hello");
  ASSERT_EQ(chunk.fds.size(), 2u);
  struct stat sent_facts{}, got_facts{};
  fstat(root.get(), &sent_facts);
  fstat(chunk.fds[0].get(), &got_facts);
  EXPECT_EQ(sent_facts.st_ino, got_facts.st_ino);
  EXPECT_EQ(fcntl(chunk.fds[0].get(), F_GETFD), FD_CLOEXEC);
}

TEST(Transfer, ClosesDescriptorsThatNobodyAskedFor) {
  auto pair = MakeSocketPair();
  ASSERT_TRUE(pair);
  const int before = dup(pair->first.get());
  close(before);  // the lowest free number
  const int fds[] = {0, 1, 2};
  ASSERT_EQ(SendMessage(pair->first.get(), "x", fds, Soon()).status, Transfer::kDone);
  const Chunk chunk = ReceiveChunk(pair->second.get(), 100, 2, Soon());
  EXPECT_TRUE(chunk.fds_lost);
  EXPECT_TRUE(chunk.fds.empty());
  EXPECT_EQ(fcntl(before, F_GETFD), -1);
}

TEST(Transfer, EndsAtTheDeadlineWhenThePeerIsSilent) {
  auto pair = MakeSocketPair();
  ASSERT_TRUE(pair);
  const auto begin = std::chrono::steady_clock::now();
  const Chunk chunk = ReceiveChunk(pair->first.get(), 10, 0, Deadline::After(Millis{50}));
  const auto took = std::chrono::steady_clock::now() - begin;
  EXPECT_EQ(chunk.status, Transfer::kNotReady);
  EXPECT_GE(took, Millis{50});
  EXPECT_LT(took, Millis{10'000});
}

TEST(Transfer, EndsAtTheDeadlineWhenThePeerDoesNotRead) {
  auto pair = MakeSocketPair();
  ASSERT_TRUE(pair);
  const std::string large(4 * 1024 * 1024, 'x');
  const Sent sent = SendMessage(pair->first.get(), large, {}, Deadline::After(Millis{50}));
  EXPECT_EQ(sent.status, Transfer::kNotReady);
  EXPECT_GT(sent.bytes, 0u);
  EXPECT_LT(sent.bytes, large.size());
}

TEST(Transfer, WithAnImmediateDeadlineNeverWaits) {
  auto pair = MakeSocketPair();
  ASSERT_TRUE(pair);
  EXPECT_EQ(ReceiveChunk(pair->first.get(), 10, 0, Deadline::Immediate()).status,
            Transfer::kNotReady);
  EXPECT_EQ(SendMessage(pair->first.get(), "x", {}, Deadline::Immediate()).status, Transfer::kDone);
  EXPECT_EQ(ReceiveChunk(pair->second.get(), 10, 0, Deadline::Immediate()).status, Transfer::kDone);
}

TEST(Transfer, SaysThatThePeerHasClosedAndRaisesNoSignal) {
  auto pair = MakeSocketPair();
  ASSERT_TRUE(pair);
  pair->second.Close();
  EXPECT_EQ(ReceiveChunk(pair->first.get(), 10, 0, Soon()).status, Transfer::kClosed);
  EXPECT_EQ(SendMessage(pair->first.get(), "x", {}, Soon()).status, Transfer::kClosed);
}

volatile sig_atomic_t g_signals = 0;

// sudo's own handlers have SA_RESTART and set a flag only.
TEST(Transfer, ReturnsOnASignalEvenIfItsHandlerRestartsCalls) {
  auto pair = MakeSocketPair();
  ASSERT_TRUE(pair);
  struct sigaction flag{}, before{};
  flag.sa_handler = [](int) { g_signals = g_signals + 1; };
  flag.sa_flags = SA_RESTART;
  sigaction(SIGUSR1, &flag, &before);
  const pid_t self = getpid();
  Child ctrl_c([self] {
    usleep(50'000);
    kill(self, SIGUSR1);
    return 0;
  });
  const Chunk chunk = ReceiveChunk(pair->first.get(), 10, 0, Deadline::After(Millis{10'000}));
  sigaction(SIGUSR1, &before, nullptr);
  EXPECT_EQ(chunk.status, Transfer::kInterrupted);
  EXPECT_EQ(g_signals, 1);
}

}  // namespace
}  // namespace daypass::platform
