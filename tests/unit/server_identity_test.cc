// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Who is who: enrolment of hosts, sign-in of people, and what each may call. And policies, which
// say so.
#include "server_fixture.h"
#include "wire/digest.h"
#include "wire/open.h"

namespace daypass::server {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using wire::ObjectBuilder;

class IdentityTest : public ServerTest {
 protected:
  IdentityTest() { PushPolicy(1); }

  std::string Challenge(const std::string& person) {
    return Post("/v1/sign-in/challenge", ObjectBuilder().String("person", person))
        .Text("challenge");
  }
};

// WB-05, WB-17: each route with each kind of caller that it is not for.
TEST_F(IdentityTest, EveryRouteRefusesWhoeverItIsNotFor) {
  Enrol("web-1");
  for (const Route& route : Routes()) {
    Request request;
    request.method = route.method;
    request.path = route.pattern;
    const auto status = [&] {
      return AnswerRequest(route, *store_, *context_, now_, request).status;
    };
    if (route.who == Who::kAnyone) continue;
    EXPECT_EQ(status(), 401) << route.method << route.pattern;
    request.bearer = "0123456789abcdef";
    EXPECT_EQ(status(), 401) << route.method << route.pattern;
    if (route.who == Who::kHost) {
      request.bearer = SignIn("dave");  // a person is no host
      EXPECT_EQ(status(), 401) << route.method << route.pattern;
    } else {
      request.bearer.clear();
      request.peer = peers_["web-1"];  // nor a host a person
      EXPECT_EQ(status(), 401) << route.method << route.pattern;
    }
    if (route.who == Who::kAdministrator) {
      request.bearer = SignIn("bob");
      EXPECT_EQ(status(), 403) << route.method << route.pattern;
    }
  }
}

// WB-05: what is another host's is not there; what is another person's is not his to change.
TEST_F(IdentityTest, NobodyReachesAnothersObjects) {
  Enrol("web-1");
  Enrol("web-2");
  const std::string envelope = wire::Seal(host_keys_.at("web-1"), "request", Encode(Statement()));
  const Outcome asked =
      PostAs("web-1", "/v1/host/requests", ObjectBuilder().String("envelope", envelope));
  const std::string id = asked.Text("id");
  EXPECT_EQ(GetAs("web-1", "/v1/host/requests/" + id).status, 200) << "control";
  EXPECT_EQ(Short(GetAs("web-2", "/v1/host/requests/" + id)), "404 not_found");
  const std::string path = "/v1/requests/" + id;
  const auto why = [] { return ObjectBuilder().String("reason", "x").Dump(); };
  EXPECT_EQ(Short(Post(path + "/cancel", ObjectBuilder(), "bob")), "403 not_yours");
  EXPECT_EQ(Short(PostText(path + "/denial", why(), "alice")), "403 not_yours");
  Approve(id, "bob");
  EXPECT_TRUE(GetAs("web-2", "/v1/host/grants").Texts("grants", "id").empty());
  EXPECT_EQ(PostText("/v1/grants/" + id + "/revoke", why(), "alice").status, 200)
      << "control: her own";
}

// WB-15: a body that is too deep is refused by its depth, and nobody's stack is the price.
TEST_F(IdentityTest, RefusesBodiesThatAreDeepOrWide) {
  const std::string deep(8'000, '[');
  EXPECT_EQ(PostText("/v1/sign-in/challenge", "{\"person\":" + deep).status, 413);
  EXPECT_EQ(PostText("/v1/sign-in/challenge", "{\"person\":" + deep + std::string(8'000, ']') + "}")
                .status,
            413);
  std::string wide = "{";
  for (int i = 0; i < 1'000; ++i) wide += "\"k" + std::to_string(i) + "\":1,";
  EXPECT_EQ(PostText("/v1/sign-in/challenge", wide + "\"person\":\"bob\"}").status, 400);
  EXPECT_EQ(PostText("/v1/sign-in/challenge", R"({"person":"bob"})").status, 200) << "control";
}

// WB-18: a token counts in its header alone, and is in no answer but its own and in no line of the
// log.
TEST_F(IdentityTest, ATokenIsNowhereButInItsHeader) {
  const std::string token = SignIn("bob");
  testing::internal::CaptureStderr();
  const Outcome asked = Get("/v1/requests", "bob");
  const Outcome in_query = Get("/v1/requests?token=" + token);
  const Outcome in_body = Post("/v1/requests", ObjectBuilder().String("token", token));
  PushPolicy(2);
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(asked.status, 200) << "control";
  EXPECT_EQ(Short(in_query), "401 not_signed_in");
  EXPECT_EQ(Short(in_body), "401 not_signed_in");
  for (const std::string& text : {asked.body, in_query.body, in_body.body, log}) {
    EXPECT_EQ(text.find(token), std::string::npos) << text;
  }
  EXPECT_NE(log, "") << "there is a log";
}

TEST_F(IdentityTest, AHostEnrolsWithATokenForItsName) {
  const std::string token = JoinToken("web-1");
  EXPECT_THAT(token, StartsWith("dpj-"));
  EXPECT_THAT(token, testing::EndsWith("-" + context_->ca.digest().substr(0, 16)));
  EXPECT_EQ(Short(TryEnrol("web-2", token)), "403 not_yours") << "the token is for another name";
  const Outcome enrolled = TryEnrol("web-1", token);
  EXPECT_EQ(Short(enrolled), "200 ") << enrolled.body;
  EXPECT_EQ(enrolled.Text("realm"), wire::kRealm);
  EXPECT_EQ(enrolled.Number("policy_version"), 1);
  EXPECT_EQ(enrolled.Text("ca"), context_->ca.certificate_pem());
  EXPECT_EQ(Short(TryEnrol("web-1", token)), "403 not_yours") << "the token is used up";

  auto certificate = CertificateFromPem(enrolled.Text("certificate"), "certificate");
  ASSERT_TRUE(certificate);
  EXPECT_EQ(CommonName(certificate->get()), "web-1") << "not what the signing request said";
  EXPECT_THAT(Get("/v1/hosts", "alice").Texts("hosts", "name"), testing::ElementsAre("web-1"));
}

TEST_F(IdentityTest, ATokenIsGoodForAnHourAndForARefusedTryNothingIsLost) {
  const std::string token = JoinToken("web-1");
  const auto try_with = [&](const std::string& key, const std::string& csr,
                            const std::string& realm = wire::kRealm) {
    return Post("/v1/hosts", ObjectBuilder()
                                 .String("token", token)
                                 .String("name", "web-1")
                                 .StringMap("labels", {})
                                 .String("host_key", key)
                                 .String("csr", csr)
                                 .String("realm", realm));
  };
  const std::string key = wire::PrivateKey::Generate().public_key().line;
  const std::string csr = MakeCsr().csr_pem;
  const Outcome bad_csr = try_with(key, "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n");
  EXPECT_EQ(Short(bad_csr), "400 malformed");
  EXPECT_EQ(bad_csr.Text("field"), "csr");
  const Outcome bad_key = try_with("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAAA==", csr);
  EXPECT_EQ(Short(bad_key), "400 key_refused") << bad_key.body;
  EXPECT_EQ(bad_key.Text("field"), "/host_key");
  EXPECT_EQ(Short(try_with(key, csr, "ffffffffffffffffffffffffffffffff")), "400 wrong_realm");
  const core::Instant then = now_;
  now_ += std::chrono::hours(1);
  EXPECT_EQ(Short(try_with(key, csr)), "403 not_yours");
  now_ = then;
  EXPECT_EQ(Short(try_with(key, csr)), "200 ") << "control";
}

TEST_F(IdentityTest, EnrollingAnewLocksTheEarlierCertificateOut) {
  Enrol("web-1");
  const Peer before = peers_["web-1"];
  Enrol("web-1");
  EXPECT_EQ(GetAs("web-1", "/v1/host/grants").status, 200);
  peers_["web-1"] = before;
  EXPECT_EQ(Short(GetAs("web-1", "/v1/host/grants")), "403 not_yours");
  peers_["web-3"] = {"web-3", before.key};  // signed by our CA, but never enrolled: EN-06
  EXPECT_EQ(Short(GetAs("web-3", "/v1/host/grants")), "403 not_yours");
}

TEST_F(IdentityTest, ARenewalKeepsTheOldCertificateUntilTheNewOneIsThere) {
  Enrol("web-1");
  const Peer before = peers_["web-1"];
  const Outcome renewed =
      PostAs("web-1", "/v1/host/renew", ObjectBuilder().String("csr", MakeCsr().csr_pem));
  ASSERT_EQ(Short(renewed), "200 ") << renewed.body;
  EXPECT_EQ(GetAs("web-1", "/v1/host/grants").status, 200) << "the answer may have been lost";
  auto certificate = CertificateFromPem(renewed.Text("certificate"), "certificate");
  ASSERT_TRUE(certificate);
  peers_["web-1"] = {"web-1", PublicKeyDigest(certificate->get())};
  EXPECT_EQ(GetAs("web-1", "/v1/host/grants").status, 200);
}

// WB-10: twelve hours and no longer.
TEST_F(IdentityTest, APersonSignsInWithTheirKey) {
  const std::string challenge = Challenge("bob");
  auto signin = wire::ParseSignin(challenge);
  ASSERT_TRUE(signin) << signin.error().what;
  EXPECT_EQ(signin->server, "localhost");
  EXPECT_EQ(signin->realm, wire::kRealm);
  const Outcome session = TrySignIn(challenge, "bob");
  EXPECT_EQ(session.Text("person"), "bob");
  EXPECT_EQ(session.Number("expires_ms"), core::ToMillis(now_ + std::chrono::hours(12)));
  tokens_["bob"] = session.Text("token");
  EXPECT_EQ(Get("/v1/requests", "bob").status, 200);
  now_ += std::chrono::hours(12);
  EXPECT_EQ(Short(Get("/v1/requests", "bob")), "401 not_signed_in");
}

TEST_F(IdentityTest, AChallengeIsGoodOnceForTwoMinutesInItsExactBytes) {
  const std::string challenge = Challenge("bob");
  EXPECT_EQ(Short(TrySignIn(challenge, "carol")), "401 not_signed_in") << "somebody else's key";
  EXPECT_EQ(Short(TrySignIn(challenge, "mallory")), "401 not_signed_in") << "nobody's key";
  EXPECT_EQ(Short(TrySignIn(wire::Replaced(challenge, "bob", "carol"), "carol")),
            "401 not_signed_in")
      << "not what the server gave";
  EXPECT_EQ(TrySignIn(challenge, "bob").status, 200) << "control";
  EXPECT_EQ(Short(TrySignIn(challenge, "bob")), "401 not_signed_in") << "replayed";
  const std::string late = Challenge("bob");
  now_ += std::chrono::minutes(2);
  EXPECT_EQ(Short(TrySignIn(late, "bob")), "401 not_signed_in");
}

TEST_F(IdentityTest, AnApprovalIsNoSignIn) {  // GF-16
  const std::string challenge = Challenge("bob");
  wire::Envelope envelope{
      "signin", challenge, {wire::Sign(town_.KeyOf("bob"), "grant@daypass", challenge)}};
  EXPECT_EQ(Short(Post("/v1/sign-in",
                       ObjectBuilder().String("envelope", wire::EncodeEnvelope(envelope)))),
            "400 wrong_namespace");
}

TEST_F(IdentityTest, DoesNotTellWhetherAPersonExists) {
  EXPECT_EQ(Post("/v1/sign-in/challenge", ObjectBuilder().String("person", "nobody")).status, 200);
  EXPECT_EQ(Short(Post("/v1/sign-in/challenge", ObjectBuilder().String("person", "No Body"))),
            "400 malformed");
}

// WB-10
TEST_F(IdentityTest, APolicyThatRemovesAPersonOrKeyEndsTheirSessionAtOnce) {
  SignIn("alice");
  SignIn("bob");
  ASSERT_EQ(PushPolicy(2, {{R"("keys":[{"key":"KEY-alice","uses":["signin"]}])", R"("keys":[])"},
                           {R"("name":"bob","accounts":["bob","deploy"],"groups":["sre"],)",
                            R"("name":"bob","valid_until_ms":1800000000000,)"
                            R"("accounts":["bob","deploy"],"groups":["sre"],)"}})
                .status,
            200);
  EXPECT_EQ(Short(Get("/v1/requests", "alice")), "401 not_signed_in") << "her key is gone";
  EXPECT_EQ(Short(Get("/v1/requests", "bob")), "401 not_signed_in") << "his membership has ended";
  EXPECT_EQ(Get("/v1/requests", "carol").status, 200) << "control";
}

TEST_F(IdentityTest, TakesAPolicyThatMeetsBothThresholdsAndTellsEveryHost) {
  Enrol("web-1");
  http_.woken.clear();
  EXPECT_EQ(Short(PushPolicy(2)), "200 ");
  EXPECT_THAT(http_.woken, testing::ElementsAre("web-1"));
  const Outcome newest = Get("/v1/policies/newest", "alice");
  EXPECT_EQ(newest.Number("version"), 2);
  EXPECT_EQ(newest.Text("digest"), policy_.digest);
  EXPECT_TRUE(wire::OpenPolicy(newest.Text("envelope")));
  EXPECT_EQ(Get("/v1/policies/1", "alice").Number("version"), 1);
  EXPECT_TRUE(wire::OpenPolicy(GetAs("web-1", "/v1/host/policies/1").Text("envelope")));
  EXPECT_EQ(Short(Get("/v1/policies/3", "alice")), "404 not_found");
  EXPECT_EQ(Short(Get("/v1/policies/x", "alice")), "404 not_found");
}

// GF-25, GF-29: the server's keys and even one administrator are not enough.
TEST_F(IdentityTest, RefusesAPolicyBelowTheThreshold) {
  const Town::Edits add_approver = {{R"("accounts":["alice","alice-adm"],"groups":["dev"])",
                                     R"("accounts":["alice","alice-adm"],"groups":["dev","sre"])"}};
  EXPECT_EQ(Short(PushPolicy(2, add_approver, {"dave"})), "403 below_threshold");
  EXPECT_EQ(Short(PushPolicy(2, add_approver, {"dave", "dave"})), "403 below_threshold");
  EXPECT_EQ(Short(PushPolicy(2, add_approver, {"dave", "bob"})), "403 below_threshold");
  const std::string payload = town_.Policy(2, context_->status_key.public_key().line, add_approver);
  const std::string by_server = wire::Seal(context_->status_key, "policy", payload);
  EXPECT_EQ(Short(Post("/v1/policies", ObjectBuilder().String("envelope", by_server), "dave")),
            "403 below_threshold");
  EXPECT_EQ(Get("/v1/policies/newest", "alice").Number("version"), 1);
  EXPECT_EQ(Short(PushPolicy(2, add_approver)), "200 ") << "control";
}

TEST_F(IdentityTest, RefusesOldAndOtherPoliciesOfTheSameVersion) {  // GF-17, GF-19, GF-37
  ASSERT_EQ(PushPolicy(3).status, 200);
  EXPECT_EQ(Short(PushPolicy(2)), "409 rollback");
  EXPECT_EQ(Short(PushPolicy(3, {{"Run the web servers", "Another text"}})), "409 equivocation");
  EXPECT_EQ(Short(PushPolicy(4, {{wire::kRealm, "ffffffffffffffffffffffffffffffff"}})),
            "400 wrong_realm");
  EXPECT_EQ(
      Short(PushPolicy(4, {{"\"expires_ms\":1802592000000", "\"expires_ms\":1799999999999"}})),
      "400 policy_expired");
  EXPECT_EQ(Short(PushPolicy(3)), "200 ") << "the same again";
  EXPECT_EQ(Get("/v1/policies/newest", "alice").Number("version"), 3);
}

TEST_F(IdentityTest, TrustsAFirstPolicyOnlyOnceAndOnlyWithItsOwnKeyInIt) {
  const auto trust = [&](const std::string& payload, const std::vector<std::string>& signers) {
    const std::string envelope = town_.Sign("policy", payload, signers);
    auto row =
        store_->Transact(now_, [&](Tx& tx) { return TrustFirstPolicy(tx, *context_, envelope); });
    return row ? "trusted" : std::string(core::ReasonName(row.error().code));
  };
  const std::string key = context_->status_key.public_key().line;
  EXPECT_EQ(trust(town_.Policy(1, key), {"dave", "erin"}), "trusted") << "the same again";
  EXPECT_EQ(trust(town_.Policy(2, key), {"dave", "erin"}), "conflict");
  // And on a server that holds none yet:
  auto store = Store::Open(folder_.path("other.db"));
  ASSERT_TRUE(store);
  *store_ = std::move(*store);
  EXPECT_EQ(trust(town_.Policy(1, key), {"dave"}), "below_threshold");
  const std::string other_key = wire::PrivateKey::Generate().public_key().line;
  EXPECT_EQ(trust(town_.Policy(1, other_key), {"dave", "erin"}), "key_unknown");
  EXPECT_EQ(trust(town_.Policy(1, key), {"dave", "erin"}), "trusted") << "control";
}

}  // namespace
}  // namespace daypass::server
