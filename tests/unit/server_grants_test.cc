// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Revocations, and the status that tells hosts of them.
#include "server_fixture.h"
#include "wire/open.h"
#include "wire/status.h"

namespace daypass::server {
namespace {

using testing::ElementsAre;
using wire::ObjectBuilder;

class GrantsTest : public ServerTest {
 protected:
  GrantsTest() {
    PushPolicy(1);
    Enrol("web-1");
    Enrol("web-2");
    id_ = Asked();
    Approve(id_, "bob");
  }

  Outcome Revoke(const std::string& id, const std::string& person) {
    return Post("/v1/grants/" + id + "/revoke", ObjectBuilder().String("reason", "enough"), person);
  }

  core::Status StatusFor(const std::string& host) {
    const Outcome reply =
        PostAs(host, "/v1/host/status", ObjectBuilder().String("number", wire::kNonce));
    auto opened = wire::OpenStatus(reply.Text("envelope"), policy_.status_keys);
    EXPECT_TRUE(opened) << opened.error().what << reply.body;
    return opened ? opened->document : core::Status{};
  }

  std::string id_;
};

TEST_F(GrantsTest, AStatusAnswersItsNumberForItsHostWithTheTime) {
  now_ += std::chrono::seconds(90);
  const core::Status status = StatusFor("web-1");
  EXPECT_EQ(status.realm, wire::kRealm);
  EXPECT_EQ(status.host, "web-1");
  EXPECT_EQ(status.number, wire::kNonce);
  EXPECT_EQ(status.time, now_);
  EXPECT_EQ(status.policy_version, 1U);
  EXPECT_TRUE(status.revoked.empty());
  EXPECT_EQ(status.receipt.seq, 0U);
  EXPECT_EQ(Short(PostAs("web-1", "/v1/host/status", ObjectBuilder().String("number", "7"))),
            "400 malformed");
}

TEST_F(GrantsTest, ARevocationReachesTheHostsOfTheGrantUntilItsEnd) {
  http_.woken.clear();
  const Outcome revoked = Revoke(id_, "carol");
  EXPECT_EQ(revoked.Number("revoked_ms"), core::ToMillis(now_)) << revoked.body;
  EXPECT_EQ(revoked.Text("revoked_by"), "carol");
  EXPECT_THAT(http_.woken, ElementsAre("web-1"));

  const core::Status status = StatusFor("web-1");
  ASSERT_EQ(status.revoked.size(), 1U);
  EXPECT_EQ(status.revoked[0].id, id_);
  EXPECT_EQ(status.revoked[0].at, now_);
  EXPECT_TRUE(StatusFor("web-2").revoked.empty());
  EXPECT_TRUE(GetAs("web-1", "/v1/host/grants").Texts("grants", "id").empty());

  const core::Instant first = now_;
  now_ += std::chrono::minutes(1);
  EXPECT_EQ(Revoke(id_, "bob").Number("revoked_ms"), core::ToMillis(first)) << "the first stands";
  now_ = Statement().start_by + Statement().duration;
  EXPECT_TRUE(StatusFor("web-1").revoked.empty());
}

TEST_F(GrantsTest, ApproversAdministratorsAndOwnersRevoke) {
  core::Statement other = Statement();
  other.ticket = "2";
  const std::string second = Asked(other);
  Approve(second, "bob");
  other.ticket = "3";
  const std::string third = Asked(other);
  EXPECT_EQ(Short(Revoke(third, "bob")), "409 conflict") << "not a grant yet";
  EXPECT_EQ(Revoke(id_, "alice").status, 200);
  EXPECT_EQ(Revoke(second, "dave").status, 200);
  EXPECT_EQ(Short(Revoke("g-aaaaaaaaaaaaaaaa", "dave")), "404 not_found");

  ASSERT_EQ(PushPolicy(2, {{R"("name":"carol","accounts":["carol"],"groups":["sre"])",
                            R"("name":"carol","accounts":["carol"],"groups":["hr"])"},
                           kDaveApproves})
                .status,
            200);
  EXPECT_EQ(Short(Revoke(id_, "carol")), "403 not_yours") << "no approver of the role any more";
}

TEST_F(GrantsTest, APersonIsRevokedEverywhereAndSignedOut) {
  const std::string token = SignIn("alice");
  http_.woken.clear();
  ObjectBuilder body;
  body.String("person", "alice").String("reason", "laptop stolen");
  EXPECT_EQ(Short(Post("/v1/revocations", body, "bob")), "403 not_yours");
  EXPECT_EQ(Short(Post("/v1/revocations", body, "dave")), "200 ");
  EXPECT_THAT(http_.woken, ElementsAre("web-1", "web-2"));
  for (const char* host : {"web-1", "web-2"}) {
    const core::Status status = StatusFor(host);
    ASSERT_EQ(status.revoked.size(), 1U);
    EXPECT_EQ(status.revoked[0].person, "alice");
  }
  EXPECT_EQ(Short(Get("/v1/requests", "alice")), "401 not_signed_in");
  EXPECT_EQ(Short(Post("/v1/revocations",
                       ObjectBuilder().String("person", "nobody").String("reason", "x"), "dave")),
            "404 not_found");
}

// CC-16: one statement to each of a hundred hosts, and no more than that.
TEST_F(GrantsTest, TheRedButtonReachesEveryHostOnce) {
  std::set<std::string> hosts{"web-1", "web-2"};
  for (int i = 3; i <= 100; ++i) {
    Enrol("web-" + std::to_string(i));
    hosts.insert("web-" + std::to_string(i));
  }
  http_.woken.clear();
  const ObjectBuilder body = [] {
    ObjectBuilder builder;
    builder.String("person", "alice").String("reason", "key lost");
    return builder;
  }();
  ASSERT_EQ(Short(Post("/v1/revocations", body, "dave")), "200 ");
  EXPECT_EQ(http_.woken.size(), 100U);
  EXPECT_EQ(std::set(http_.woken.begin(), http_.woken.end()), hosts);
  for (const std::string& host : hosts) {
    const core::Status status = StatusFor(host);
    ASSERT_EQ(status.revoked.size(), 1U) << host;
    EXPECT_EQ(status.revoked[0].person, "alice");
  }
  EXPECT_TRUE(GetAs("web-1", "/v1/host/grants").Texts("grants", "id").size() == 1U)
      << "the host judges: what it holds of hers is dead";
}

TEST_F(GrantsTest, APersonMayRevokeThemselves) {
  EXPECT_EQ(Short(Post("/v1/revocations",
                       ObjectBuilder().String("person", "alice").String("reason", "lost my key"),
                       "alice")),
            "200 ");
}

// GF-24, the server's side: whoever owns the server and its store can mark a request approved, but
// what comes out carries no approver's signature, and that is what hosts count.
TEST_F(GrantsTest, AStoreThatSaysApprovedMakesNoApproval) {
  core::Statement other = Statement();
  other.ticket = "2";
  const std::string forged = Asked(other);
  auto done = store_->Transact(now_, [&](Tx& tx) -> core::Result<void> {
    auto row = Requests(tx).Find(forged);
    row->state = RequestState::kApproved;
    row->changed = 1000;
    Requests(tx).SaveState(*row);
    return {};
  });
  ASSERT_TRUE(done);
  auto opened = wire::OpenGrant(Get("/v1/grants/" + forged, "bob").Text("envelope"));
  ASSERT_FALSE(opened) << "an envelope without a signature is none";
  EXPECT_TRUE(wire::OpenGrant(Get("/v1/grants/" + id_, "bob").Text("envelope"))) << "control";
}

}  // namespace
}  // namespace daypass::server
