// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Requests from asking to grant or refusal, through the API, with real signatures.
#include "server_fixture.h"
#include "wire/open.h"

namespace daypass::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using wire::ObjectBuilder;

class RequestsTest : public ServerTest {
 protected:
  RequestsTest() {
    PushPolicy(1);
    Enrol("web-1");
    Enrol("web-2");
  }

  core::Statement RootStatement() const {
    core::Statement statement = Statement();
    statement.role = "web-root";
    statement.role_digest = RoleDigest("web-root");
    return statement;
  }

  Outcome SubmitAs(const std::string& host, const core::Statement& statement,
                   const wire::PrivateKey& key) {
    return PostAs(
        host, "/v1/host/requests",
        ObjectBuilder().String("envelope", wire::Seal(key, "request", Encode(statement))));
  }
  Outcome SubmitAs(const std::string& host, const core::Statement& statement) {
    return SubmitAs(host, statement, host_keys_.at(host));
  }
};

TEST_F(RequestsTest, TurnsIntoAGrantWithTheApprovalThatIsEnough) {
  const std::string id = Asked();
  EXPECT_EQ(Get("/v1/requests/" + id, "bob").Text("state"), "pending");
  EXPECT_EQ(Get("/v1/requests/" + id, "bob").Text("needed"), "1 of sre");
  EXPECT_EQ(Get("/v1/grants/" + id, "bob").status, 404);
  http_.woken.clear();

  const Outcome approved = Approve(id, "bob");
  EXPECT_EQ(approved.Text("state"), "approved") << approved.body;
  EXPECT_THAT(approved.Texts("approvals", "person"), ElementsAre("bob"));
  EXPECT_THAT(http_.woken, ElementsAre("web-1")) << "and no other host";

  auto grant = wire::OpenGrant(Get("/v1/grants/" + id, "bob").Text("envelope"));
  ASSERT_TRUE(grant) << grant.error().what;
  EXPECT_EQ(grant->document.id, id);
  EXPECT_EQ(grant->payload, Encode(Statement())) << "the exact bytes that were asked for";
  EXPECT_THAT(wire::Fingerprints(grant->signatures),
              ElementsAre(town_.KeyOf("bob").public_key().fingerprint));
}

TEST_F(RequestsTest, HandsTheGrantToItsHostsAlone) {
  const int64_t before = GetAs("web-1", "/v1/host/changes?wait=0").Number("cursor");
  Approve(Asked(), "bob");
  const Outcome changed = GetAs("web-1", "/v1/host/changes?after=" + std::to_string(before));
  EXPECT_FALSE(changed.wait) << "answers at once";
  EXPECT_GT(changed.Number("cursor"), before);
  const Outcome grants = GetAs("web-1", "/v1/host/grants?after=" + std::to_string(before));
  ASSERT_EQ(grants.Texts("grants", "envelope").size(), 1U);
  EXPECT_EQ(grants.Number("cursor"), changed.Number("cursor"));
  const std::string after = std::to_string(grants.Number("cursor"));
  EXPECT_TRUE(GetAs("web-1", "/v1/host/grants?after=" + after).Texts("grants", "id").empty());
  EXPECT_TRUE(GetAs("web-1", "/v1/host/changes?after=" + after).wait) << "nothing new: waits";
  EXPECT_TRUE(GetAs("web-2", "/v1/host/grants").Texts("grants", "id").empty());
}

TEST_F(RequestsTest, ListsWhatIsLookedFor) {
  const std::string first = Asked();
  now_ += std::chrono::seconds{1};
  core::Statement statement = RootStatement();
  statement.subject = statement.requester = "carol";
  statement.hosts = {"web-2"};
  ASSERT_EQ(Submit(statement, "carol").status, 200);
  Approve(first, "bob");
  const auto roles = [&](const std::string& query, const char* who = "bob") {
    std::vector<std::string> found;
    for (const std::string& text :
         Get("/v1/requests?" + query, who).Texts("requests", "statement")) {
      auto parsed = wire::ParseStatement(text);
      if (parsed) found.push_back(parsed->subject + " " + parsed->role);
    }
    return found;
  };
  const std::string one = "alice web-operator", two = "carol web-root";
  EXPECT_THAT(roles(""), ElementsAre(two)) << "pending, if nothing is said";
  EXPECT_THAT(roles("state=all"), ElementsAre(two, one)) << "newest first";
  EXPECT_THAT(roles("state=all&limit=1"), ElementsAre(two));
  EXPECT_THAT(roles("state=all&before=" + std::to_string(core::ToMillis(now_))), ElementsAre(one));
  EXPECT_THAT(roles("state=all&person=alice"), ElementsAre(one));
  EXPECT_THAT(roles("state=all&role=web-root"), ElementsAre(two));
  EXPECT_THAT(roles("state=all&host=web-1"), ElementsAre(one));
  EXPECT_THAT(roles("state=all&host=web-1&role=web-root"), ElementsAre());
  EXPECT_THAT(roles("state=all&mine=1", "carol"), ElementsAre(two));
  EXPECT_EQ(Get("/v1/requests?limit=1001", "bob").error(), "malformed");
  EXPECT_EQ(Get("/v1/requests?group=x", "bob").error(), "unknown_field");
}

TEST_F(RequestsTest, WantsAsManyPersonsAsTheRole) {
  const std::string id = Asked(RootStatement());
  EXPECT_EQ(Approve(id, "bob").Text("state"), "pending");
  EXPECT_EQ(Approve(id, "bob").Text("state"), "pending") << "GF-06: one person counts once";
  EXPECT_EQ(Approve(id, "carol").Text("state"), "approved");
}

TEST_F(RequestsTest, TakesTheSameApprovalAgainWithoutHarm) {  // CC-03
  const std::string id = Asked();
  const std::string signature = SignatureOf("bob", StatementOf(id));
  EXPECT_EQ(ApproveWith(id, signature).Text("state"), "approved");
  http_.woken.clear();
  const Outcome again = ApproveWith(id, signature);
  EXPECT_EQ(again.Text("state"), "approved");
  EXPECT_EQ(again.Texts("approvals", "person").size(), 1U);
  EXPECT_TRUE(http_.woken.empty());
  EXPECT_EQ(Short(Approve(id, "carol")), "409 conflict") << "another one comes too late";
}

TEST_F(RequestsTest, TakesTheSameRequestAgainWithoutHarm) {  // CC-03
  EXPECT_EQ(Asked(), Asked());
  EXPECT_EQ(Get("/v1/requests", "bob").Texts("requests", "id").size(), 1U);
}

TEST_F(RequestsTest, RefusesApprovalsThatAreTheAskersOwn) {  // CC-05
  core::Statement for_bob = RootStatement();
  for_bob.subject = "deploy";  // an account of bob's
  EXPECT_EQ(Short(Approve(Asked(for_bob), "bob")), "403 self_approval");

  core::Statement by_bob = RootStatement();
  by_bob.requester = "bob";  // bob asks for alice
  const std::string id = Submit(by_bob, "bob").Text("id");
  EXPECT_EQ(Short(Approve(id, "bob")), "403 self_approval");
  EXPECT_EQ(Approve(id, "carol").status, 200) << "control: somebody else may";
}

TEST_F(RequestsTest, RefusesApprovalsOfPeopleWhoAreNoApprovers) {
  const std::string id = Asked();
  EXPECT_EQ(Short(Approve(id, "dave")), "403 approver_not_allowed");
  EXPECT_EQ(Short(ApproveWith(id, SignatureOf("mallory", StatementOf(id)))), "403 key_unknown");
}

TEST_F(RequestsTest, RefusesSignaturesOverAnythingButTheStatement) {
  const std::string id = Asked();
  const std::string statement = StatementOf(id);
  // GF-07: of another request; GF-16: of another type; GF-08: of another namespace.
  EXPECT_EQ(Short(ApproveWith(id, SignatureOf("bob", statement + " "))), "400 bad_signature");
  for (const char* name_space : {"request@daypass", "signin@daypass", "file"}) {
    const Outcome refused = ApproveWith(id, wire::Sign(town_.KeyOf("bob"), name_space, statement));
    EXPECT_EQ(Short(refused), "400 wrong_namespace") << name_space;
    EXPECT_EQ(refused.Text("field"), "/signature");
  }
  EXPECT_EQ(Short(ApproveWith(id, "nonsense")), "400 malformed");
  EXPECT_EQ(Get("/v1/requests/" + id, "bob").Text("state"), "pending");
  EXPECT_EQ(Approve(id, "bob").Text("state"), "approved") << "control";
}

TEST_F(RequestsTest, DoesNotCountAnApproverWhomALaterPolicyRemoved) {  // CC-07
  const std::string id = Asked(RootStatement());
  Approve(id, "bob");
  ASSERT_EQ(PushPolicy(2, {{R"("accounts":["bob","deploy"],"groups":["sre"])",
                            R"("accounts":["bob","deploy"],"groups":["dev"])"},
                           kDaveApproves})
                .status,
            200);
  EXPECT_EQ(Approve(id, "carol").Text("state"), "pending") << "bob's no longer counts";
  EXPECT_EQ(Approve(id, "dave").Text("state"), "approved");
}

TEST_F(RequestsTest, RefusesApprovalOnceTheRoleHasChanged) {
  const std::string id = Asked();
  ASSERT_EQ(PushPolicy(2, {{"Run the web servers", "Run all web servers"}}).status, 200);
  const Outcome refused = Approve(id, "bob");
  EXPECT_EQ(Short(refused), "409 role_changed");
  EXPECT_THAT(refused.Text("hint"), HasSubstr("ask anew"));
}

TEST_F(RequestsTest, RefusesEachFieldThatIsOutOfBounds) {  // CC-09
  struct Case {
    const char* field;
    const char* error;
    std::function<void(core::Statement&)> spoil;
  };
  const std::vector<Case> cases = {
      {"/statement/realm", "400 wrong_realm",
       [](auto& s) { s.realm = "ffffffffffffffffffffffffffffffff"; }},  // GF-37
      {"/statement/role", "400 role_unknown", [](auto& s) { s.role = "nobody"; }},
      {"/statement/role_digest", "409 role_changed",
       [](auto& s) { s.role_digest = std::string(64, 'f'); }},
      {"/statement/policy_version", "409 policy_behind", [](auto& s) { s.policy_version = 2; }},
      {"/statement/subject", "400 wrong_subject", [](auto& s) { s.subject = "stranger"; }},
      {"/statement/requester", "403 not_yours", [](auto& s) { s.requester = "bob"; }},
      {"/statement/duration_s", "400 start_out_of_range",
       [](auto& s) { s.duration = core::Seconds{3601}; }},
      {"/statement/start", "400 start_out_of_range",
       [](auto& s) { s.start = core::StartRule::kFirstUse; }},
      {"/statement/start_by_ms", "400 start_out_of_range",
       [](auto& s) { s.start_by = s.created + std::chrono::hours(25); }},
      {"/statement/created_ms", "400 start_out_of_range",
       [](auto& s) {
         s.created += std::chrono::minutes(11);
         s.start_by += std::chrono::minutes(11);
       }},
      {"/statement/hosts/0", "404 not_found", [](auto& s) { s.hosts = {"web-9"}; }},
      {"/statement/reason", "400 malformed", [](auto& s) { s.reason = ""; }},
      {"/statement/extends", "404 not_found", [](auto& s) { s.extends = std::string(64, 'e'); }},
  };
  for (const Case& c : cases) {
    core::Statement statement = Statement();
    c.spoil(statement);
    const Outcome refused = Submit(statement);
    EXPECT_EQ(Short(refused), c.error) << c.field << refused.body;
    EXPECT_EQ(refused.Text("field"), c.field);
    EXPECT_FALSE(refused.Text("message").empty());
  }
  EXPECT_TRUE(Get("/v1/requests?state=all", "bob").Texts("requests", "id").empty());
  EXPECT_EQ(Submit(Statement()).status, 200) << "control";
}

TEST_F(RequestsTest, RefusesARoleForHostsThatItIsNotFor) {
  ASSERT_EQ(
      PushPolicy(2, {{R"("hosts":{"names":["web-1","web-2"]})", R"("hosts":{"names":["web-2"]})"}})
          .status,
      200);
  const Outcome refused = Submit(RootStatement());
  EXPECT_EQ(Short(refused), "400 wrong_host");
  EXPECT_EQ(refused.Text("field"), "/statement/hosts/0");
}

TEST_F(RequestsTest, RefusesWhatIsNoStatement) {
  const std::string unknown =
      wire::Replaced(Encode(Statement()), R"("ticket":"")", R"("ticket":"","tickets":"")");
  EXPECT_EQ(Short(Post("/v1/requests", ObjectBuilder().String("statement", unknown), "alice")),
            "400 unknown_field");
  EXPECT_EQ(Short(Post("/v1/requests", ObjectBuilder().String("statement", "{"), "alice")),
            "400 malformed");
  EXPECT_EQ(Short(Post("/v1/requests", ObjectBuilder(), "alice")), "400 malformed");
  const Outcome extra = Post(
      "/v1/requests", ObjectBuilder().String("statement", "x").String("force", "yes"), "alice");
  EXPECT_EQ(Short(extra), "400 unknown_field");
  EXPECT_EQ(extra.Text("field"), "/force");
  EXPECT_EQ(Short(PostText("/v1/requests", "not json", "alice")), "400 malformed");
}

TEST_F(RequestsTest, ExpiresWhenNobodyApprovesInTime) {
  const std::string id = Asked();
  now_ += std::chrono::hours(1);
  EXPECT_EQ(Get("/v1/requests/" + id, "bob").Text("state"), "expired");
  EXPECT_EQ(Short(Approve(id, "bob")), "409 expired");
  EXPECT_TRUE(Get("/v1/requests", "bob").Texts("requests", "id").empty());
}

TEST_F(RequestsTest, TakesNothingUnderAnExpiredPolicy) {
  core::Statement statement = Statement();
  statement.start_by = statement.created + std::chrono::hours(20);
  const std::string id = Asked(statement);
  now_ = policy_.expires;
  for (auto& [person, token] : tokens_) token.clear();  // they have run out as well
  statement.created = now_;
  statement.start_by = now_ + std::chrono::hours(1);
  const Outcome refused = Submit(statement);
  EXPECT_EQ(refused.error(), "policy_expired") << refused.body;
}

TEST_F(RequestsTest, LetsApproversAndAdministratorsDenyOnce) {
  const std::string id = Asked();
  ObjectBuilder reason;
  reason.String("reason", "not on a Friday");
  EXPECT_EQ(Short(Post("/v1/requests/" + id + "/denial", reason, "alice")), "403 not_yours");
  const Outcome denied = Post("/v1/requests/" + id + "/denial", reason, "dave");
  EXPECT_EQ(denied.Text("state"), "denied");
  EXPECT_EQ(denied.Text("denied_by"), "dave");
  EXPECT_EQ(denied.Text("denial"), "not on a Friday");
  EXPECT_EQ(Short(Approve(id, "bob")), "409 conflict");
  EXPECT_EQ(Short(Post("/v1/requests/" + id + "/denial", reason, "bob")), "409 conflict");
  EXPECT_EQ(Short(Post("/v1/requests/" + id + "/denial", ObjectBuilder(), "bob")), "400 malformed");
}

TEST_F(RequestsTest, LetsWhoeverAskedCancel) {
  const std::string id = Asked();
  EXPECT_EQ(Short(PostText("/v1/requests/" + id + "/cancel", "", "bob")), "403 not_yours");
  EXPECT_EQ(PostText("/v1/requests/" + id + "/cancel", "", "alice").Text("state"), "cancelled");
  EXPECT_EQ(PostText("/v1/requests/" + id + "/cancel", "{}", "alice").Text("state"), "cancelled");
  EXPECT_EQ(Short(Approve(id, "bob")), "409 conflict");
}

TEST_F(RequestsTest, ListsByStateAndOwner) {
  const std::string mine = Asked();
  core::Statement other = RootStatement();
  other.requester = "bob";
  other.subject = "bob";
  const std::string bobs = Submit(other, "bob").Text("id");
  Approve(mine, "bob");
  EXPECT_THAT(Get("/v1/requests", "carol").Texts("requests", "id"), ElementsAre(bobs));
  EXPECT_EQ(Get("/v1/requests?state=all", "carol").Texts("requests", "id").size(), 2U);
  EXPECT_THAT(Get("/v1/requests?state=all&mine=1", "alice").Texts("requests", "id"),
              ElementsAre(mine));
  EXPECT_THAT(Get("/v1/grants?host=web-1", "alice").Texts("grants", "id"), ElementsAre(mine));
  EXPECT_TRUE(Get("/v1/grants?host=web-2", "alice").Texts("grants", "id").empty());
  const Outcome refused = Get("/v1/requests?state=open", "alice");
  EXPECT_EQ(Short(refused), "400 malformed");
  EXPECT_EQ(refused.Text("field"), "state");
  EXPECT_EQ(Short(Get("/v1/requests?limt=5", "alice")), "400 unknown_field");
  EXPECT_EQ(Short(Get("/v1/requests/g-nothing", "alice")), "404 not_found");
}

TEST_F(RequestsTest, TakesAHostsWordForItsOwnAccountsOnly) {
  core::Statement statement = Statement();
  statement.requester = "alice-adm";
  statement.subject = "alice-adm";
  const Outcome taken = SubmitAs("web-1", statement);
  ASSERT_EQ(Short(taken), "200 ") << taken.body;
  const std::string id = taken.Text("id");
  const Outcome shown = Get("/v1/requests/" + taken.Text("short"), "bob");
  EXPECT_EQ(shown.Text("origin"), "vouched for by host web-1");
  EXPECT_EQ(shown.Text("requested_by"), "alice") << "whose account it is";
  EXPECT_EQ(GetAs("web-1", "/v1/host/requests/" + id).Text("state"), "pending");
  EXPECT_EQ(Short(GetAs("web-2", "/v1/host/requests/" + id)), "404 not_found");
  EXPECT_EQ(Approve(id, "bob").Text("state"), "approved");
  EXPECT_EQ(GetAs("web-1", "/v1/host/requests/" + id).Text("text"), "approved");

  statement.requester = "bob";  // somebody else's
  EXPECT_EQ(Short(SubmitAs("web-1", statement)), "403 not_yours");
  core::Statement elsewhere = Statement();
  elsewhere.hosts = {"web-2"};
  EXPECT_EQ(Short(SubmitAs("web-1", elsewhere)), "400 wrong_host");
  elsewhere.hosts = {"web-1", "web-2"};
  EXPECT_EQ(Short(SubmitAs("web-1", elsewhere)), "400 wrong_host");
}

TEST_F(RequestsTest, RefusesARequestThatTheHostsKeyDidNotSign) {
  EXPECT_EQ(Short(SubmitAs("web-1", Statement(), host_keys_.at("web-2"))), "403 key_unknown");
  const std::string grant = wire::Seal(host_keys_.at("web-1"), "grant", Encode(Statement()));
  EXPECT_EQ(Short(PostAs("web-1", "/v1/host/requests", ObjectBuilder().String("envelope", grant))),
            "400 wrong_namespace");  // GF-16
  EXPECT_EQ(SubmitAs("web-1", Statement()).status, 200) << "control";
}

TEST_F(RequestsTest, RefusesAStatementThatSomebodyElseHasSent) {
  const std::string id = Asked();
  EXPECT_EQ(Short(SubmitAs("web-1", Statement())), "409 conflict");
}

}  // namespace
}  // namespace daypass::server
