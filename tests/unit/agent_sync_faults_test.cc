// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The courier when server or decider are away, slow, or out of their minds.
#include <gmock/gmock.h>

#include "agent_sync_fixture.h"

namespace daypass::agent {
namespace {

using core::Millis;
using core::Reason;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

// Names of their own: gtest wants one fixture a file.
class CourierFaultTest : public CourierTest {};

wire::ObjectBuilder ErrorBody(const std::string& name) {
  wire::ObjectBuilder body;
  body.String("error", name).String("message", "the server says " + name);
  return body;
}

// SV-04
TEST_F(CourierFaultTest, KeepsWhatItHasWhateverTheServerAnswers) {
  for (const int status : {500, 502, 503, 204, 301, 304}) {
    server_.Reset();
    decider_.puts.clear();
    lines_.clear();
    server_.Route("*", status, wire::ObjectBuilder(),
                  {{"Location", config_.server + "/elsewhere"}});
    Start();
    RunUntil([&] { return server_.All().size() >= 4; });  // each kind of question, and once more
    EXPECT_THAT(decider_.puts, IsEmpty()) << status;
    EXPECT_EQ(server_.Count("/elsewhere"), 0U) << status << " was followed";
    EXPECT_THAT(lines_,
                ElementsAre(StartsWith("server: the server answered " + std::to_string(status))));
    server_.Reset();
    server_.Route("POST /v1/host/status", 200,
                  wire::ObjectBuilder().String("envelope", StatusEnvelope(5)));
    RunUntil([&] { return CountPuts("status") > 0; });
    EXPECT_THAT(lines_, Contains("server: works again")) << status;
    courier_.reset();
  }
}

// SV-04
TEST_F(CourierFaultTest, BacksOffFromAServerThatIsInTrouble) {
  server_.Reset();
  server_.Route("*", 500, wire::ObjectBuilder());
  Start();
  RunFor(Millis{3000});
  // Long-poll, status, grants, requests: each at once, after 0.5 to 1 s, and after 1 to 2 s more.
  // Without rest there would be hundreds.
  const size_t asked = server_.All().size();
  EXPECT_GE(asked, 6U);
  EXPECT_LE(asked, 16U);
  EXPECT_THAT(lines_, ElementsAre(StartsWith("server: the server answered 500; trying again")));
}

// SV-04
TEST_F(CourierFaultTest, LeavesAServerAloneForAsLongAsItAsks) {
  server_.Reset();
  server_.Route("*", 429, ErrorBody("too_many"), {{"Retry-After", "2"}});
  Start();
  RunUntil([&] { return !server_.All().empty(); });
  RunFor(Millis{200});
  const size_t asked = server_.All().size();
  EXPECT_LE(asked, 2U);  // the long-poll and the status went together
  RunFor(Millis{1700});
  EXPECT_EQ(server_.All().size(), asked);
  RunUntil([&] { return server_.All().size() > asked; });
  EXPECT_THAT(lines_, ElementsAre(StartsWith("server: the server says too_many; trying again")));
}

TEST_F(CourierFaultTest, IsNotPutToSleepByAPauseThatIsNone) {
  for (const char* pause : {"99999999999999999999", "-5", "soon", "1e9"}) {
    server_.Reset();
    server_.Route("*", 503, wire::ObjectBuilder(), {{"Retry-After", pause}});
    Start();
    RunUntil([&] { return server_.All().size() >= 4; });
    courier_.reset();
  }
}

TEST_F(CourierFaultTest, HandsNothingInThatIsNoAnswerOfOurs) {
  for (const char* key : {"envelop", "envelope_b64", "status"}) {
    server_.Route("POST /v1/host/status", 200, wire::ObjectBuilder().String(key, "x"));
    decider_.puts.clear();
    Start();
    RunUntil([&] { return server_.Count("/v1/host/status") > 0; });
    RunFor(Millis{200});
    EXPECT_EQ(CountPuts("status"), 0U) << key;
    courier_.reset();
  }
}

// SV-14: with what a courier is told by nobody. A change is heard of at the latest then.
TEST(CourierOptions, GiveUpADeadLongPollWithinFortySeconds) {
  const CourierOptions usual;
  EXPECT_LE(usual.poll_wait + usual.poll_silence + Backoff{}.Next(UINT64_MAX), Millis{40'000});
}

// SV-14: a line that died without saying so.
TEST_F(CourierFaultTest, GivesUpADeadLongPollAndHearsOfTheNextChange) {
  options_.poll_wait = core::Seconds{1};
  options_.poll_silence = Millis{1000};
  server_.SetChanges("hang");
  StartAndSettle();
  const size_t polls = server_.Count("/v1/host/changes");
  ASSERT_EQ(polls, 1U);
  const Millis took = RunUntil([&] { return server_.Count("/v1/host/changes") > polls; });
  EXPECT_GT(took, Millis{1000});
  EXPECT_LT(took, Millis{15000});  // wait, silence, and the first rest
  server_.SetChanges("answer");
  OfferGrants(2, {GrantEnvelope("after", 5)});
  RunUntil([&] { return CountPuts("grant") == 1; });
  // No connection from before the silence is trusted any more.
  const auto polled = server_.All("/v1/host/changes");
  const auto before = polled.front().ms;
  std::set<int64_t> old;
  for (const auto& seen : server_.All()) {
    if (seen.ms <= before + 500) old.insert(seen.port);
  }
  EXPECT_FALSE(old.contains(server_.All("/v1/host/grants").back().port));
  EXPECT_THAT(lines_[0], HasSubstr("timed out"));
}

TEST_F(CourierFaultTest, DoesNotSpinWithAServerThatAnswersAtOnce) {
  server_.SetChanges("spin");
  StartAndSettle();
  RunFor(Millis{1500});
  const size_t polls = server_.Count("/v1/host/changes");
  EXPECT_GE(polls, 7U);
  EXPECT_LE(polls, 9U);  // six at once, then one a second
}

TEST_F(CourierFaultTest, AsksTenTimesASecondAtMostOnABusyDay) {
  server_.SetChanges("news");
  StartAndSettle();
  const size_t before = server_.Count("/v1/host/changes");
  RunFor(Millis{1000});
  const size_t polls = server_.Count("/v1/host/changes") - before;
  EXPECT_GE(polls, 3U) << "a second of rest after each would be one";
  EXPECT_LE(polls, 15U);
}

// SV-06
TEST_F(CourierFaultTest, TellsAServerNothingWhoseCertificateIsNotTheAuthoritys) {
  config_.ca_file = server_.folder / "client.pem";  // another one
  Start();
  RunUntil([&] { return !lines_.empty(); });
  RunFor(Millis{1000});
  EXPECT_THAT(lines_, ElementsAre(HasSubstr("certificate")));
  EXPECT_THAT(server_.All(), IsEmpty());
  EXPECT_THAT(decider_.puts, IsEmpty());
}

TEST_F(CourierFaultTest, SaysOnceThatTheServerIsAwayAndLeavesTheDeciderInPeace) {
  config_.server = "https://localhost:1";
  Start();
  RunFor(Millis{2000});
  ASSERT_EQ(lines_.size(), 1U);
  EXPECT_THAT(lines_[0], HasSubstr("server: "));
  EXPECT_THAT(lines_[0], HasSubstr("what this host holds goes on working"));
  EXPECT_LE(decider_.questions, 12);
}

TEST_F(CourierFaultTest, FindsADeciderAgainThatRestartsAndCarriesEverythingAnew) {
  OfferGrants(1, {GrantEnvelope("one", 5)});
  StartAndSettle();
  ASSERT_EQ(CountPuts("grant"), 1U);
  decider_.Die();
  RunFor(Millis{1200});
  EXPECT_THAT(lines_,
              ElementsAre(StartsWith("decider: daypassd closed the connection; asking again")));
  decider_.puts.clear();
  decider_.Listen();
  RunUntil([&] { return CountPuts("grant") == 1; });
  EXPECT_THAT(decider_.TypesPut(), ElementsAre("status", "grant"));
  EXPECT_EQ(lines_.back(), "decider: works again");
}

TEST_F(CourierFaultTest, WaitsForADeciderThatIsNotThereYet) {
  decider_.Die();
  Start();
  RunFor(Millis{700});
  EXPECT_EQ(server_.Count("/v1/host/status"), 0U);
  EXPECT_EQ(lines_.size(), 1U);
  decider_.Listen();
  RunUntil([&] { return CountPuts("status") == 1; });
}

TEST_F(CourierFaultTest, GivesUpADeciderThatDoesNotAnswer) {
  options_.answer_within = Millis{400};
  StartAndSettle();
  const int connections = decider_.connections;
  decider_.is_mute = true;
  server_.SetCursor(2);
  RunUntil([&] { return !lines_.empty(); });
  EXPECT_THAT(lines_[0], StartsWith("decider: daypassd does not answer"));
  decider_.is_mute = false;
  decider_.puts.clear();
  RunUntil([&] { return CountPuts("status") > 0; });
  EXPECT_GT(decider_.connections, connections);
}

// IPC-04, from the courier's side: it talks to nobody else's socket.
TEST_F(CourierFaultTest, TalksOnlyToTheSocketOfItsOwner) {
  options_.socket_owner = geteuid() + 1;
  Start();
  RunFor(Millis{300});
  EXPECT_EQ(decider_.questions, 0);
  ASSERT_EQ(lines_.size(), 1U);
  EXPECT_THAT(lines_[0], StartsWith("decider: "));
}

}  // namespace
}  // namespace daypass::agent
