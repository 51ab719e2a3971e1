// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Scenarios: that they decide as hosts do, that a wrong expectation is found, and that one which
// cannot be understood is never taken for one that passed.
#include "policy/scenario.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/builder.h"

namespace daypass::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const core::Policy& Example() {
  static const Built kBuilt = [] {
    const core::Result<Tree> tree = LoadTree(DAYPASS_EXAMPLE_POLICY);
    return *BuildPolicy(*tree, {core::FromMillis(1'800'000'000'000), {}, {}, {}});
  }();
  return kBuilt.policy;
}

struct Ran {
  core::Result<std::vector<ScenarioResult>> results;
  std::vector<Coverage::Gap> gaps;
};

/// One scenario on web-1 with these steps, each without its braces.
Ran Play(const std::vector<std::string>& steps, const std::string& more = "",
         const core::Policy& policy = Example()) {
  std::string text =
      "[[scenario]]\nname = \"x\"\nnow = 2027-03-01T10:00:00Z\n"
      "host = { name = \"web-1\" }\n" +
      more + "steps = [\n";
  for (const std::string& step : steps) text += "  { " + step + " },\n";
  Coverage coverage(policy);
  auto results = RunScenarios({"t.toml", text + "]\n"}, policy, coverage);
  return {std::move(results), coverage.Gaps()};
}

/// What went wrong: "expected, got" of each failure.
std::vector<std::string> Failures(const Ran& ran) {
  if (!ran.results) return {ran.results.error().what};
  std::vector<std::string> found;
  for (const Failure& failure : ran.results->at(0).failures) {
    found.push_back(failure.expected + ", " + failure.got);
  }
  return found;
}

const std::string kAsk = R"(as = "alice", ask = "web-operator", for = "20m")";
const std::string kApprove = R"(approve = "bob")";

std::string AliceRuns(const std::string& words, const std::string& expect,
                      const std::string& more = "") {
  return R"(as = "alice", run = [)" + words + R"(], expect = ")" + expect + "\"" + more;
}
const std::string kNginx = R"("/usr/bin/systemctl", "restart", "nginx")";
const std::string kSshd = R"("/usr/bin/systemctl", "restart", "sshd")";

TEST(Scenario, DecidesAsAHostDoes) {
  EXPECT_THAT(
      Failures(
          Play({AliceRuns(kNginx, "no_grant"), kAsk, AliceRuns(kNginx, "approvals_missing"),
                kApprove, AliceRuns(kNginx, "allow", R"(, rule = "restart")"),
                AliceRuns(kSshd, "wrong_argument"), R"(wait = "1199s")", AliceRuns(kNginx, "allow"),
                R"(over = "web-operator", expect = "running")", R"(wait = "1s")",
                AliceRuns(kNginx, "expired"), R"(over = "web-operator", expect = "expired")"})),
      IsEmpty());
}

TEST(Scenario, FindsWhatIsNotAsExpected) {
  EXPECT_THAT(
      Failures(Play({kAsk, kApprove, AliceRuns(kNginx, "wrong_argument"), AliceRuns(kSshd, "allow"),
                     AliceRuns(kNginx, "allow", R"(, rule = "log")"),
                     R"(over = "web-operator", expect = "expired")"})),
      ElementsAre("wrong_argument, allow", "allow, wrong_argument (sshd)", "log, restart",
                  "expired, running"));
  EXPECT_THAT(
      Failures(Play({R"(as = "alice", ask = "web-operator", for = "9h")", kApprove})),
      ElementsAre(HasSubstr("allow, start_out_of_range"), HasSubstr("none (it was refused)")));
}

TEST(Scenario, TakesItForGrantedThatSudoIntercepts) {
  core::Policy policy = Example();
  for (core::Role& role : policy.roles) role.intercept = true;
  EXPECT_THAT(Failures(Play({kAsk, kApprove, AliceRuns(kNginx, "allow")}, "", policy)), IsEmpty());
}

TEST(Scenario, NamesTheStepByItsPlace) {
  const Ran ran = Play({kAsk, AliceRuns(kNginx, "allow")});
  ASSERT_TRUE(ran.results);
  const ScenarioResult& result = ran.results->at(0);
  EXPECT_EQ(result.steps, 2U);
  ASSERT_EQ(result.failures.size(), 1U);
  EXPECT_EQ(result.failures[0].place, "t.toml:7:3");
  EXPECT_EQ(result.failures[0].step, "run /usr/bin/systemctl restart nginx");
}

TEST(Scenario, KnowsEveryWayInWhichAGrantEnds) {
  const std::string works = AliceRuns(kNginx, "allow");
  const auto ends = [&](const std::string& step, const std::string& reason) {
    EXPECT_THAT(Failures(Play({kAsk, kApprove, works, step, AliceRuns(kNginx, reason)})), IsEmpty())
        << step;
  };
  ends(R"(revoke = "web-operator")", "revoked");
  ends(R"(revoke_person = "alice")", "revoked");
  ends(R"(suspend = "alice")", "suspended");
  ends(R"(suspend = "bob")", "suspended");
  ends(R"(drop = "web-operator")", "dropped");
  ends(R"(at = 2027-03-01T10:20:00Z)", "expired");
  ends(R"(host = { name = "web-2" })", "wrong_host");
}

TEST(Scenario, KnowsStartsUsesAndBeingWithoutTheServer) {
  EXPECT_THAT(Failures(Play({kAsk + R"(, start = "first_use", uses = 2)", kApprove,
                             R"(wait = "30m")", AliceRuns(kNginx, "allow"), R"(wait = "19m")",
                             AliceRuns(kNginx, "allow"), AliceRuns(kNginx, "used_up")})),
              IsEmpty());
  EXPECT_THAT(Failures(Play({kAsk + ", starts_at = 2027-03-01T12:00:00Z", kApprove,
                             AliceRuns(kNginx, "not_started"), "at = 2027-03-01T12:00:00Z",
                             AliceRuns(kNginx, "allow")})),
              IsEmpty());
  EXPECT_THAT(Failures(Play({R"(as = "alice", ask = "web-operator", for = "8h")", kApprove,
                             R"(server = "down")", R"(wait = "7h")", AliceRuns(kNginx, "allow"),
                             R"(server = "up")", AliceRuns(kNginx, "allow")})),
              IsEmpty());
}

TEST(Scenario, KnowsFilesByWhatItIsToldOfThem) {
  EXPECT_THAT(
      Failures(Play({kAsk, kApprove, AliceRuns(R"("/bin/systemctl", "restart", "nginx")", "allow"),
                     AliceRuns(R"("/opt/systemctl", "restart", "nginx")", "path_unsafe")},
                    "links = { \"/bin\" = \"/usr/bin\" }\nunsafe = [\"/opt\"]\n")),
      IsEmpty());
}

TEST(Scenario, ThatCannotBeUnderstoodIsRefusedByItsPlace) {
  const struct {
    const char* step;
    const char* says;
  } kCases[] = {
      {R"(as = "alice", run = ["/usr/bin/id"], expect = "sometimes")", "no reason"},
      {R"(as = "alice", run = ["/usr/bin/id"])", "expect is missing"},
      {R"(as = "alice", run = ["id"], expect = "allow")", "absolute path"},
      {R"(run = ["/usr/bin/id"], expect = "allow")", "as is missing"},
      {R"(over = "nobody", expect = "running")", "nothing was asked for"},
      {R"(wait = "20m", suspend = "alice")", "one thing"},
      {R"(expect = "allow")", "nothing happens"},
      {R"(server = "away")", "\"up\" or \"down\""},
      {R"(as = "alice", enter = "window", expect = "allow")", "no door"},
      {R"(wait = "20m", lunch = true)", "lunch"},
  };
  for (const auto& c : kCases) {
    const Ran ran = Play({c.step});
    ASSERT_FALSE(ran.results) << c.step;
    EXPECT_THAT(ran.results.error().what, HasSubstr("t.toml:")) << c.step;
    EXPECT_THAT(ran.results.error().what, HasSubstr(c.says)) << c.step;
  }
}

TEST(Coverage, NamesMatchersThatNeverLetThroughOrNeverRefused) {
  const auto of_restart = [](const Ran& ran) {
    std::vector<std::string> found;
    for (const Coverage::Gap& gap : ran.gaps) {
      if (gap.rule != "restart") continue;
      found.push_back(gap.matcher + (gap.was_allowed ? " +" : "") + (gap.was_denied ? " -" : ""));
    }
    return found;
  };
  EXPECT_THAT(
      of_restart(Play({kAsk, kApprove})),
      ElementsAre("argument 1, restart", "argument 2, <one of: nginx, haproxy>", "nothing more"));
  EXPECT_THAT(of_restart(Play({kAsk, kApprove, AliceRuns(kNginx, "allow"),
                               AliceRuns(kSshd, "wrong_argument")})),
              ElementsAre("argument 1, restart +", "nothing more +"));
  EXPECT_THAT(
      of_restart(Play({kAsk, kApprove, AliceRuns(kNginx + R"(, "x")", "wrong_argument")})),
      ElementsAre("argument 1, restart", "argument 2, <one of: nginx, haproxy>", "nothing more -"));
  EXPECT_THAT(
      of_restart(Play({kAsk, AliceRuns(kSshd, "approvals_missing"), kApprove,
                       AliceRuns(R"("/usr/bin/id", "x")", "wrong_command")})),
      ElementsAre("argument 1, restart", "argument 2, <one of: nginx, haproxy>", "nothing more"))
      << "what was refused for another reason says nothing of a matcher";
}

TEST(ExamplePolicy, PassesItsScenariosAndLeavesNoMatcherUntried) {
  const core::Result<Tree> tree = LoadTree(DAYPASS_EXAMPLE_POLICY);
  Coverage coverage(Example());
  size_t ran = 0;
  for (const SourceFile& file : tree->tests) {
    const auto results = RunScenarios(file, Example(), coverage);
    ASSERT_TRUE(results) << results.error().what;
    for (const ScenarioResult& result : *results) {
      ++ran;
      EXPECT_THAT(result.failures, IsEmpty()) << result.name;
    }
  }
  EXPECT_GE(ran, 3U);
  EXPECT_THAT(coverage.Gaps(), IsEmpty());
}

}  // namespace
}  // namespace daypass::policy
