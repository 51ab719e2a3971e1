// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Hands questions to helpers, one at a time each, and takes their answers or their silence.
#include "agent/resolver.h"

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <utility>

#include "agent/resolver_protocol.h"
#include "platform/process.h"
#include "platform/socket.h"
#include "wire/ipc.h"

namespace daypass::agent {

using core::Error;
using core::Reason;
using core::Result;
using platform::Deadline;
using platform::Fd;
using platform::Transfer;

namespace {

constexpr size_t kMaxHelpers = 6;    // so that a few hung questions still hold nobody up
constexpr size_t kMaxForNames = 4;   // of them: what users ask for must not keep a sudo waiting
constexpr size_t kMaxDying = 32;     // killed while stuck in the kernel; more would be a flood
constexpr size_t kMaxWaiting = 256;  // questions of a kind without a helper
constexpr size_t kChunkBytes = 8 * 1024;

/// Takes `one` out of a list of pointers that holds it.
template <typename List, typename T>
auto TakeFrom(List& list, const T* one) {
  const auto at = std::ranges::find_if(list, [one](const auto& held) { return held.get() == one; });
  auto taken = std::move(*at);
  list.erase(at);
  return taken;
}

}  // namespace

/// One question.
struct Resolver::Task {
  std::string message;  // framed
  std::vector<Fd> fds;
  std::function<void(Result<std::string>)> finish;  // with the helper's answer
  Error failure;                                    // what it ends with if nothing else comes
  bool is_name = false;                             // else paths: a sudo waits for them
  bool is_refused = false;                          // never given to a helper
  platform::EventLoop::Source timer;
};

struct Resolver::Helper {
  Fd channel;
  wire::FrameReader frames{kMaxAnswerBytes};
  platform::EventLoop::Source watch;
  std::optional<platform::ProcessHandle> process;  // known once it has greeted
  std::unique_ptr<Task> task;
};

Resolver::Resolver(platform::EventLoop& loop, Fd parent, core::Millis patience)
    : loop_(loop), parent_(std::move(parent)), patience_(patience) {}

Resolver::~Resolver() = default;

Result<std::unique_ptr<Resolver>> Resolver::Make(platform::EventLoop& loop, Fd helpers,
                                                 std::function<void()> on_lost,
                                                 core::Millis patience) {
  std::unique_ptr<Resolver> made(new Resolver(loop, std::move(helpers), patience));
  Resolver* const self = made.get();
  auto watch =
      loop.WatchFd(self->parent_.get(), EPOLLRDHUP, [self, on_lost = std::move(on_lost)](uint32_t) {
        self->parent_watch_.Disarm();
        on_lost();
      });
  if (!watch) return std::move(watch).error();
  auto hand_out = loop.Defer([self] { self->HandOut(); }, platform::Priority::kNormal);
  if (!hand_out) return std::move(hand_out).error();
  self->parent_watch_ = *std::move(watch);
  self->hand_out_ = *std::move(hand_out);
  return made;
}

void Resolver::Resolve(int root, int cwd, const std::vector<PathQuestion>& questions,
                       PathsCallback callback) {
  auto task = std::make_unique<Task>();
  task->finish = [count = questions.size(),
                  done = std::move(callback)](Result<std::string> answer) {
    done(answer ? ParseFacts(*answer, count) : std::move(answer).error());
  };
  size_t bytes = 0;
  for (const PathQuestion& question : questions) bytes += question.path.size();
  auto own_root = platform::Duplicate(root);
  auto own_cwd = platform::Duplicate(cwd);
  if (questions.size() > kMaxPathQuestions || bytes > kMaxQuestionBytes) {
    task->is_refused = true;
    task->failure = {Reason::kArgumentsTooLong,
                     "too many paths to look at; at most " + std::to_string(kMaxPathQuestions) +
                         " of " + std::to_string(kMaxQuestionBytes) + " bytes together",
                     {}};
  } else if (!own_root || !own_cwd) {
    task->is_refused = true;
    task->failure = own_root ? own_cwd.error() : own_root.error();
  } else {
    task->message = EncodeAsk(AskPaths{questions});
    task->fds.push_back(*std::move(own_root));
    task->fds.push_back(*std::move(own_cwd));
  }
  Ask(std::move(task));
}

void Resolver::FindAccount(uid_t uid, NameCallback callback) {
  auto task = std::make_unique<Task>();
  task->is_name = true;
  task->message = EncodeAsk(AskName{uid});
  task->finish = [done = std::move(callback)](Result<std::string> answer) {
    done(answer ? ParseFoundName(*answer) : std::move(answer).error());
  };
  Ask(std::move(task));
}

void Resolver::FindUid(const std::string& name, UidCallback callback) {
  auto task = std::make_unique<Task>();
  task->is_name = true;
  task->message = EncodeAsk(AskUid{name});
  task->finish = [done = std::move(callback)](Result<std::string> answer) {
    done(answer ? ParseFoundUid(*answer) : std::move(answer).error());
  };
  Ask(std::move(task));
}

void Resolver::Ask(std::unique_ptr<Task> task) {
  const auto is_alike = [&](const auto& other) { return other->is_name == task->is_name; };
  const auto ahead = static_cast<size_t>(std::ranges::count_if(waiting_, is_alike));
  if (!task->is_refused && ahead >= kMaxWaiting) {
    task->is_refused = true;
    task->failure = {Reason::kTooMany, "too many questions about files and accounts at once", {}};
  }
  if (!task->is_refused) {
    task->failure = {Reason::kTooLate,
                     "the file system or the directory of accounts did not answer within " +
                         std::to_string(patience_.count()) + " ms",
                     {}};
  }
  auto timer = loop_.AfterMonotonic(task->is_refused ? core::Millis{0} : patience_,
                                    [this, asked = task.get()] { RunOut(asked); });
  // Without a timer it might never end: then it ends at once, and only here before the call
  // returns.
  if (!timer) return task->finish(std::move(timer).error());
  task->timer = *std::move(timer);
  // Paths before names, each kind in its order.
  const auto place = task->is_name ? waiting_.end() : std::ranges::find_if(waiting_, IsName);
  waiting_.insert(place, std::move(task));
  hand_out_.Arm();
}

bool Resolver::IsName(const std::unique_ptr<Task>& task) {
  return task != nullptr && task->is_name;
}

void Resolver::HandOut() {
  for (size_t next = 0; next < waiting_.size();) {
    if (waiting_[next]->is_refused) {
      ++next;  // its timer has run out already
      continue;
    }
    const auto names_asked =
        std::ranges::count_if(helpers_, [](const auto& helper) { return IsName(helper->task); });
    if (IsName(waiting_[next]) && static_cast<size_t>(names_asked) >= kMaxForNames) return;
    Helper* const helper = IdleHelper();
    if (helper == nullptr) return;
    helper->task = TakeFrom(waiting_, waiting_[next].get());
    const Task& task = *helper->task;
    std::array<int, 2> fds{};
    for (size_t i = 0; i < task.fds.size(); ++i) fds[i] = task.fds[i].get();
    const platform::Sent sent = platform::SendMessage(
        helper->channel.get(), task.message, {fds.data(), task.fds.size()}, Deadline::Immediate());
    if (sent.status == Transfer::kDone) continue;
    return Retire(*helper, {Reason::kInternal, "a helper process could not be asked", {}});
  }
}

/// One that has nothing to do, or a new one; null if there are enough, or none can be had.
Resolver::Helper* Resolver::IdleHelper() {
  for (const auto& helper : helpers_) {
    if (helper->task == nullptr) return helper.get();
  }
  if (helpers_.size() >= kMaxHelpers || dying_.size() >= kMaxDying) return nullptr;
  auto ends = platform::MakeSocketPair();
  if (!ends) return nullptr;
  const int theirs = ends->second.get();
  const auto sent = platform::SendMessage(parent_.get(), "+", {&theirs, 1}, Deadline::Immediate());
  if (sent.status != Transfer::kDone) return nullptr;
  auto helper = std::make_unique<Helper>();
  helper->channel = std::move(ends->first);
  auto watch = loop_.WatchFd(helper->channel.get(), EPOLLIN,
                             [this, raw = helper.get()](uint32_t) { Read(*raw); });
  if (!watch) return nullptr;
  helper->watch = *std::move(watch);
  helpers_.push_back(std::move(helper));
  return helpers_.back().get();
}

void Resolver::Read(Helper& helper) {
  const platform::Chunk chunk =
      platform::ReceiveChunk(helper.channel.get(), kChunkBytes, 0, Deadline::Immediate());
  if (chunk.status == Transfer::kNotReady || chunk.status == Transfer::kInterrupted) return;
  if (chunk.status == Transfer::kClosed) {
    return Retire(helper, {Reason::kInternal, "the helper process ended while it was asked", {}});
  }
  if (auto fed = helper.frames.Feed(chunk.bytes); !fed) {
    return Retire(helper, std::move(fed).error());
  }
  // One message a turn is all there is: a greeting, or the answer to the one question.
  while (auto message = helper.frames.Next()) {
    if (!TakeMessage(helper, *std::move(message))) return;
  }
}

/// False: the helper, or even all of us, may be gone.
bool Resolver::TakeMessage(Helper& helper, std::string message) {
  if (!helper.process) {
    const auto greeting = ParseGreeting(message);
    auto process =
        greeting ? platform::ReopenProcess(static_cast<pid_t>(greeting->pid), greeting->start_ticks)
                 : Result<platform::ProcessHandle>(greeting.error());
    if (!process) {
      Retire(helper, std::move(process).error());
      return false;
    }
    helper.process = *std::move(process);
    return true;
  }
  if (helper.task == nullptr) {
    Retire(helper, {Reason::kProtocol, "a helper process spoke unasked", {}});
    return false;
  }
  const std::unique_ptr<Task> task = std::move(helper.task);
  hand_out_.Arm();
  task->finish(std::move(message));
  return false;
}

/// A question's time is over. Whoever had it is not waited for.
void Resolver::RunOut(const Task* task) {
  for (const auto& helper : helpers_) {
    if (helper->task.get() == task) return Retire(*helper, Error(task->failure));
  }
  const std::unique_ptr<Task> ended = TakeFrom(waiting_, task);
  ended->finish(ended->failure);
}

/// Lets go of a helper, and fails the question that it held.
void Resolver::Retire(Helper& helper, Error why) {
  const std::unique_ptr<Task> task = std::move(helper.task);
  WatchDying(TakeFrom(helpers_, &helper));
  hand_out_.Arm();
  if (task != nullptr) task->finish(std::move(why));
}

/// Kills it, and remembers it until it is gone. One that never greeted ends with its socket.
void Resolver::WatchDying(std::unique_ptr<Helper> helper) {
  if (!helper->process) return;
  static_cast<void>(platform::SendSignal(*helper->process, SIGKILL));  // fails only for the gone
  Helper* const raw = helper.get();
  helper->watch = {};
  helper->channel.Close();
  auto watch = loop_.WatchFd(helper->process->pidfd.get(), EPOLLIN,
                             [this, raw](uint32_t) { TakeFrom(dying_, raw); });
  if (!watch) return;
  helper->watch = *std::move(watch);
  dying_.push_back(std::move(helper));
}

}  // namespace daypass::agent
