// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "platform/subprocess.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "platform/fault.h"
#include "platform/fd.h"
#include "platform/memfd.h"

namespace daypass::platform {
namespace {

struct Pipe {
  Fd read;
  Fd write;
};

core::Result<Pipe> MakePipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return SystemFault("make a pipe", errno);
  return Pipe{Fd(ends[0]), Fd(ends[1])};
}

void MakeNonBlocking(const Fd& fd) {
  fcntl(fd.get(), F_SETFL, fcntl(fd.get(), F_GETFL) | O_NONBLOCK);
}

/// What the child gets at start, freed as libc wants it.
class SpawnPlan {
 public:
  SpawnPlan() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    // The child begins with no blocked signals and SIGPIPE as programs expect it.
    sigset_t none, defaults;
    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &defaults);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  SpawnPlan(SpawnPlan&&) = delete;
  SpawnPlan& operator=(SpawnPlan&&) = delete;
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }

  void Connect(const Fd& end, int as) {
    posix_spawn_file_actions_adddup2(&actions_, end.get(), as);
  }
  /// Last: whatever somebody forgot to mark close-on-exec ends here.
  void CloseTheRest() { posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1); }
  posix_spawn_file_actions_t* actions() { return &actions_; }
  posix_spawnattr_t* attributes() { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

std::vector<char*> Pointers(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

/// A running child and our ends of its pipes. Destroying it kills and reaps.
class Child {
 public:
  Child() = default;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  Child(Child&&) = delete;
  Child& operator=(Child&&) = delete;
  ~Child() { Kill(); }

  core::Result<void> Start(const Program& program);
  /// Drains until it has ended.
  core::Result<ProgramEnd> Run(const Program& program);

 private:
  core::Result<void> DrainBoth(const Program& program);
  core::Result<void> Drain(Fd& from, std::string& to, const Program& program);
  void Reap(ProgramEnd& end);
  void Kill();

  pid_t pid_ = 0;  // 0: not started, or reaped
  Fd pidfd_, output_, errors_;
  ProgramEnd end_;
};

core::Result<void> Child::Start(const Program& program) {
  if (program.argv.empty()) return core::Error{core::Reason::kInternal, "no program named", {}};
  SpawnPlan plan;
  Fd child_input, child_output, child_errors;
  if (!program.inherit_input) {
    // A memory file, not a pipe: nothing to feed, no SIGPIPE from a child that does not read.
    auto memory = MakeSealedMemfd(program.input);
    if (!memory) return std::move(memory).error();
    child_input = *std::move(memory);
    plan.Connect(child_input, STDIN_FILENO);
  }
  auto output = MakePipe();
  if (!output) return std::move(output).error();
  child_output = std::move(output->write);
  output_ = std::move(output->read);
  plan.Connect(child_output, STDOUT_FILENO);
  if (!program.inherit_errors) {
    auto made = MakePipe();
    if (!made) return std::move(made).error();
    child_errors = std::move(made->write);
    errors_ = std::move(made->read);
    plan.Connect(child_errors, STDERR_FILENO);
  }
  plan.CloseTheRest();
  const auto argv = Pointers(program.argv);
  static const std::vector<std::string> kNothing;
  const auto environment = Pointers(program.environment ? *program.environment : kNothing);
  const int failed = posix_spawnp(&pid_, argv[0], plan.actions(), plan.attributes(), argv.data(),
                                  program.environment ? environment.data() : environ);
  if (failed != 0) {
    pid_ = 0;
    return SystemFault("start " + program.argv[0], failed);
  }
  pidfd_ = Fd(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)));
  if (!pidfd_) return SystemFault("watch " + program.argv[0], errno);
  MakeNonBlocking(output_);
  if (errors_) MakeNonBlocking(errors_);
  return {};
}

core::Result<void> Child::Drain(Fd& from, std::string& to, const Program& program) {
  char part[16 * 1024];
  while (from) {
    const ssize_t got = read(from.get(), part, sizeof part);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return {};
    if (got <= 0) {
      from.Close();
      return {};
    }
    if (to.size() + static_cast<size_t>(got) > program.max_output_bytes) {
      return core::Error{core::Reason::kTooLarge,
                         program.argv[0] + ": prints too much; at most " +
                             std::to_string(program.max_output_bytes) + " bytes",
                         {}};
    }
    to.append(part, static_cast<size_t>(got));
  }
  return {};
}

core::Result<void> Child::DrainBoth(const Program& program) {
  auto drained = Drain(output_, end_.output, program);
  return drained ? Drain(errors_, end_.errors, program) : drained;
}

core::Result<ProgramEnd> Child::Run(const Program& program) {
  while (true) {
    // poll passes over entries of -1.
    std::array<pollfd, 3> entries{
        {{output_.get(), POLLIN, 0}, {errors_.get(), POLLIN, 0}, {pidfd_.get(), POLLIN, 0}}};
    const int ready = poll(entries.data(), entries.size(), program.deadline.PollTimeout());
    if (ready < 0 && errno != EINTR) return SystemFault("wait for " + program.argv[0], errno);
    if (ready > 0) {
      auto drained = DrainBoth(program);
      if (!drained) return std::move(drained).error();
    }
    // Its end counts, not that of its pipes: a grandchild may hold them open for ever.
    if (ready > 0 && entries[2].revents != 0) {
      Reap(end_);
      return std::move(end_);
    }
    if (program.deadline.HasPassed()) {
      return core::Error{core::Reason::kTooLate, program.argv[0] + ": did not end in time", {}};
    }
  }
}

void Child::Reap(ProgramEnd& end) {
  int status = 0;
  pid_t reaped = -1;
  do {
    reaped = waitpid(pid_, &status, 0);
  } while (reaped < 0 && errno == EINTR);
  if (reaped == pid_ && WIFEXITED(status)) end.exit_code = WEXITSTATUS(status);
  if (reaped == pid_ && WIFSIGNALED(status)) end.signal = WTERMSIG(status);
  pid_ = 0;
}

void Child::Kill() {
  if (pid_ == 0) return;
  kill(pid_, SIGKILL);  // our own child, not yet reaped: the number is still its own
  Reap(end_);
}

}  // namespace

core::Result<ProgramEnd> RunProgram(const Program& program) {
  Child child;
  auto started = child.Start(program);
  if (!started) return std::move(started).error();
  return child.Run(program);
}

}  // namespace daypass::platform
