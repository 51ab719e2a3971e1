// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What a role lets the server ask for besides, and the automatic approver. Through the API, with
// real signatures; hosts judge what comes out by core::JudgeApprovals alone.
#include "core/authority.h"
#include "server_fixture.h"
#include "wire/digest.h"
#include "wire/open.h"

namespace daypass::server {
namespace {

using std::chrono::hours;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kAutomatic =
    R"("automatic":{"subjects":{"groups":["dev"]},"hosts":{"all":{"tier":"web"}},)"
    R"("max_duration_s":1800,"per_day":2},)";

class ConditionsTest : public ServerTest {
 protected:
  /// The usual policy, where these members are put into the role "web-operator".
  void Begin(const std::string& members) {
    PushPolicy(1, {{R"("automatic_keys":[])", R"("automatic_keys":[")" + AutomaticLine() + R"("])"},
                   {R"("administrators":)", R"("zones":{"UTC":"UTC0"},"administrators":)"},
                   {R"("description":"Run the web servers",)",
                    R"("description":"Run the web servers",)" + members}});
    Enrol("web-1");
    Enrol("web-2");
  }
  void BeginAutomatic(const std::string& more = "") { Begin(kAutomatic + more); }
  std::string AutomaticLine() const { return context_->automatic_key.public_key().line; }

  core::Statement Brief() {
    core::Statement statement = Statement();
    statement.duration = core::Seconds{1200};
    statement.created = now_;
    statement.start_by = now_ + hours{1};
    statement.reason += " " + std::to_string(++asked_);  // one more, not the same again
    return statement;
  }
  Outcome State(const std::string& id) { return Get("/v1/requests/" + id, "bob"); }

  /// What a host would say of it: the grant as it is handed out, judged by the policy alone.
  core::ApprovalJudgement AsAHost(const std::string& id) {
    auto grant = wire::OpenGrant(Get("/v1/grants/" + id, "bob").Text("envelope"));
    if (!grant) return {};
    return core::JudgeApprovals(policy_, *core::FindRole(policy_, "web-operator"), grant->document,
                                wire::ToApprovals(grant->signatures), {}, {now_, now_});
  }

  int asked_ = 0;
};

TEST_F(ConditionsTest, AutomaticApproverSaysYesAtOnceAndHostsAgree) {
  BeginAutomatic();
  http_.woken.clear();
  const std::string id = Asked(Brief());
  EXPECT_EQ(State(id).Text("state"), "approved") << State(id).body;
  EXPECT_THAT(State(id).Texts("approvals", "person"), ElementsAre(""));
  EXPECT_THAT(http_.woken, ElementsAre("web-1"));
  EXPECT_TRUE(AsAHost(id).enough);
  EXPECT_TRUE(AsAHost(id).automatic);
  EXPECT_THAT(AsAHost(id).counted, IsEmpty()) << "it is no person";
}

TEST_F(ConditionsTest, AutomaticApproverSaysWhyNot) {
  BeginAutomatic();
  core::Statement statement = Brief();
  statement.duration = core::Seconds{1801};
  std::string id = Asked(statement);
  EXPECT_EQ(State(id).Text("state"), "pending");
  EXPECT_EQ(State(id).Text("not_automatic"), "longer than 30m");
  EXPECT_EQ(Approve(id, "bob").Text("state"), "approved") << "a person still may";

  statement = Brief();
  statement.subject = statement.requester = "carol";
  ASSERT_EQ(Submit(statement, "carol").status, 200);
  EXPECT_EQ(State(core::ShortId(wire::Sha256Hex(Encode(statement)))).Text("not_automatic"),
            "not for carol");

  Asked(Brief());
  Asked(Brief());
  id = Asked(Brief());
  EXPECT_EQ(State(id).Text("not_automatic"), "already 2 in 24 hours on web-1");
  now_ += hours{25};
  tokens_.clear();
  EXPECT_EQ(State(Asked(Brief())).Text("state"), "approved") << "another day";
}

TEST_F(ConditionsTest, AutomaticApproverKeepsToItsHosts) {
  Begin(R"("automatic":{"subjects":{"groups":["dev"]},"hosts":{"names":["web-2"]},)"
        R"("max_duration_s":1800,"per_day":2},)");
  EXPECT_EQ(State(Asked(Brief())).Text("not_automatic"), "not on web-1");
  core::Statement statement = Brief();
  statement.hosts = {"web-2"};
  EXPECT_EQ(State(Asked(statement)).Text("state"), "approved");
}

TEST_F(ConditionsTest, AutomaticApproverIsTheOneThatThePolicyNames) {
  const std::string other = wire::PrivateKey::Generate().public_key().line;
  PushPolicy(1, {{R"("automatic_keys":[])", R"("automatic_keys":[")" + other + R"("])"},
                 {R"("description":"Run the web servers",)",
                  R"("description":"Run the web servers",)" + std::string(kAutomatic)}});
  Enrol("web-1");
  EXPECT_EQ(State(Asked(Brief())).Text("not_automatic"),
            "the policy names no automatic key of this server");
}

TEST_F(ConditionsTest, TicketIsAskedFor) {
  Begin(R"("server":{"ticket":"OPS-[0-9]+"},)");
  const Outcome without = Submit(Brief());
  EXPECT_EQ(server::Short(without), "400 malformed");
  EXPECT_EQ(without.Text("field"), "/statement/ticket");
  core::Statement statement = Brief();
  statement.ticket = "see OPS-12";
  EXPECT_EQ(Submit(statement).status, 400) << "all of it must match";
  statement.ticket = "OPS-12";
  EXPECT_EQ(Submit(statement).status, 200);
}

TEST_F(ConditionsTest, QuotaCountsOnePersonsRequestsOfADay) {  // RX-05
  Begin(R"("server":{"per_day":2},)");
  EXPECT_EQ(Submit(Brief()).status, 200);
  EXPECT_EQ(Submit(Brief()).status, 200);
  EXPECT_EQ(server::Short(Submit(Brief())), "429 too_many");
  core::Statement statement = Brief();
  statement.subject = statement.requester = "carol";
  EXPECT_EQ(Submit(statement, "carol").status, 200) << "another person";
  now_ += hours{24};
  tokens_.clear();
  EXPECT_EQ(Submit(Brief()).status, 200);
}

// kStart is a Friday, 08:00 UTC.
TEST_F(ConditionsTest, ApprovalsHaveTheirHours) {
  Begin(R"("server":{"hours":[{"days":["fri"],"from":"09:00","to":"17:00","zone":"UTC"}]},)");
  const std::string id = Asked(Brief());
  const Outcome early = Approve(id, "bob");
  EXPECT_EQ(early.error(), "outside_hours") << early.body;
  EXPECT_THAT(early.Text("message"), HasSubstr("open 2027-01-15 09:00"));
  EXPECT_EQ(State(id).Text("state"), "pending");
  now_ += std::chrono::minutes{59};
  EXPECT_NE(Approve(id, "bob").Text("state"), "approved");
  const std::string later = Asked(Brief());
  now_ += std::chrono::minutes{1};
  EXPECT_EQ(Approve(later, "bob").Text("state"), "approved");
}

TEST_F(ConditionsTest, AutomaticApproverKeepsTheHoursToo) {
  BeginAutomatic(
      R"("server":{"hours":[{"days":["fri"],"from":"09:00","to":"17:00","zone":"UTC"}]},)");
  EXPECT_THAT(State(Asked(Brief())).Text("not_automatic"), HasSubstr("outside the hours"));
  now_ += hours{1};
  EXPECT_EQ(State(Asked(Brief())).Text("state"), "approved");
}

TEST_F(ConditionsTest, StagesComeOneAfterAnother) {
  const std::string two = R"([{"count":1,"groups":["sre"],"keys":"any"},)"
                          R"({"count":1,"groups":["admins"],"keys":"any"}])";
  PushPolicy(1, {{R"("description":"Run the web servers",)",
                  R"("description":"Run the web servers","server":{"stages":true},)"},
                 {R"([{"count":1,"groups":["sre"],"keys":"any"}])", two},
                 {R"("KEY-dave","uses":[)", R"("KEY-dave","uses":["approve",)"}});
  Enrol("web-1");
  const std::string id = Asked(Brief());
  const Outcome early = Approve(id, "dave");
  EXPECT_EQ(early.error(), "approvals_missing") << early.body;
  EXPECT_THAT(early.Text("message"), HasSubstr("stage 1 of 2 comes first: 1 of sre"));
  EXPECT_EQ(Approve(id, "bob").Text("state"), "pending");
  EXPECT_EQ(Approve(id, "dave").Text("state"), "approved");
}

// A high score keeps the automatic approver quiet, and wants one person more than the role does.
TEST_F(ConditionsTest, RiskRaisesTheBar) {
  BeginAutomatic(R"("server":{"max_risk":40},)");
  const std::string id = Asked(Brief());
  EXPECT_EQ(State(id).Text("state"), "pending");
  EXPECT_EQ(State(id).Number("risk"), 65);
  EXPECT_EQ(State(id).Text("not_automatic"), "risk 65 is above 40");
  EXPECT_EQ(State(id).Text("needed"), "1 of sre, and one more, as risk 65 is above 40");
  EXPECT_EQ(Approve(id, "bob").Text("state"), "pending");
  EXPECT_EQ(Approve(id, "bob").Text("state"), "pending") << "one person is one person";
  EXPECT_EQ(Approve(id, "carol").Text("state"), "approved");
  EXPECT_EQ(AsAHost(id).counted.size(), 2U);

  const std::string next = Asked(Brief());
  EXPECT_EQ(State(next).Number("risk"), 0) << State(next).body;
  EXPECT_EQ(State(next).Text("state"), "approved") << "known by now: the machine says yes";
}

TEST_F(ConditionsTest, RiskNeverStandsInForAPerson) {
  Begin(R"("server":{"max_risk":100},)");
  const std::string id = Asked(Brief());
  EXPECT_EQ(State(id).Text("state"), "pending");
  EXPECT_EQ(State(id).Text("needed"), "1 of sre");
}

TEST_F(ConditionsTest, WhoIsOnCallIsNotKnownSoTheMachineIsQuiet) {
  BeginAutomatic(R"("server":{"on_call":"web"},)");
  EXPECT_EQ(State(Asked(Brief())).Text("not_automatic"), "who is on call for web is not known");
}

}  // namespace
}  // namespace daypass::server
