// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Real programs: what they get, what they leave, and that they end.
#include "platform/subprocess.h"

#include <fcntl.h>
#include <gmock/gmock.h>

#include <chrono>

#include "platform/fd.h"
#include "platform/file.h"
#include "platform_fixture.h"

namespace daypass::platform {
namespace {

using core::Millis;
using core::Reason;
using testing::HasSubstr;

TEST(RunProgram, CapturesOutputErrorsAndExitCode) {
  const auto end = RunProgram({.argv = {"/bin/sh", "-c", "echo out; echo err >&2; exit 3"}});
  ASSERT_TRUE(end) << end.error().what;
  EXPECT_EQ(end->output, "out\n");
  EXPECT_EQ(end->errors, "err\n");
  EXPECT_EQ(end->exit_code, 3);
  EXPECT_EQ(end->signal, 0);
}

TEST(RunProgram, PassesArgumentsAsTheyAre) {
  const auto end = RunProgram({.argv = {"printf", "%s|", "a b", "$(id)", "'", ""}});
  ASSERT_TRUE(end);
  EXPECT_EQ(end->output, "a b|$(id)|'||");
}

TEST(RunProgram, FeedsLargeInputToProgramsThatReadItAndToThoseThatDoNot) {
  const std::string large(1'000'000, 'x');
  const auto copy = RunProgram({.argv = {"cat"}, .input = large});
  ASSERT_TRUE(copy);
  EXPECT_EQ(copy->output, large);
  const auto deaf = RunProgram({.argv = {"true"}, .input = large});
  ASSERT_TRUE(deaf);
  EXPECT_EQ(deaf->exit_code, 0);
}

TEST(RunProgram, GivesAnEmptyInputRatherThanOurs) {
  const auto end = RunProgram({.argv = {"cat"}});
  ASSERT_TRUE(end);
  EXPECT_EQ(end->output, "");
}

TEST(RunProgram, TellsWhichSignalEndedIt) {
  const auto end = RunProgram({.argv = {"/bin/sh", "-c", "kill -9 $$"}});
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_code, -1);
  EXPECT_EQ(end->signal, SIGKILL);
}

TEST(RunProgram, GivesExactlyTheEnvironmentThatIsNamed) {
  const auto clean = RunProgram({.argv = {"env"}, .environment = std::vector<std::string>{"A=1"}});
  ASSERT_TRUE(clean);
  EXPECT_EQ(clean->output, "A=1\n");
  const auto ours = RunProgram({.argv = {"env"}});
  EXPECT_THAT(ours->output, HasSubstr("PATH="));
}

TEST(RunProgram, LeavesNoDescriptorOfOursOpen) {
  const Fd secret(open("/dev/null", O_RDONLY | O_CLOEXEC));
  const Fd forgotten(open("/dev/null", O_RDONLY));  // NOLINT(android-cloexec-open): on purpose
  const auto end = RunProgram({.argv = {"ls", "/proc/self/fd"}});
  ASSERT_TRUE(end);
  EXPECT_EQ(end->output, "0\n1\n2\n3\n");  // 3 is the folder that ls reads
}

TEST(RunProgram, KillsAtTheDeadline) {
  const auto begin = std::chrono::steady_clock::now();
  const auto late = RunProgram({.argv = {"sleep", "60"}, .deadline = Deadline::After(Millis{50})});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, Reason::kTooLate);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);  // reaped: there is no child any more
}

TEST(RunProgram, KillsWhoPrintsTooMuch) {
  for (const char* where : {"yes", "yes >&2"}) {
    const auto loud = RunProgram({.argv = {"/bin/sh", "-c", where}, .max_output_bytes = 10'000});
    ASSERT_FALSE(loud);
    EXPECT_EQ(loud.error().code, Reason::kTooLarge);
  }
}

TEST(RunProgram, DoesNotWaitForAGrandchildThatHoldsThePipes) {
  const auto begin = std::chrono::steady_clock::now();
  const auto end = RunProgram({.argv = {"/bin/sh", "-c", "sleep 20 & echo $!"}});
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
  ASSERT_TRUE(end);
  ASSERT_GT(std::stoi(end->output), 1);
  kill(std::stoi(end->output), SIGKILL);
}

TEST(RunProgram, SaysThatAProgramIsMissing) {
  const auto missing = RunProgram({.argv = {"no-such-program"}});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().what, "start no-such-program: No such file or directory");
  EXPECT_FALSE(RunProgram({}));
}

TEST(RunProgram, SignsWithTheRealSshKeygen) {
  const TempDir folder;
  const auto made =
      RunProgram({.argv = {"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / "key"}});
  ASSERT_TRUE(made) << made.error().what;
  ASSERT_EQ(made->exit_code, 0) << made->errors;
  const auto signature =
      RunProgram({.argv = {"ssh-keygen", "-Y", "sign", "-n", "grant@daypass", "-f", folder / "key"},
                  .input = "statement"});
  ASSERT_TRUE(signature);
  EXPECT_EQ(signature->exit_code, 0) << signature->errors;
  EXPECT_THAT(signature->output, HasSubstr("BEGIN SSH SIGNATURE"));
}

}  // namespace
}  // namespace daypass::platform
