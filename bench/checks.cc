// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Asks a local service whether something may run, again and again, one connection each, and prints
// what it took as JSON: {"checks", "seconds", "per_second", "median_us", "p95_us", "p99_us"}.
//
//   checks bare SOCKET CLIENTS SECONDS            bench/bare_daemon.c
//   checks daypass SOCKET CLIENTS SECONDS UID     daypassd, in the name of UID, as a sudo would:
//       each client opens a Watch, is contained by its first check, and asks from then on
//   checks first SOCKET UID      waits for daypassd's first yes; prints when, in ms since 1970
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "wire/ipc.h"
#include "wire/ipc_check.h"

namespace daypass::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kMaxSamples = 400'000;  // of one client
constexpr int kAnswerWithinMs = 10'000;

[[noreturn]] void Die(const char* what) {
  std::perror(what);
  _exit(1);
}

struct Question {
  std::string bytes;
  std::vector<int> fds;
  bool is_daypass = false;
};

/// -1 if nobody listens there.
int TryConnect(const char* path) {
  sockaddr_un place{};
  place.sun_family = AF_UNIX;
  std::strncpy(place.sun_path, path, sizeof place.sun_path - 1);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) Die("socket");
  if (connect(fd, reinterpret_cast<sockaddr*>(&place), sizeof place) == 0) return fd;
  close(fd);
  return -1;
}

int Connect(const char* path) {
  const int fd = TryConnect(path);
  if (fd < 0) Die("connect");
  return fd;
}

void Send(int fd, const Question& question) {
  iovec part{const_cast<char*>(question.bytes.data()), question.bytes.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(2 * sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (!question.fds.empty()) {
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(2 * sizeof(int));
    std::memcpy(CMSG_DATA(head), question.fds.data(), 2 * sizeof(int));
  }
  if (sendmsg(fd, &message, MSG_NOSIGNAL) != static_cast<ssize_t>(question.bytes.size()))
    Die("send");
}

std::string Receive(int fd) {
  std::string answer;
  std::array<char, 4096> buffer;
  do {
    pollfd ready{fd, POLLIN, 0};
    if (poll(&ready, 1, kAnswerWithinMs) != 1) Die("no answer");
    const ssize_t got = recv(fd, buffer.data(), buffer.size(), 0);
    if (got <= 0) Die("receive");
    answer.append(buffer.data(), static_cast<size_t>(got));
  } while (answer.back() != '\0' && answer != "y");
  return answer;
}

/// One check; the answer must be yes.
void Check(const char* path, const Question& question) {
  const int fd = Connect(path);
  Send(fd, question);
  const std::string answer = Receive(fd);
  if (question.is_daypass && answer.find("\"effect\":\"allow\"") == std::string::npos) {
    std::fprintf(stderr, "denied: %s\n", answer.c_str());
    _exit(1);
  }
  close(fd);
}

/// What sudo says of `sudo -n true`, with the environment that it leaves.
Question AskLikeSudo(uint32_t uid) {
  wire::CommandCall call;
  call.user = "alice";
  call.uid = uid;
  call.loginuid = uid;
  call.command = "/usr/bin/true";
  call.argv = {"true"};
  call.cwd = "/";
  call.runas_user = "root";
  call.env = {"LANG=C.UTF-8",        "TERM=xterm-256color", "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
              "MAIL=/var/mail/root", "LOGNAME=root",        "USER=root",
              "HOME=/root",          "SHELL=/bin/bash",     "SUDO_COMMAND=/usr/bin/true",
              "SUDO_USER=alice",     "SUDO_UID=1001",       "SUDO_GID=1001"};
  call.noninteractive = true;
  call.api = "1.21";
  call.pid = static_cast<uint32_t>(getpid());
  const int root = open("/", O_PATH | O_CLOEXEC);
  return {
      wire::EncodeCall(wire::kCommandMethod, wire::EncodeCommand(call).get()), {root, root}, true};
}

/// The number of the record that allowed it, out of the answer's text.
uint64_t QueryOf(const std::string& answer) {
  const size_t at = answer.find("\"query\":");
  return at == std::string::npos ? 0 : std::strtoull(answer.c_str() + at + 8, nullptr, 10);
}

/// Like sudo before its command runs: watched, contained by its first check, said to have started.
void BecomeContained(const char* path, const Question& question) {
  const int watch = Connect(path);
  auto parameters = wire::EncodeWatch({static_cast<uint32_t>(getpid())});
  Send(watch,
       {wire::EncodeCall(wire::kWatchMethod, parameters.get(), wire::Wants::kMore), {}, true});
  Receive(watch);
  const int fd = Connect(path);
  Send(fd, question);
  const uint64_t query = QueryOf(Receive(fd));
  close(fd);
  parameters = wire::EncodeStarted({query});
  Send(watch,
       {wire::EncodeCall(wire::kStartedMethod, parameters.get(), wire::Wants::kNothing), {}, true});
  // The Watch stays open until this process ends.
}

struct Shared {
  std::atomic<int> ready;
  std::atomic<bool> go;
  std::atomic<size_t> total;
};

void RunClient(Shared& shared, float* samples, size_t room, const char* path, Clock::duration time,
               const Question& question) {
  shared.ready += 1;
  while (!shared.go) usleep(100);
  const auto end = Clock::now() + time;
  size_t count = 0;
  while (Clock::now() < end) {
    const auto start = Clock::now();
    Check(path, question);
    const auto took = std::chrono::duration<float, std::micro>(Clock::now() - start);
    if (count < room) samples[count] = took.count();
    ++count;
  }
  shared.total += count;
}

void* Map(size_t bytes) {
  void* at = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (at == MAP_FAILED) Die("mmap");
  return at;
}

int WaitForFirst(const char* path, uint32_t uid) {
  for (int fd = -1; (fd = TryConnect(path)) < 0;) usleep(500);
  if (setresuid(uid, 0, 0) != 0) Die("setresuid");
  Check(path, AskLikeSudo(uid));
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  std::printf("%lld\n", static_cast<long long>(
                            std::chrono::duration_cast<std::chrono::milliseconds>(now).count()));
  return 0;
}

int Main(int argc, char** argv) {
  if (argc == 4 && std::string(argv[1]) == "first")
    return WaitForFirst(argv[2], static_cast<uint32_t>(std::atoi(argv[3])));
  const bool is_daypass = argc == 6 && std::string(argv[1]) == "daypass";
  if (!is_daypass && (argc != 5 || std::string(argv[1]) != "bare")) {
    std::fputs("checks bare|daypass SOCKET CLIENTS SECONDS [UID]\n", stderr);
    return 2;
  }
  const int clients = std::atoi(argv[3]);
  const double seconds = std::atof(argv[4]);
  const auto time =
      std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  auto* shared = new (Map(sizeof(Shared))) Shared{};
  auto* samples =
      static_cast<float*>(Map(sizeof(float) * kMaxSamples * static_cast<size_t>(clients)));
  std::vector<pid_t> children;
  for (int i = 0; i < clients; ++i) {
    children.push_back(fork());
    if (children.back() != 0) continue;
    Question question{std::string(512, 'q'), {}, false};
    if (is_daypass) {
      const auto uid = static_cast<uint32_t>(std::atoi(argv[5]));
      if (setresuid(uid, 0, 0) != 0) Die("setresuid");  // as sudo is: alice's, and root
      question = AskLikeSudo(uid);
      BecomeContained(argv[2], question);
    }
    RunClient(*shared, samples + kMaxSamples * static_cast<size_t>(i), kMaxSamples, argv[2], time,
              question);
    _exit(0);
  }
  while (shared->ready < clients) usleep(1000);
  shared->go = true;
  for (const pid_t child : children) {
    int status = 0;
    if (waitpid(child, &status, 0) != child || status != 0) return 1;
  }
  std::vector<float> all;
  for (int i = 0; i < clients; ++i) {
    const float* mine = samples + kMaxSamples * static_cast<size_t>(i);
    for (size_t n = 0; n < kMaxSamples && mine[n] > 0; ++n) all.push_back(mine[n]);
  }
  std::sort(all.begin(), all.end());
  auto at = [&](double part) {
    return all[static_cast<size_t>(part * static_cast<double>(all.size() - 1))];
  };
  std::printf(
      "{\"checks\":%zu,\"seconds\":%.2f,\"per_second\":%.0f,\"median_us\":%.1f,\"p95_us\":%.1f,"
      "\"p99_us\":%.1f}\n",
      shared->total.load(), seconds, static_cast<double>(shared->total) / seconds, at(0.5),
      at(0.95), at(0.99));
  return 0;
}

}  // namespace
}  // namespace daypass::bench

int main(int argc, char** argv) {
  return daypass::bench::Main(argc, argv);
}
