// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The processes behind Resolver. Their parent is forked once, while the program holds nothing yet,
// and forks a helper for each socket that it is handed; a helper answers what comes over that
// socket, and may block for ever. Default signals, no descriptor but its own; both die with the
// agent.

#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <utility>

#include "agent/resolver.h"
#include "agent/resolver_protocol.h"
#include "agent/resolver_walk.h"
#include "platform/fault.h"
#include "platform/process.h"
#include "platform/socket.h"
#include "wire/ipc.h"

namespace daypass::agent {
namespace {

using core::Result;
using platform::Deadline;
using platform::Fd;
using platform::Transfer;

constexpr size_t kMaxAccountBytes = size_t{1} << 20;  // of one entry; some have long gecos fields

/// Does what both functions of the passwd family need: a buffer that grows.
template <typename Lookup>
Result<bool> LookUpAccount(passwd& entry, std::string& buffer, Lookup lookup) {
  for (buffer.resize(1024); buffer.size() <= kMaxAccountBytes; buffer.resize(2 * buffer.size())) {
    passwd* found = nullptr;
    const int error = lookup(&entry, buffer.data(), buffer.size(), &found);
    if (error == ERANGE || error == EINTR) continue;
    // What else "not found" looks like is in getpwnam(3).
    const bool is_answer = error == 0 || error == ENOENT || error == ESRCH;
    if (!is_answer) return platform::SystemFault("look up an account", error);
    return found != nullptr;
  }
  return core::Error{core::Reason::kInternal, "an account's entry is too large", {}};
}

Result<FoundName> FindName(uid_t uid) {
  passwd entry{};
  std::string buffer;
  const auto found =
      LookUpAccount(entry, buffer, [uid](auto... rest) { return getpwuid_r(uid, rest...); });
  if (!found) return found.error();
  return *found ? FoundName(entry.pw_name) : FoundName();
}

Result<FoundUid> FindUid(const std::string& name) {
  passwd entry{};
  std::string buffer;
  const auto found = LookUpAccount(
      entry, buffer, [&name](auto... rest) { return getpwnam_r(name.c_str(), rest...); });
  if (!found) return found.error();
  return *found ? FoundUid(entry.pw_uid) : FoundUid();
}

struct Answerer {
  const std::vector<Fd>& fds;

  std::string operator()(const AskPaths& ask) const {
    if (fds.size() != 2) return "";
    const AskerFolders folders{.root = fds[0].get(), .cwd = fds[1].get()};
    std::vector<core::PathFact> facts;
    facts.reserve(ask.questions.size());
    for (const PathQuestion& question : ask.questions) {
      facts.push_back(ResolvePath(folders, question));
    }
    return EncodeFacts(facts);
  }
  std::string operator()(const AskName& ask) const { return EncodeFoundName(FindName(ask.uid)); }
  std::string operator()(const AskUid& ask) const { return EncodeFoundUid(FindUid(ask.name)); }
};

/// The answer to one message, framed; empty if it cannot be understood.
std::string AnswerAsk(std::string_view message, const std::vector<Fd>& fds) {
  const auto ask = ParseAsk(message);
  return ask ? std::visit(Answerer{fds}, *ask) : std::string();
}

/// Dies with `parent`, also if that has died already, and behaves as a fresh process does.
void BecomeHelper(pid_t parent) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) _exit(1);
  static_cast<void>(prctl(PR_SET_NAME, "daypass-helper"));  // for ps only
  for (int number = 1; number < NSIG; ++number) {
    static_cast<void>(std::signal(number, SIG_DFL));  // some numbers have no disposition to set
  }
  sigset_t none;
  sigemptyset(&none);
  if (pthread_sigmask(SIG_SETMASK, &none, nullptr) != 0) _exit(1);
}

bool Send(int channel, const std::string& message) {
  return platform::SendMessage(channel, message, {}, Deadline::Never()).status == Transfer::kDone;
}

bool Greet(int channel) {
  const auto self = platform::OpenProcess(getpid());
  return self && Send(channel, EncodeGreeting({self->pid, self->start_ticks}));
}

/// Answers until the agent closes the socket or says something that makes no sense.
[[noreturn]] void RunHelper(const Fd& channel) {
  constexpr size_t kChunkBytes = 8 * 1024;
  wire::FrameReader frames(kMaxAskBytes);
  std::vector<Fd> fds;
  if (!Greet(channel.get())) _exit(1);
  while (true) {
    platform::Chunk chunk =
        platform::ReceiveChunk(channel.get(), kChunkBytes, 2, Deadline::Never());
    if (chunk.status != Transfer::kDone) _exit(0);
    if (chunk.fds_lost || !frames.Feed(chunk.bytes)) _exit(1);
    std::move(chunk.fds.begin(), chunk.fds.end(), std::back_inserter(fds));
    while (const auto message = frames.Next()) {
      const std::string answer = AnswerAsk(*message, std::exchange(fds, {}));
      if (answer.empty() || !Send(channel.get(), answer)) _exit(1);
    }
  }
}

/// Keeps nothing but its socket, so that the helpers have nothing either.
[[noreturn]] void RunParent(pid_t agent, const Fd& given) {
  BecomeHelper(agent);
  static_cast<void>(setsid());  // Ctrl-C in the agent's terminal is the agent's to handle
  if (chdir("/") != 0) _exit(1);
  const Fd channel(dup2(given.get(), STDERR_FILENO + 1));
  closefrom(channel.get() + 1);
  const pid_t self = getpid();
  static_cast<void>(std::signal(SIGCHLD, SIG_IGN));  // nobody waits for the helpers
  while (true) {
    const platform::Chunk chunk = platform::ReceiveChunk(channel.get(), 1, 1, Deadline::Never());
    if (chunk.status != Transfer::kDone) _exit(0);
    if (chunk.fds.size() != 1) continue;
    if (fork() == 0) {
      BecomeHelper(self);
      close(channel.get());
      RunHelper(chunk.fds[0]);
    }
  }
}

}  // namespace

Result<Fd> ForkResolverHelpers() {
  auto ends = platform::MakeSocketPair();
  if (!ends) return std::move(ends).error();
  const pid_t agent = getpid();
  const pid_t child = fork();
  if (child < 0) return platform::SystemFault("fork the helpers' parent", errno);
  if (child == 0) RunParent(agent, ends->second);
  return std::move(ends->first);
}

}  // namespace daypass::agent
