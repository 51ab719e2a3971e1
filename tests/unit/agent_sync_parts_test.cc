// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The courier's small parts: waits, what is told of faults, which stage runs when, configuration.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <fstream>

#include "agent/sync/backoff.h"
#include "agent/sync/config.h"
#include "agent/sync/fault_log.h"
#include "agent/sync/host_state.h"
#include "agent/sync/schedule.h"
#include "platform/deadline.h"
#include "platform_fixture.h"
#include "wire/json_builder.h"

namespace daypass::agent {
namespace {

using core::Error;
using core::Millis;
using core::Reason;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Backoff, DoublesFromASecondToAMinuteAndStaysThere) {
  Backoff backoff;
  std::vector<int64_t> waits;
  for (int i = 0; i < 9; ++i) waits.push_back(backoff.Next(0).count());
  EXPECT_THAT(waits, ElementsAre(500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000));
}

TEST(Backoff, IsSpreadBetweenHalfAndAll) {
  for (uint64_t random : {uint64_t{0}, uint64_t{250}, uint64_t{500}, UINT64_MAX}) {
    Backoff backoff;
    for (int64_t full = 1000; full <= 32000; full *= 2) {
      const int64_t wait = backoff.Next(random).count();
      EXPECT_GE(wait, full / 2);
      EXPECT_LE(wait, full);
    }
  }
  EXPECT_EQ(Backoff{}.Next(500).count(), 1000);
}

TEST(Backoff, BeginsAnewAfterASuccess) {
  Backoff backoff;
  for (int i = 0; i < 40; ++i) (void)backoff.Next(0);
  backoff.Reset();
  EXPECT_EQ(backoff.Next(0).count(), 500);
}

class FaultLogTest : public ::testing::Test {
 protected:
  std::vector<std::string> lines_;
  Millis now_{0};
  FaultLog log_{[this](const std::string& line) { lines_.push_back(line); },
                [this] { return now_; }};
};

TEST_F(FaultLogTest, TellsAFaultOnceWhateverNumbersItsTextHolds) {
  log_.Fault("server", {Reason::kTooLate, "timed out after 10001 ms", {}}, "trying again");
  log_.Fault("server", {Reason::kTooLate, "timed out after 10002 ms", {}}, "trying again");
  EXPECT_THAT(lines_, ElementsAre("server: timed out after 10001 ms; trying again"));
  log_.Fault("server", {Reason::kPeerRefused, "wrong certificate", {}}, "trying again");
  log_.Fault("policy", {Reason::kPeerRefused, "wrong certificate", {}}, "trying again");
  EXPECT_EQ(lines_.size(), 3U);
}

TEST_F(FaultLogTest, TellsOnceThatItIsOver) {
  log_.Fine("server");
  EXPECT_TRUE(lines_.empty());
  log_.Fault("server", {Reason::kTooLate, "timed out", {}}, "trying again");
  log_.Fine("server");
  log_.Fine("server");
  EXPECT_THAT(lines_, ElementsAre("server: timed out; trying again", "server: works again"));
}

// SV-06: the cause is named once an hour while it lasts.
TEST_F(FaultLogTest, TellsALastingFaultAgainAfterAnHour) {
  const Error error{Reason::kPeerRefused, "expired", {}};
  log_.Fault("server", error, "trying again");
  now_ = std::chrono::hours{1} - Millis{1};
  log_.Fault("server", error, "trying again");
  EXPECT_EQ(lines_.size(), 1U);
  now_ += Millis{1};
  log_.Fault("server", error, "trying again");
  EXPECT_EQ(lines_.size(), 2U);
}

/// Notes when it runs; ends when the test says so.
class FakeStage : public Stage {
 public:
  FakeStage(Ends& ends, std::string name, std::vector<std::string>& ran)
      : Stage(ends), name_(std::move(name)), ran_(ran) {}
  std::string_view Name() const override { return name_; }
  void Run(Done done) override {
    ran_.push_back(name_);
    done_ = std::move(done);
  }
  void Finish(core::Result<void> result = {}) { std::exchange(done_, nullptr)(std::move(result)); }

 private:
  std::string name_;
  std::vector<std::string>& ran_;
  Done done_;
};

class ScheduleTest : public ::testing::Test {
 protected:
  void RunFor(Millis time) {
    const auto deadline = platform::Deadline::After(time);
    while (!deadline.HasPassed()) ASSERT_TRUE(loop_.RunOnce(Millis{20}));
  }
  const Error failed_{Reason::kInternal, "no", {}};

  std::vector<std::string> lines_, ran_;
  platform::EventLoop loop_ = *platform::EventLoop::Make();
  FaultLog log_{[this](const std::string& line) { lines_.push_back(line); },
                [] { return Millis{0}; }};
  std::unique_ptr<ServerLink> server_ = *ServerLink::Make(loop_, {}, log_);
  AgentLink agent_{loop_, "/nowhere", 0, Millis{1000}, log_};
  Ends ends_{agent_, *server_, {}};
  FakeStage first_{ends_, "first", ran_}, second_{ends_, "second", ran_},
      third_{ends_, "third", ran_};
  Schedule schedule_{
      loop_, *server_, log_, [] { return uint64_t{0}; }, {&first_, &second_, &third_}};
};

TEST_F(ScheduleTest, RunsOneStageAtATimeTheMostUrgentFirst) {
  schedule_.Want({&third_});
  schedule_.Want({&second_});
  schedule_.Want({&first_});
  EXPECT_THAT(ran_, ElementsAre("third"));
  third_.Finish();
  EXPECT_THAT(ran_, ElementsAre("third", "first"));
  first_.Finish();
  second_.Finish();
  EXPECT_THAT(ran_, ElementsAre("third", "first", "second"));
}

TEST_F(ScheduleTest, RunsAStageOnceMoreThatIsWantedWhileItRuns) {
  schedule_.Want({&first_});
  schedule_.Want({&first_});
  schedule_.Want({&first_});
  first_.Finish();
  EXPECT_THAT(ran_, ElementsAre("first", "first"));
  first_.Finish();
  EXPECT_THAT(ran_, ElementsAre("first", "first"));
}

TEST_F(ScheduleTest, LetsAStageRestThatFailedAndTheOthersRun) {
  schedule_.Want({&first_, &second_});
  first_.Finish(failed_);
  EXPECT_THAT(ran_, ElementsAre("first", "second"));
  second_.Finish();
  schedule_.Want({&first_});  // does not end the rest
  EXPECT_THAT(ran_, ElementsAre("first", "second"));
  RunFor(Millis{300});
  EXPECT_EQ(ran_.size(), 2U);
  RunFor(Millis{400});  // the first rest is half a second, at least
  EXPECT_THAT(ran_, ElementsAre("first", "second", "first"));
  EXPECT_THAT(lines_, ElementsAre("first: no; next try in 1 s"));
  first_.Finish();
  EXPECT_THAT(lines_, ElementsAre("first: no; next try in 1 s", "first: works again"));
}

TEST_F(ScheduleTest, EndsAllRestsOnHurry) {
  schedule_.Want({&first_, &second_});
  first_.Finish(failed_);
  second_.Finish(failed_);
  schedule_.Hurry();
  EXPECT_THAT(ran_, ElementsAre("first", "second", "first"));
  first_.Finish();
  second_.Finish(failed_);
  // The old rest's timer does not end the new one, which is longer.
  RunFor(Millis{700});
  EXPECT_THAT(ran_, ElementsAre("first", "second", "first", "second"));
  RunFor(Millis{500});
  EXPECT_EQ(ran_.size(), 5U);
}

TEST_F(ScheduleTest, LeavesToTheLinkToSayThatTheDeciderIsAway) {
  schedule_.Want({&first_});
  first_.Finish(Error{Reason::kAgentSilent, "away", {}});
  EXPECT_TRUE(lines_.empty());
}

class SyncConfigTest : public ::testing::Test {
 protected:
  SyncConfigTest() { std::filesystem::create_directories(root_ / "etc/daypass"); }
  core::Result<SyncConfig> Load(const std::string& agent,
                                const std::string& host = "[policy]\nversion = 3\n") {
    std::ofstream(root_ / "etc/daypass/agent.toml") << agent;
    std::ofstream(root_ / "etc/daypass/host.toml") << host;
    return LoadSyncConfig(platform::MakePaths(root_.path()));
  }
  std::string Why(const std::string& agent) {
    const auto config = Load(agent);
    return config ? "" : config.error().what;
  }
  platform::TempDir root_;
};

TEST_F(SyncConfigTest, HasPlacesOfItsOwnAndTakesWhatIsWritten) {
  auto config = Load("[sync]\nserver = \"https://daypass.example:8443\"\n");
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(config->server, "https://daypass.example:8443");
  EXPECT_EQ(config->proxy, "");
  EXPECT_EQ(config->ca_file, root_ / "var/lib/daypass-sync/ca.pem");
  EXPECT_EQ(config->certificate_file, root_ / "var/lib/daypass-sync/tls.pem");
  EXPECT_EQ(config->key_file, root_ / "var/lib/daypass-sync/tls.key");
  EXPECT_EQ(config->courier_socket, root_ / "run/daypass/courier.sock");
  EXPECT_EQ(config->pinned_policy, 3U);
  EXPECT_EQ(config->status_every, core::Seconds{60});
  config = Load(
      "[agent]\nstatus_every = \"10s\"\n[sync]\nserver = \"https://h/\"\n"
      "proxy = \"http://p:3128\"\nca = \"/etc/ca.pem\"\n");
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(config->server, "https://h");
  EXPECT_EQ(config->proxy, "http://p:3128");
  EXPECT_EQ(config->ca_file, "/etc/ca.pem");
  EXPECT_EQ(config->status_every, core::Seconds{10});
}

TEST_F(SyncConfigTest, NamesThePlaceOfWhatIsWrong) {
  const std::string file = root_ / "etc/daypass/agent.toml";
  EXPECT_THAT(Why(""), HasSubstr(file));
  EXPECT_THAT(Why("[sync]\n"), HasSubstr("server"));
  EXPECT_THAT(Why("[sync]\nserver = \"http://h\"\n"), HasSubstr(file + ":2:10: "));
  EXPECT_THAT(Why("[sync]\nserver = \"http://h\"\n"), HasSubstr("https://HOST"));
  for (const char* bad : {"https://", "https:///", "https://h/path", "https://h?x", "https://u@h",
                          "https://h h", "ftp://h"}) {
    EXPECT_NE(Why("[sync]\nserver = \"" + std::string(bad) + "\"\n"), "") << bad;
  }
  EXPECT_THAT(Why("[sync]\nserver = \"https://h\"\nsever = 1\n"), HasSubstr(":3:"));
  EXPECT_THAT(Why("[sync]\nserver = \"https://h\"\n[agnet]\n"), HasSubstr("agnet"));
  EXPECT_THAT(Why("[sync]\nserver = \"https://h\"\nproxy = \"socks://p\"\n"), HasSubstr("proxy"));
  EXPECT_THAT(Why("[agent]\nstatus_every = \"2h\"\n[sync]\nserver = \"https://h\"\n"),
              HasSubstr("status_every"));
  EXPECT_THAT(Why("[sync\n"), HasSubstr(file + ":1:"));
}

TEST_F(SyncConfigTest, SaysHowToEnrolWhereNothingIsThere) {
  const auto config = LoadSyncConfig(platform::MakePaths(root_ / "nowhere"));
  ASSERT_FALSE(config);
  EXPECT_THAT(config.error().what, HasSubstr("daypass host enrol"));
}

TEST_F(SyncConfigTest, WantsThePinnedPolicy) {
  EXPECT_FALSE(Load("[sync]\nserver = \"https://h\"\n", "[policy]\nversion = 0\n"));
  EXPECT_FALSE(Load("[sync]\nserver = \"https://h\"\n", "name = \"web-1\"\n"));
}

TEST(ParseHostState, WantsWhatItNeedsAndIgnoresWhatItDoesNotKnow) {
  wire::ObjectBuilder state;
  state.String("realm", std::string(32, '0')).String("host", "web-1").Int("policy_version", 4);
  EXPECT_FALSE(ParseHostState(state.Share().get()));
  state.Int("records_seq", 9).Int("records_acked", 8).Int("requests_pending", 1).Int("mood", 7);
  const auto parsed = ParseHostState(state.Share().get());
  ASSERT_TRUE(parsed) << parsed.error().what;
  EXPECT_EQ(parsed->policy_version, 4U);
  EXPECT_EQ(parsed->records_seq, 9U);
  EXPECT_EQ(parsed->records_acked, 8U);
  EXPECT_EQ(parsed->requests_pending, 1U);
  EXPECT_FALSE(parsed->status_wanted);
}

/// The lines of the fenced blocks of one kind in docs/formats/ipc.md.
std::vector<std::string> Examples(const std::string& kind) {
  std::ifstream page(DAYPASS_SOURCE_DIR "/docs/formats/ipc.md");
  std::vector<std::string> lines;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("```")) {
      inside = line.substr(3) == kind;
    } else if (inside) {
      lines.push_back(line);
    }
  }
  EXPECT_FALSE(lines.empty()) << kind;
  return lines;
}

TEST(FormatPage, HasAStateThatIsRead) {
  for (const std::string& line : Examples("courier-state")) {
    const auto reply = wire::ParseReply(line);
    ASSERT_TRUE(reply) << line;
    EXPECT_TRUE(reply->continues);
    const auto state = ParseHostState(reply->parameters.get());
    ASSERT_TRUE(state) << state.error().what;
    EXPECT_EQ(state->host, "web-1");
    EXPECT_EQ(state->policy_version, 7U);
    EXPECT_EQ(state->records_seq, 41U);
    EXPECT_EQ(state->records_acked, 40U);
  }
}

TEST(FormatPage, HasCallsAsTheyAreWritten) {
  for (const std::string& line : Examples("courier-call")) {
    const auto call = wire::ParseCall(line);
    ASSERT_TRUE(call) << line;
    const auto wants = call->more ? wire::Wants::kMore : wire::Wants::kOneReply;
    const std::string frame = wire::EncodeCall(call->method, call->parameters.get(), wants);
    EXPECT_EQ(frame.substr(0, frame.size() - 1), line);
  }
}

TEST(FormatPage, HasVerdictsThatAreRead) {
  std::vector<bool> taken;
  for (const std::string& line : Examples("courier-put")) {
    const auto reply = wire::ParseReply(line);
    ASSERT_TRUE(reply) << line;
    const auto verdict = ReadVerdict(reply->parameters);
    ASSERT_TRUE(verdict) << verdict.error().what;
    taken.push_back(verdict->is_taken);
    if (!verdict->is_taken) {
      EXPECT_EQ(verdict->reason, Reason::kKeyUnknown);
    }
  }
  EXPECT_THAT(taken, ElementsAre(true, false));
}

}  // namespace
}  // namespace daypass::agent
