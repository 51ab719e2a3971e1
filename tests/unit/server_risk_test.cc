// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// How unusual a request is: each finding alone, beside the same request without it.
#include "server/workflow/risk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace daypass::server {
namespace {

using std::chrono::hours;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr core::Instant kNow = core::FromMillis(1'800'000'000'000);  // 08:00 UTC

Requests::Past Before(hours ago, RequestState state = RequestState::kApproved) {
  return {kNow - ago, state, "web", "10.0.0.1", 1};
}

/// Somebody who asked for this role, here, from there, at this hour, on each of the last days.
RiskFacts Usual(int days = 12) {
  RiskFacts facts{kNow, "web", {"web-1"}, "10.0.0.1", {}, {"web-1"}, true};
  for (int day = 1; day <= days; ++day) facts.past.push_back(Before(hours{24 * day}));
  return facts;
}

std::vector<std::string> Why(const RiskFacts& facts) {
  return ScoreRisk(facts).why;
}

TEST(Risk, IsNothingForWhatIsUsual) {
  EXPECT_EQ(ScoreRisk(Usual()).score, 0U);
  EXPECT_THAT(Why(Usual()), IsEmpty());
}

TEST(Risk, CountsWhatIsNotKnownAsUnusual) {
  RiskFacts facts = Usual(0);
  facts.known_hosts.clear();
  facts.peers_hold_role = false;
  const Risk risk = ScoreRisk(facts);
  EXPECT_EQ(risk.score, 65U);
  EXPECT_THAT(risk.why, ElementsAre("25 first use of this role, which no peer uses either",
                                    "20 has asked for nothing in 90 days", "10 first use on web-1",
                                    "10 asks from a new place, 10.0.0.1"));
}

TEST(Risk, IsLessWherePeersUseTheRole) {
  RiskFacts facts = Usual();
  facts.role = "db";
  EXPECT_THAT(Why(facts), ElementsAre("10 first use of this role, which peers use"));
  facts.peers_hold_role = false;
  EXPECT_THAT(Why(facts), ElementsAre(HasSubstr("25 first use")));
}

TEST(Risk, DoesNotTakeAskingForARoleAsHavingHadIt) {
  RiskFacts facts = Usual();
  for (Requests::Past& past : facts.past) past.state = RequestState::kExpired;
  EXPECT_THAT(Why(facts), ElementsAre(HasSubstr("first use of this role")));
}

TEST(Risk, SeesAnAccountThatSlept) {
  RiskFacts facts = Usual(1);
  facts.past[0].created = kNow - hours{30 * 24 - 1};
  EXPECT_THAT(Why(facts), IsEmpty());
  facts.past[0].created = kNow - hours{30 * 24};
  EXPECT_THAT(Why(facts), ElementsAre("15 last asked more than 30 days ago"));
}

TEST(Risk, SeesAnHourAtWhichNobodyAsked) {
  RiskFacts facts = Usual();
  facts.now = kNow + hours{2};
  EXPECT_THAT(Why(facts), IsEmpty());
  facts.now = kNow + hours{15};  // 23:00; nine hours apart, across midnight
  EXPECT_THAT(Why(facts), ElementsAre("15 seldom asks at this hour"));
  facts.past.resize(9);
  EXPECT_THAT(Why(facts), IsEmpty()) << "nine tell nothing of somebody's hours";
}

TEST(Risk, SeesFarMoreHostsThanUsual) {
  RiskFacts facts = Usual();
  const auto ask_for = [&](int count) {
    facts.hosts.clear();
    facts.known_hosts.clear();
    for (int i = 0; i < count; ++i) {
      facts.hosts.push_back("web-" + std::to_string(i));
      facts.known_hosts.insert(facts.hosts.back());
    }
    return Why(facts);
  };
  EXPECT_THAT(ask_for(5), IsEmpty());
  EXPECT_THAT(ask_for(6), ElementsAre("20 6 hosts at once, at most 1 before"));
  facts.past[3].host_count = 2;
  EXPECT_THAT(ask_for(6), IsEmpty());
  EXPECT_THAT(ask_for(7), ElementsAre("20 7 hosts at once, at most 2 before"));
}

TEST(Risk, NamesOneOfTheNewHosts) {
  RiskFacts facts = Usual();
  facts.hosts = {"web-1", "web-2", "web-3"};
  EXPECT_THAT(Why(facts), ElementsAre("10 first use on web-2 and 1 more"));
}

TEST(Risk, SeesABusyDay) {
  RiskFacts facts = Usual();
  for (int i = 0; i < 9; ++i) facts.past.insert(facts.past.begin(), Before(hours{1}));
  EXPECT_THAT(Why(facts), IsEmpty());
  facts.past.insert(facts.past.begin(), Before(hours{1}));
  EXPECT_THAT(Why(facts), ElementsAre("15 10 requests in the last 24 hours"));
}

TEST(Risk, RemembersDenialsForAWeek) {
  RiskFacts facts = Usual();
  facts.past[6] = Before(hours{7 * 24}, RequestState::kDenied);
  EXPECT_THAT(Why(facts), IsEmpty());
  for (size_t i = 0; i < 5; ++i) facts.past[i].state = RequestState::kDenied;
  EXPECT_THAT(Why(facts), ElementsAre("30 denied 5 times in the last seven days"));
}

TEST(Risk, SeesANewPlace) {
  RiskFacts facts = Usual();
  facts.asked_from = "host web-9";
  EXPECT_THAT(Why(facts), ElementsAre("10 asks from a new place, host web-9"));
}

TEST(Risk, IsAHundredAtMost) {
  RiskFacts facts = Usual(1);
  facts = {kNow, "root", {"a", "b", "c", "d", "e", "f"}, "10.9.9.9", facts.past, {}, false};
  facts.past.clear();
  for (int i = 0; i < 12; ++i) facts.past.push_back(Before(hours{11}, RequestState::kDenied));
  const Risk risk = ScoreRisk(facts);
  EXPECT_EQ(risk.score, 100U);
  EXPECT_EQ(risk.why.size(), 7U) << "all is told, though it is more than a hundred";
}

}  // namespace
}  // namespace daypass::server
