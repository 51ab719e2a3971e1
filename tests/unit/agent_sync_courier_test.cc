// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What the courier carries, in which order, and how soon.
#include <gmock/gmock.h>

#include "agent_sync_fixture.h"
#include "platform/certificate.h"
#include "platform/file.h"

namespace daypass::agent {
namespace {

using core::Millis;
using core::Reason;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

core::Result<void> Refuse(Reason reason) {
  return core::Error{reason, "no", {}};
}

/// The version in an envelope of OfferPolicy.
uint64_t VersionIn(const FakeDecider::Put& put) {
  return std::stoull(wire::ParseEnvelope(put.bytes, "policy", 100)->payload);
}

TEST_F(CourierTest, BeginsWithAStatusThenGrants) {
  OfferGrants(1, {GrantEnvelope("one", 5), GrantEnvelope("two", 5)});
  Start();
  RunUntil([&] { return CountPuts("grant") == 2; });
  EXPECT_THAT(decider_.TypesPut(), ElementsAre("status", "grant", "grant"));
  EXPECT_EQ(decider_.puts.front().bytes, StatusEnvelope(5));
  EXPECT_EQ(decider_.puts[decider_.puts.size() - 2].bytes, GrantEnvelope("one", 5));
  EXPECT_EQ(decider_.puts.back().bytes, GrantEnvelope("two", 5));
  const auto asked = server_.All("/v1/host/status").at(0);
  EXPECT_EQ(asked.body, "{\"number\":\"" + kNumber + "\"}");
  EXPECT_EQ(asked.cn, "web-1");  // by its certificate
  EXPECT_THAT(lines_, IsEmpty());
}

TEST_F(CourierTest, FetchesThePinnedPolicyFirstWhereTheHostHoldsNone) {
  decider_.policy_version = 0;
  OfferPolicy(3);
  OfferPolicy(5);
  OfferGrants(1, {GrantEnvelope("one", 5)});
  decider_.judge = [&](const FakeDecider::Put& put) {
    if (put.type == "policy") decider_.policy_version = VersionIn(put);
    return core::Result<void>();
  };
  Start();
  RunUntil([&] { return CountPuts("grant") == 1; });
  // The status names version 5, which goes before the grants.
  EXPECT_THAT(decider_.TypesPut(), ElementsAre("policy", "status", "policy", "status", "grant"));
  EXPECT_EQ(VersionIn(decider_.puts[0]), 3U);
  EXPECT_EQ(decider_.policy_version, 5U);
}

TEST_F(CourierTest, FetchesThePolicyThatAStatusNames) {
  StartAndSettle();
  OfferPolicy(8);
  server_.Route("POST /v1/host/status", 200,
                wire::ObjectBuilder().String("envelope", StatusEnvelope(8)));
  server_.SetCursor(2);
  RunUntil([&] { return CountPuts("policy") == 1; });
  EXPECT_EQ(VersionIn(decider_.puts.back()), 8U);
}

// SV-12: a status that the decider refuses, since only the new policy knows the new key, still
// leads to that policy.
TEST_F(CourierTest, FetchesThePolicyThatARefusedStatusNames) {
  OfferPolicy(6);
  server_.Route("POST /v1/host/status", 200,
                wire::ObjectBuilder().String("envelope", StatusEnvelope(6)));
  decider_.judge = [&](const FakeDecider::Put& put) {
    if (put.type == "policy") decider_.policy_version = 6;
    return decider_.policy_version == 6 ? core::Result<void>() : Refuse(Reason::kKeyUnknown);
  };
  Start();
  RunUntil([&] { return decider_.puts.size() >= 3; });
  EXPECT_THAT(decider_.TypesPut(), ElementsAre("status", "policy", "status"));
}

// EN-07
TEST_F(CourierTest, WalksTheVersionsUpwardsWhereTheNewestIsRefused) {
  for (const uint64_t version : {6, 8, 9}) OfferPolicy(version);  // 7 was never published
  server_.Route("POST /v1/host/status", 200,
                wire::ObjectBuilder().String("envelope", StatusEnvelope(9)));
  decider_.judge = [&](const FakeDecider::Put& put) {
    if (put.type != "policy") return core::Result<void>();
    const uint64_t version = VersionIn(put);
    if (version == 6 || (version == 9 && decider_.policy_version < 8))
      return Refuse(Reason::kBelowThreshold);
    decider_.policy_version = version;
    return core::Result<void>();
  };
  StartAndSettle();
  RunUntil([&] { return decider_.policy_version == 9; });
  std::vector<uint64_t> versions;
  for (const auto& put : decider_.puts) {
    if (put.type == "policy") versions.push_back(VersionIn(put));
  }
  EXPECT_THAT(versions, ElementsAre(9, 6, 8, 9));
}

TEST_F(CourierTest, HandsARefusedPolicyInOnceUntilAnotherIsNamed) {
  OfferPolicy(6);
  server_.Route("POST /v1/host/status", 200,
                wire::ObjectBuilder().String("envelope", StatusEnvelope(6)));
  decider_.judge = [&](const FakeDecider::Put& put) {
    return put.type == "policy" ? Refuse(Reason::kEquivocation) : core::Result<void>();
  };
  StartAndSettle();
  for (int64_t cursor = 2; cursor < 4; ++cursor) {
    server_.SetCursor(cursor);
    RunFor(Millis{700});
  }
  EXPECT_EQ(CountPuts("policy"), 1U);
  EXPECT_THAT(lines_, ElementsAre(HasSubstr("policy: no; next try in")));
  OfferPolicy(7);
  server_.Route("POST /v1/host/status", 200,
                wire::ObjectBuilder().String("envelope", StatusEnvelope(7)));
  server_.SetCursor(9);
  RunUntil([&] { return CountPuts("policy") == 2; });
}

// Whoever makes a request writes the version into it: a made-up one must not keep the real one
// away.
TEST_F(CourierTest, IsNotLedAstrayByAVersionThatThereIsNot) {
  OfferGrants(1, {GrantEnvelope("made up", 4711)});
  decider_.judge = [&](const FakeDecider::Put& put) {
    if (put.type == "policy") decider_.policy_version = VersionIn(put);
    return put.type == "grant" ? Refuse(Reason::kRoleChanged) : core::Result<void>();
  };
  StartAndSettle();
  RunUntil([&] { return server_.Count("/v1/host/policies/4711") > 0; });
  EXPECT_THAT(lines_, ElementsAre(HasSubstr("policy: the server has no policy version 4711")));
  OfferPolicy(6);
  server_.Route("POST /v1/host/status", 200,
                wire::ObjectBuilder().String("envelope", StatusEnvelope(6)));
  server_.SetCursor(2);
  RunUntil([&] { return decider_.policy_version == 6; });
}

TEST_F(CourierTest, AsksForThePinnedPolicyUntilItIsThere) {
  decider_.policy_version = 0;
  Start();
  RunUntil([&] { return server_.Count("/v1/host/policies/3") == 2; });
  EXPECT_EQ(server_.Count("/v1/host/status"), 0U);
  OfferPolicy(3);
  RunUntil([&] { return CountPuts("policy") == 1; });
}

TEST_F(CourierTest, CarriesAnApprovedGrantWellWithinASecond) {
  StartAndSettle();
  OfferGrants(2, {GrantEnvelope("now", 5)});
  const Millis took = RunUntil([&] { return CountPuts("grant") == 1; });
  EXPECT_LT(took, Millis{5000});
  RunUntil([&] {
    return !server_.All("/v1/host/changes").empty() &&
           server_.All("/v1/host/changes").back().query == "after=2&wait=25";
  });
}

TEST_F(CourierTest, HandsAGrantInOnceAndAgainWithOneApprovalMore) {
  OfferGrants(1, {GrantEnvelope("one", 5)});
  StartAndSettle();
  EXPECT_EQ(CountPuts("grant"), 1U);
  OfferGrants(2, {GrantEnvelope("one", 5)});
  RunUntil([&] { return server_.Count("/v1/host/grants") == 2; });
  RunFor(Millis{200});
  EXPECT_EQ(CountPuts("grant"), 1U);
  OfferGrants(3, {GrantEnvelope("one", 5) +
                  "-----BEGIN SSH SIGNATURE-----\nAA==\n-----END SSH SIGNATURE-----\n"});
  RunUntil([&] { return CountPuts("grant") == 2; });
  EXPECT_EQ(server_.All("/v1/host/grants").back().query, "after=2");
}

TEST_F(CourierTest, FetchesThePolicyThatARefusedGrantNamesAndTriesTheGrantAgain) {
  OfferPolicy(6);
  OfferGrants(1, {GrantEnvelope("ahead", 6)});
  decider_.judge = [&](const FakeDecider::Put& put) {
    if (put.type == "policy") decider_.policy_version = 6;
    const bool is_behind = put.type == "grant" && decider_.policy_version < 6;
    return is_behind ? Refuse(Reason::kPolicyBehind) : core::Result<void>();
  };
  Start();
  RunUntil([&] { return CountPuts("grant") == 2; });
  EXPECT_EQ(CountPuts("policy"), 1U);
  RunFor(Millis{300});
  EXPECT_EQ(CountPuts("grant"), 2U);
}

TEST_F(CourierTest, TriesAGrantThatIsRefusedForGoodOnlyAfterAnotherPolicy) {
  OfferGrants(1, {GrantEnvelope("forged", 5)});
  decider_.judge = [&](const FakeDecider::Put& put) {
    return put.type == "grant" ? Refuse(Reason::kApprovalsMissing) : core::Result<void>();
  };
  StartAndSettle();
  server_.SetCursor(2);
  RunUntil([&] { return CountPuts("status") >= 2; });
  RunFor(Millis{300});
  EXPECT_EQ(CountPuts("grant"), 1U);
  decider_.policy_version = 6;  // taken from a file, by hand
  decider_.Tell();
  RunUntil([&] { return CountPuts("grant") == 2; });
}

TEST_F(CourierTest, TriesAGrantAgainThatTheHostHadNoTimeFor) {
  OfferGrants(1, {GrantEnvelope("early", 5)});
  bool knows_time = false;
  decider_.judge = [&](const FakeDecider::Put& put) {
    const bool is_early = put.type == "grant" && !knows_time;
    return is_early ? Refuse(Reason::kTimeUnknown) : core::Result<void>();
  };
  StartAndSettle();
  const size_t tries = CountPuts("grant");
  EXPECT_GE(tries, 1U);
  knows_time = true;
  server_.SetCursor(2);
  RunUntil([&] { return CountPuts("grant") == tries + 1; });
  server_.SetCursor(3);
  RunUntil([&] { return server_.All("/v1/host/changes").back().query == "after=3&wait=25"; });
  RunFor(Millis{200});
  EXPECT_EQ(CountPuts("grant"), tries + 1);
}

TEST_F(CourierTest, AsksForAStatusAgainAndAgain) {
  config_.status_every = core::Seconds{1};
  StartAndSettle();
  RunUntil([&] { return CountPuts("status") == 4; });
}

const core::Digest kRequestId(64, 'c');

TEST_F(CourierTest, DeliversARequestAtOnceAndTellsWhatBecomesOfIt) {
  StartAndSettle();
  server_.Route("POST /v1/host/requests", 200,
                wire::ObjectBuilder().String("id", kRequestId).String("state", "pending"));
  decider_.requests[kRequestId] = "the request";
  decider_.Tell();
  RunUntil([&] { return decider_.answered.size() == 1; });
  const auto posted = server_.All("/v1/host/requests");
  ASSERT_EQ(posted.size(), 1U);
  EXPECT_EQ(posted[0].body, "{\"envelope\":\"the request\"}");
  EXPECT_EQ(decider_.answered[0].id, kRequestId);
  EXPECT_EQ(decider_.answered[0].state, "pending");
  EXPECT_EQ(decider_.answered[0].text, "waits for approval");

  server_.Route("GET /v1/host/requests/" + kRequestId, 200,
                wire::ObjectBuilder()
                    .String("id", kRequestId)
                    .String("state", "pending")
                    .String("text", "one of two said yes"));
  server_.SetCursor(2);
  RunUntil([&] { return decider_.answered.size() == 2; });
  server_.SetCursor(3);  // as before: nothing to tell
  RunUntil([&] { return server_.Count("/v1/host/requests/" + kRequestId) == 2; });
  server_.Route("GET /v1/host/requests/" + kRequestId, 200,
                wire::ObjectBuilder()
                    .String("id", kRequestId)
                    .String("state", "denied")
                    .String("text", "denied by bob: not today"));
  server_.SetCursor(4);
  RunUntil([&] { return decider_.answered.size() == 3; });
  EXPECT_EQ(decider_.answered[2].state, "denied");
  EXPECT_EQ(decider_.answered[2].text, "denied by bob: not today");
  server_.SetCursor(5);  // it has its end: not asked any more
  RunUntil([&] { return server_.All("/v1/host/changes").back().query == "after=5&wait=25"; });
  RunFor(Millis{200});
  EXPECT_EQ(server_.Count("/v1/host/requests/" + kRequestId), 3U);
}

TEST_F(CourierTest, TellsThatARequestIsRefusedButNotWhereTheHostItselfIs) {
  server_.Route("POST /v1/host/requests", 403,
                wire::ObjectBuilder()
                    .String("error", "not_yours")
                    .String("message", "host: is not enrolled"));
  decider_.requests[kRequestId] = "the request";
  StartAndSettle();
  EXPECT_THAT(decider_.answered, IsEmpty());
  EXPECT_THAT(lines_, ElementsAre(HasSubstr("requests: host: is not enrolled; next try in")));
  server_.Route("POST /v1/host/requests", 409,
                wire::ObjectBuilder()
                    .String("error", "role_changed")
                    .String("message", "role_digest: has changed"));
  RunUntil([&] { return decider_.answered.size() == 1; });
  EXPECT_EQ(decider_.answered[0].state, "refused");
  EXPECT_EQ(decider_.answered[0].text, "role_digest: has changed");
}

// What an earlier courier delivered is not forgotten by this one.
TEST_F(CourierTest, AsksForRequestsThatWereDeliveredBeforeItStarted) {
  decider_.open = {kRequestId};
  server_.Route("GET /v1/host/requests/" + kRequestId, 200,
                wire::ObjectBuilder()
                    .String("id", kRequestId)
                    .String("state", "expired")
                    .String("text", "nobody approved it in time"));
  Start();
  RunUntil([&] { return decider_.answered.size() == 1; });
  EXPECT_EQ(decider_.answered[0].state, "expired");
}

/// {"seq":...} of each record in a body.
std::vector<int64_t> NumbersIn(const std::string& body) {
  std::vector<int64_t> numbers;
  for (size_t at = 0; (at = body.find("\"seq\":", at)) != std::string::npos; ++at) {
    numbers.push_back(std::stoll(body.substr(at + 6)));
  }
  return numbers;
}

void AddRecords(FakeDecider& decider, int count) {
  for (int i = 0; i < count; ++i) {
    decider.records.push_back({decider.records.size() + 1, "{\"record\":1}", "signed"});
  }
}

TEST_F(CourierTest, SendsRecordsInOrderFromTheReceiptOn) {
  AddRecords(decider_, 5);
  decider_.records_acked = 1;
  server_.Route("POST /v1/host/records", 200,
                wire::ObjectBuilder().Int("seq", 4).String("digest", core::Digest(64, '0')));
  Start();
  RunUntil([&] { return server_.Count("/v1/host/records") == 1; });
  RunUntil([&] { return server_.Count("/v1/host/records") == 2; });
  server_.Route("POST /v1/host/records", 200,
                wire::ObjectBuilder().Int("seq", 5).String("digest", core::Digest(64, '0')));
  const auto posted = server_.All("/v1/host/records");
  EXPECT_THAT(NumbersIn(posted[0].body), ElementsAre(2, 3, 4));
  EXPECT_THAT(NumbersIn(posted[1].body), ElementsAre(5));
  EXPECT_THAT(posted[0].body,
              HasSubstr(R"({"bytes":"{\"record\":1}","seq":2,"signature":"signed"})"));
}

// LG-20, as far as the courier goes: on their way within a tenth of a second, and then the receipt.
TEST_F(CourierTest, SendsANewRecordAtOnceAndFetchesItsReceipt) {
  StartAndSettle();
  server_.Route("POST /v1/host/records", 200,
                wire::ObjectBuilder().Int("seq", 1).String("digest", core::Digest(64, '0')));
  AddRecords(decider_, 1);
  const size_t statuses = server_.Count("/v1/host/status");
  decider_.Tell();
  const Millis took = RunUntil([&] { return server_.Count("/v1/host/records") == 1; });
  EXPECT_LT(took, Millis{5000});
  RunUntil([&] { return server_.Count("/v1/host/status") == statuses + 1; });
  RunFor(Millis{300});
  EXPECT_EQ(server_.Count("/v1/host/records"), 1U);
}

TEST_F(CourierTest, StartsOverFromTheReceiptWhenTheServerMissesRecords) {
  AddRecords(decider_, 3);
  decider_.records_acked = 2;
  server_.Route("POST /v1/host/records", 409,
                wire::ObjectBuilder()
                    .String("error", "conflict")
                    .String("message", "records: gap at 3: expected 2"));
  Start();
  RunUntil([&] { return server_.Count("/v1/host/records") == 1; });
  decider_.records_acked =
      1;  // its store was brought back from a copy, and the next status says so
  decider_.Tell();
  server_.Route("POST /v1/host/records", 200,
                wire::ObjectBuilder().Int("seq", 3).String("digest", core::Digest(64, '0')));
  RunUntil([&] { return server_.Count("/v1/host/records") == 2; });
  EXPECT_THAT(NumbersIn(server_.All("/v1/host/records")[1].body), ElementsAre(2, 3));
  RunUntil([&] { return !lines_.empty() && lines_.back() == "records: works again"; });
}

TEST_F(CourierTest, DoesNotBelieveAReceiptForRecordsThatThereAreNot) {
  AddRecords(decider_, 2);
  server_.Route("POST /v1/host/records", 200,
                wire::ObjectBuilder().Int("seq", 700).String("digest", core::Digest(64, '0')));
  Start();
  RunUntil([&] { return !lines_.empty(); });
  EXPECT_THAT(lines_[0], HasSubstr("acknowledges records that this host does not have"));
  RunUntil([&] { return server_.Count("/v1/host/records") == 2; });
  EXPECT_THAT(NumbersIn(server_.All("/v1/host/records")[1].body), ElementsAre(1, 2));
}

TEST_F(CourierTest, RenewsACertificateThatEndsWithinThirtyDaysAndKeepsTheKey) {
  for (const char* name : {"old.pem", "old.key"}) {
    std::filesystem::copy_file(server_.folder / name, dir_ / name);
  }
  config_.certificate_file = dir_ / "old.pem";
  config_.key_file = dir_ / "old.key";
  const std::string fresh = *platform::ReadFile(server_.folder / "client.pem", 65536);
  const std::string key = *platform::ReadFile(dir_ / "old.key", 65536);
  server_.Route(
      "POST /v1/host/renew", 200,
      wire::ObjectBuilder().String("certificate", fresh).String("ca", "another authority"));
  StartAndSettle();
  RunUntil([&] { return *platform::ReadFile(dir_ / "old.pem", 65536) == fresh; });
  EXPECT_EQ(*platform::ReadFile(dir_ / "old.key", 65536), key);
  const auto posted = server_.All("/v1/host/renew");
  ASSERT_EQ(posted.size(), 1U);
  auto json = wire::ParseJson(posted[0].body, {.max_bytes = 65536, .max_string = 65536});
  ASSERT_TRUE(json);
  wire::ObjectReader in(json->get());
  ASSERT_TRUE(platform::WriteFileDurably(dir_ / "csr", in.String("csr", {1, 65536})));
  const std::string check =
      "openssl req -in " + (dir_ / "csr") + " -noout -verify -subject -pubkey > " + (dir_ / "out") +
      " 2>&1 && openssl pkey -in " + (dir_ / "old.key") + " -pubout > " + (dir_ / "pub");
  ASSERT_EQ(std::system(check.c_str()), 0);
  EXPECT_THAT(*platform::ReadFile(dir_ / "out", 65536), HasSubstr("CN = web-1"));
  EXPECT_THAT(*platform::ReadFile(dir_ / "out", 65536),
              HasSubstr(*platform::ReadFile(dir_ / "pub", 65536)));
}

TEST_F(CourierTest, LeavesACertificateAloneThatLastsLonger) {
  StartAndSettle();
  EXPECT_EQ(server_.Count("/v1/host/renew"), 0U);
  EXPECT_THAT(lines_, IsEmpty());
}

TEST_F(CourierTest, KeepsTheOldCertificateWhereTheNewOneIsNone) {
  std::filesystem::copy_file(server_.folder / "old.pem", dir_ / "old.pem");
  config_.certificate_file = dir_ / "old.pem";
  config_.key_file = server_.folder / "old.key";
  const std::string old = *platform::ReadFile(dir_ / "old.pem", 65536);
  server_.Route("POST /v1/host/renew", 200, wire::ObjectBuilder().String("certificate", "none"));
  StartAndSettle();
  RunUntil([&] { return !lines_.empty(); });
  EXPECT_THAT(lines_[0], HasSubstr("renew: the server's answer: is not a certificate"));
  EXPECT_EQ(*platform::ReadFile(dir_ / "old.pem", 65536), old);
}

}  // namespace
}  // namespace daypass::agent
