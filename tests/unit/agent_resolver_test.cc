// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The helper processes: what they answer, and what becomes of a question when they do not.
#include "agent/resolver.h"

#include <gmock/gmock.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <chrono>
#include <csignal>
#include <cstdint>

#include "agent_folder_fixture.h"
#include "platform/file.h"
#include "platform/process.h"

namespace daypass::agent {
namespace {

using core::Millis;
using core::PathFact;
using core::Reason;
using core::Result;
using std::chrono::steady_clock;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr Millis kLong{20'000};

std::vector<pid_t> ChildrenOf(pid_t parent) {
  std::vector<pid_t> children;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const auto text = platform::ReadKernelFile("/proc/" + name + "/stat");
    const auto stat = text ? platform::ParseStat(*text) : std::nullopt;
    if (stat && stat->parent == parent && stat->state != 'Z') children.push_back(std::stoi(name));
  }
  return children;
}

bool IsRunning(pid_t pid) {
  return static_cast<bool>(platform::OpenProcess(pid));
}

std::string StatusLine(pid_t pid, const std::string& key) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(key + ":\t")) return line.substr(key.size() + 2);
  }
  return "missing";
}

/// The signals in a mask of /proc's, without the two below SIGRTMIN: glibc keeps those to itself,
/// and a program that was started with them ignored cannot change that.
uint64_t Signals(pid_t pid, const std::string& key) {
  constexpr uint64_t kOfGlibc = 0b11ULL << 31U;
  return std::stoull(StatusLine(pid, key), nullptr, 16) & ~kOfGlibc;
}

class ResolverTest : public FolderTest {
 protected:
  void SetUp() override {
    FolderTest::SetUp();
    auto helpers = ForkResolverHelpers();
    ASSERT_TRUE(helpers);
    const std::vector<pid_t> children = ChildrenOf(getpid());
    ASSERT_THAT(children, SizeIs(1));
    parent_ = children[0];
    auto loop = platform::EventLoop::Make();
    ASSERT_TRUE(loop);
    loop_ = std::make_unique<platform::EventLoop>(*std::move(loop));
    Start(*std::move(helpers), Millis{1000});
  }
  void TearDown() override {
    resolver_.reset();
    if (parent_ > 0) waitpid(parent_, nullptr, 0);
    FolderTest::TearDown();
  }
  void Start(platform::Fd helpers, Millis patience) {
    auto made = Resolver::Make(*loop_, std::move(helpers), [this] { lost_ = true; }, patience);
    ASSERT_TRUE(made);
    resolver_ = *std::move(made);
  }

  template <typename Condition>
  [[nodiscard]] bool RunUntil(Condition condition, Millis patience = kLong) {
    const auto end = steady_clock::now() + patience;
    while (!condition() && steady_clock::now() < end) {
      EXPECT_TRUE(loop_->RunOnce(Millis{20}));
    }
    return condition();
  }

  using Facts = Result<std::vector<PathFact>>;
  Facts AskFacts(const std::vector<PathQuestion>& questions) {
    std::optional<Facts> answer;
    resolver_->Resolve(root_.get(), root_.get(), questions,
                       [&](Facts facts) { answer = std::move(facts); });
    EXPECT_FALSE(answer) << "called back before the call returned";
    if (!RunUntil([&] { return answer.has_value(); })) {
      return core::Error{Reason::kInternal, "no answer at all", {}};
    }
    return *std::move(answer);
  }
  bool CanStillAsk() {
    const Facts facts = AskFacts({{.path = "/bin/systemctl", .is_command = true}});
    return facts && facts->size() == 1 && (*facts)[0].canonical == "/usr/bin/systemctl";
  }

  std::unique_ptr<platform::EventLoop> loop_;
  std::unique_ptr<Resolver> resolver_;
  pid_t parent_ = 0;
  bool lost_ = false;
};

TEST_F(ResolverTest, AnswersEachPathInOrder) {
  const Facts facts = AskFacts({{.path = "/bin/systemctl", .want_sha256 = true, .is_command = true},
                                {.path = "/home/alice/x"},
                                {.path = "/etc/new\n\xff"}});
  ASSERT_TRUE(facts) << facts.error().what;
  ASSERT_THAT(*facts, SizeIs(3));
  EXPECT_EQ((*facts)[0].canonical, "/usr/bin/systemctl");
  EXPECT_TRUE((*facts)[0].safe);
  EXPECT_THAT((*facts)[0].sha256, SizeIs(64));
  EXPECT_EQ((*facts)[1].unsafe, "/home/alice belongs to uid 4201, not to root");
  EXPECT_FALSE((*facts)[1].safe);
  EXPECT_EQ((*facts)[2].canonical, "/etc/new\n\xff");
}

TEST_F(ResolverTest, TakesAsManyPathsAsItSaysAndNoMore) {
  const PathQuestion longest{.path =
                                 "/" + std::string(kMaxQuestionBytes / kMaxPathQuestions - 1, 'x')};
  std::vector<PathQuestion> questions(kMaxPathQuestions, longest);
  Facts facts = AskFacts(questions);
  ASSERT_TRUE(facts) << facts.error().what;
  EXPECT_THAT(*facts, SizeIs(kMaxPathQuestions));
  EXPECT_TRUE(facts->back().safe);

  questions.back().path += "x";
  facts = AskFacts(questions);
  ASSERT_FALSE(facts);
  EXPECT_EQ(facts.error().code, Reason::kArgumentsTooLong);
  facts = AskFacts(std::vector<PathQuestion>(kMaxPathQuestions + 1, {.path = "/"}));
  ASSERT_FALSE(facts);
  EXPECT_EQ(facts.error().code, Reason::kArgumentsTooLong);
  EXPECT_TRUE(CanStillAsk());
}

TEST_F(ResolverTest, KnowsAccountsAndUidsAsNssDoes) {
  std::vector<std::string> answers;
  const auto note_name = [&](Result<std::optional<std::string>> name) {
    ASSERT_TRUE(name);
    answers.push_back(*name ? **name : "none");
  };
  const auto note_uid = [&](Result<std::optional<uint32_t>> uid) {
    ASSERT_TRUE(uid);
    answers.push_back(*uid ? std::to_string(**uid) : "none");
  };
  const auto ask = [&](auto question) {
    const size_t before = answers.size();
    question();
    ASSERT_TRUE(RunUntil([&] { return answers.size() > before; }));
  };
  ask([&] { resolver_->FindAccount(0, note_name); });
  ask([&] { resolver_->FindAccount(3'999'999'999, note_name); });
  ask([&] { resolver_->FindUid("daemon", note_uid); });
  ask([&] { resolver_->FindUid("no-such-account\xff", note_uid); });
  EXPECT_THAT(answers, ElementsAre("root", "none", "1", "none"));
}

TEST_F(ResolverTest, LosesOneQuestionToAHungHelperAndReplacesIt) {
  ASSERT_TRUE(CanStillAsk());
  const std::vector<pid_t> before = ChildrenOf(parent_);
  ASSERT_THAT(before, SizeIs(1));
  ASSERT_EQ(kill(before[0], SIGSTOP), 0);

  const auto asked = steady_clock::now();
  std::optional<Facts> hung;
  resolver_->Resolve(root_.get(), root_.get(), {{.path = "/etc"}},
                     [&](Facts facts) { hung = std::move(facts); });
  ASSERT_TRUE(loop_->RunOnce(Millis{0}));
  EXPECT_TRUE(CanStillAsk()) << "the next question waits for the hung one";
  EXPECT_FALSE(hung);

  ASSERT_TRUE(RunUntil([&] { return hung.has_value(); }));
  EXPECT_LT(steady_clock::now() - asked, Millis{10000});
  ASSERT_FALSE(*hung);
  EXPECT_EQ(hung->error().code, Reason::kTooLate);
  EXPECT_EQ(hung->error().what,
            "the file system or the directory of accounts did not answer within 1000 ms");
  EXPECT_TRUE(RunUntil([&] { return !IsRunning(before[0]); })) << "the hung helper lives on";
  EXPECT_TRUE(CanStillAsk());
}

TEST_F(ResolverTest, AnswersEveryQuestionWhenAllHelpersHang) {
  constexpr int kQuestions = 20;
  resolver_.reset();
  ASSERT_EQ(waitpid(parent_, nullptr, 0), parent_);
  auto helpers = ForkResolverHelpers();
  ASSERT_TRUE(helpers);
  Start(*std::move(helpers), Millis{300});
  parent_ = ChildrenOf(getpid()).at(0);
  // Stopped before it can fork: every helper is missing.
  ASSERT_EQ(kill(parent_, SIGSTOP), 0);
  int failed = 0;
  for (int i = 0; i < kQuestions; ++i) {
    resolver_->Resolve(root_.get(), root_.get(), {{.path = "/etc"}}, [&](Facts facts) {
      ASSERT_FALSE(facts);
      EXPECT_EQ(facts.error().code, Reason::kTooLate);
      ++failed;
    });
  }
  EXPECT_TRUE(RunUntil([&] { return failed == kQuestions; }, Millis{2000}));
  ASSERT_EQ(kill(parent_, SIGCONT), 0);
  EXPECT_TRUE(CanStillAsk());
}

TEST_F(ResolverTest, FailsTheQuestionOfAHelperThatDies) {
  ASSERT_TRUE(CanStillAsk());
  const std::vector<pid_t> before = ChildrenOf(parent_);
  ASSERT_THAT(before, SizeIs(1));
  ASSERT_EQ(kill(before[0], SIGSTOP), 0);
  std::optional<Facts> answer;
  resolver_->Resolve(root_.get(), root_.get(), {{.path = "/etc"}},
                     [&](Facts facts) { answer = std::move(facts); });
  ASSERT_TRUE(loop_->RunOnce(Millis{0}));
  ASSERT_EQ(kill(before[0], SIGKILL), 0);
  ASSERT_TRUE(RunUntil([&] { return answer.has_value(); }, Millis{900}));
  ASSERT_FALSE(*answer);
  EXPECT_EQ(answer->error().code, Reason::kInternal);
  EXPECT_TRUE(CanStillAsk());
}

TEST_F(ResolverTest, RefusesMoreQuestionsThanItCanHold) {
  constexpr int kQuestions = 300;
  int answered = 0;
  int too_many = 0;
  for (int i = 0; i < kQuestions; ++i) {
    resolver_->FindAccount(0, [&](Result<std::optional<std::string>> name) {
      ++answered;
      if (!name && name.error().code == Reason::kTooMany) ++too_many;
    });
  }
  EXPECT_TRUE(RunUntil([&] { return answered == kQuestions; }));
  EXPECT_EQ(too_many, kQuestions - 256);
}

// IPC-10: any user can ask who he is, as often as he likes, of a directory that does not answer.
TEST_F(ResolverTest, LetsNoQuestionsAboutAccountsHoldUpAPath) {
  int answered = 0;
  const auto ask_names = [&](int count) {
    for (int i = 0; i < count; ++i) {
      resolver_->FindAccount(0, [&](Result<std::optional<std::string>>) { ++answered; });
    }
  };
  ask_names(20);
  ASSERT_TRUE(RunUntil([&] { return answered == 20; }));
  const std::vector<pid_t> helpers = ChildrenOf(parent_);
  for (const pid_t helper : helpers) ASSERT_EQ(kill(helper, SIGSTOP), 0);
  ask_names(20);
  ASSERT_TRUE(loop_->RunOnce(Millis{0}));  // handed out, as far as names may be
  EXPECT_TRUE(CanStillAsk());
  EXPECT_EQ(answered, 20) << "control: the accounts are still waited for";
  for (const pid_t helper : helpers) static_cast<void>(kill(helper, SIGCONT));
  EXPECT_TRUE(RunUntil([&] { return answered == 40; }));
}

TEST_F(ResolverTest, MayBeEndedFromItsOwnCallback) {
  bool called = false;
  resolver_->FindAccount(0, [&](Result<std::optional<std::string>>) {
    called = true;
    resolver_.reset();
  });
  ASSERT_TRUE(RunUntil([&] { return called; }));
  EXPECT_TRUE(loop_->RunOnce(Millis{10}));
}

TEST_F(ResolverTest, SaysWhenTheHelpersParentIsGone) {
  ASSERT_TRUE(CanStillAsk());
  const std::vector<pid_t> helpers = ChildrenOf(parent_);
  ASSERT_EQ(kill(parent_, SIGKILL), 0);
  EXPECT_TRUE(RunUntil([&] { return lost_; }));
  for (const pid_t helper : helpers) {
    EXPECT_TRUE(RunUntil([&] { return !IsRunning(helper); })) << "a helper outlives its parent";
  }
}

/// What an agent does: sets up signals, opens things, then is killed.
[[noreturn]] void RunAgent(const std::string& report) {
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  sigprocmask(SIG_BLOCK, &blocked, nullptr);
  const platform::Fd secret(open("/etc/passwd", O_RDONLY));
  auto helpers = ForkResolverHelpers();
  auto loop = platform::EventLoop::Make();
  auto resolver = Resolver::Make(*loop, *std::move(helpers), [] {});
  bool done = false;
  (*resolver)->FindAccount(0, [&](Result<std::optional<std::string>>) { done = true; });
  while (!done) static_cast<void>(loop->RunOnce(Millis{20}));
  const pid_t parent = ChildrenOf(getpid()).at(0);
  const pid_t helper = ChildrenOf(parent).at(0);
  std::ofstream(report + ".tmp") << parent << " " << helper << "\n";
  std::filesystem::rename(report + ".tmp", report);
  while (true) pause();
}

TEST_F(ResolverTest, GivesHelpersNothingButTheirSocketAndEndsThemWithTheAgent) {
  const std::string report = top_ + "/report";
  const pid_t agent = fork();
  if (agent == 0) RunAgent(report);
  ASSERT_TRUE(RunUntil([&] { return std::filesystem::exists(report); }));
  pid_t parent = 0;
  pid_t helper = 0;
  std::ifstream(report) >> parent >> helper;
  const std::string fds = "/proc/" + std::to_string(helper) + "/fd";
  const auto open_fds = platform::ListDirectory(fds);
  ASSERT_TRUE(open_fds);
  EXPECT_THAT(*open_fds, SizeIs(4)) << "standard streams and the socket";
  for (const char* mask : {"SigBlk", "SigIgn", "SigCgt"}) {
    EXPECT_EQ(Signals(helper, mask), 0) << mask;
  }
  ASSERT_EQ(kill(helper, SIGSTOP), 0);  // even a hung one
  ASSERT_EQ(kill(agent, SIGKILL), 0);
  ASSERT_EQ(waitpid(agent, nullptr, 0), agent);
  EXPECT_TRUE(RunUntil([&] { return !IsRunning(helper) && !IsRunning(parent); }));
}

}  // namespace
}  // namespace daypass::agent
