// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What a host takes and what it refuses, with the reason; a refused document changes nothing.
#include <gmock/gmock.h>

#include "tests/unit/agent_fixture.h"

namespace daypass::agent {
namespace {

using core::Reason;
using testing::Contains;

class Import : public AgentTest {};

TEST_F(Import, TakesThePinnedPolicyFirst) {
  auto taken = importer_->ImportPolicy(SignedPolicy(1));
  ASSERT_TRUE(taken) << taken.error().what;
  EXPECT_EQ(holdings_->policy()->version, 1u);
  EXPECT_EQ(LastEvent(), "policy.imported");
}

// EN-08: the server asks the host to pin another first policy, truly signed. Control: the test
// above.
TEST_F(Import, RefusesAnotherFirstPolicyThanThePinnedOne) {
  auto refused = importer_->ImportPolicy(SignedPolicy(1, "apache2"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Reason::kKeyUnknown);
  EXPECT_EQ(holdings_->policy(), nullptr);
  EXPECT_EQ(LastEvent(), "policy.refused");
}

// GF-17, with its control: a newer version, signed alike, is taken.
TEST_F(Import, RefusesAnOlderPolicyTrulySigned) {
  MakeReady();
  ASSERT_TRUE(importer_->ImportPolicy(SignedPolicy(3)));
  auto refused = importer_->ImportPolicy(SignedPolicy(2));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Reason::kRollback);
  EXPECT_EQ(holdings_->policy()->version, 3u);
}

// GF-19. Control: the same document again is no fault.
TEST_F(Import, RefusesAnotherPolicyOfTheSameVersion) {
  MakeReady();
  ASSERT_TRUE(importer_->ImportPolicy(SignedPolicy(1)));
  auto refused = importer_->ImportPolicy(SignedPolicy(1, "apache2"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Reason::kEquivocation);
}

// GF-25: the attacker owns every key of the server and adds an approver. Control: two
// administrators.
TEST_F(Import, RefusesAPolicyBelowTheAdministratorsThreshold) {
  MakeReady();
  const std::string payload = PolicyPayload(keys_, 2);
  for (const auto& signers :
       {std::vector{&keys_.ann}, std::vector{&keys_.server}, std::vector{&keys_.ann, &keys_.server},
        std::vector{&keys_.ann, &keys_.ann}}) {
    auto refused =
        importer_->ImportPolicy(SealBy({signers.begin(), signers.end()}, "policy", payload));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Reason::kBelowThreshold);
  }
  EXPECT_TRUE(importer_->ImportPolicy(SignedPolicy(2)));
}

// Megabytes that anybody may have signed are not read: who signed is weighed first. Control: signed
// by the administrators, the same bytes are read, and refused for what they are.
TEST_F(Import, ReadsNothingOfAPolicyThatStrangersSigned) {
  const std::string rubbish = "{\"format\":";
  auto first = importer_->ImportPolicy(SealBy({&keys_.ann, &keys_.ben}, "policy", rubbish));
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().code, Reason::kKeyUnknown) << "not the bytes that root pinned";
  MakeReady();
  auto refused = importer_->ImportPolicy(SealBy({&keys_.server, &keys_.bob}, "policy", rubbish));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Reason::kBelowThreshold);
  auto read = importer_->ImportPolicy(SealBy({&keys_.ann, &keys_.ben}, "policy", rubbish));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Reason::kMalformed);
}

// GF-15: signed by enough administrators, and without sense: the policy held stays in force.
// Control: the same text without the change is taken.
TEST_F(Import, KeepsThePolicyHeldWhenTheNextOneCouldNotMeanWhatItSays) {
  MakeReady();
  const std::string good = PolicyPayload(keys_, 2);
  const auto replaced = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    const size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
  };
  const std::string bobs_key = keys_.bob.public_key().line;
  const std::string senseless[] = {
      replaced(R"("threshold":2)", R"("threshold":0)"),
      replaced(R"("threshold":2)", R"("threshold":3)"),
      replaced(R"("uses":["approve"])", R"("uses":[])"),          // nobody may do anything with it
      replaced(R"("uses":["approve"])", R"("uses":["signin"])"),  // no approver is left
      replaced(bobs_key, keys_.ann.public_key().line),            // one key, two people
      replaced(R"("name":"bob")", R"("name":"ann")"),
  };
  for (const std::string& payload : senseless) {
    auto refused = importer_->ImportPolicy(SealBy({&keys_.ann, &keys_.ben}, "policy", payload));
    ASSERT_FALSE(refused) << payload;
    EXPECT_EQ(refused.error().code, Reason::kMalformed);
    EXPECT_EQ(holdings_->policy()->version, 1u);
    EXPECT_EQ(LastEvent(), "policy.refused");
  }
  Stop();
  Start();
  EXPECT_EQ(holdings_->policy()->version, 1u);
  EXPECT_TRUE(importer_->ImportPolicy(SealBy({&keys_.ann, &keys_.ben}, "policy", good)));
  EXPECT_EQ(holdings_->policy()->version, 2u);
}

// GF-37: everything of another realm. Control: MakeReady took the same of ours.
TEST_F(Import, RefusesEverythingOfAnotherRealm) {
  MakeReady();
  const std::string other = "ffeeddccbbaa99887766554433221100";
  auto policy = importer_->ImportPolicy(
      SealBy({&keys_.ann, &keys_.ben}, "policy", PolicyPayload(keys_, 2, "nginx", other)));
  ASSERT_FALSE(policy);
  EXPECT_EQ(policy.error().code, Reason::kWrongRealm);
  core::Statement statement = Statement();
  statement.realm = other;
  auto grant = ImportGrant(Approved(statement));
  ASSERT_FALSE(grant);
  EXPECT_EQ(grant.error().code, Reason::kWrongRealm);
  core::Status status;
  status.realm = other;
  status.host = "web-1";
  status.number = time_->DrawNumber();
  status.time = platform::WallTime();
  status.policy_version = 1;
  status.receipt.digest = wire::kNoPrev;
  auto word =
      importer_->ImportStatus(wire::Seal(keys_.server, "status", wire::EncodeStatus(status)));
  ASSERT_FALSE(word);
  EXPECT_EQ(word.error().code, Reason::kWrongRealm);
}

// GF-16: each document offered as another type.
TEST_F(Import, RefusesADocumentOfAnotherType) {
  MakeReady();
  const std::string grant = Approved(Statement());
  auto as_policy = importer_->ImportPolicy(grant);
  ASSERT_FALSE(as_policy);
  EXPECT_EQ(as_policy.error().code, Reason::kWrongNamespace);
  auto as_status = importer_->ImportStatus(grant);
  ASSERT_FALSE(as_status);
  EXPECT_EQ(as_status.error().code, Reason::kWrongNamespace);
  auto as_grant = ImportGrant(SignedPolicy(2));
  ASSERT_FALSE(as_grant);
  EXPECT_EQ(as_grant.error().code, Reason::kWrongNamespace);
  EXPECT_TRUE(ImportGrant(grant));  // control
}

TEST_F(Import, TakesAStatusOnlyWithANumberThatItDrewAndOnlyOnce) {
  MakeReady();
  const std::string status = SignedStatus(platform::WallTime());
  ASSERT_TRUE(importer_->ImportStatus(status));
  auto again = importer_->ImportStatus(status);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Reason::kRollback);
  EXPECT_EQ(LastEvent(), "status.refused");
}

TEST_F(Import, StartsAGrantWhenItTakesIt) {
  MakeReady();
  auto taken = ImportGrant(Approved(Statement()));
  ASSERT_TRUE(taken) << taken.error().what;
  const core::Grant* grant = holdings_->FindGrant(taken->id);
  ASSERT_NE(grant, nullptr);
  EXPECT_EQ(grant->bound_uid, 1u);
  EXPECT_TRUE(grant->latch.started);
  EXPECT_THAT(Events(), Contains("grant.imported"));
  EXPECT_THAT(Events(), Contains("grant.started"));
}

// GF-24: the server's keys sign what only approvers may. Control: StartsAGrantWhenItTakesIt.
TEST_F(Import, RefusesAGrantSignedByTheServerAlone) {
  MakeReady();
  const std::string payload = wire::EncodeStatement(Statement(), std::string(32, '1'));
  auto refused = ImportGrant(SealBy({&keys_.server, &keys_.host}, "grant", payload));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Reason::kKeyUnknown);
  EXPECT_EQ(LastEvent(), "grant.refused");
  EXPECT_TRUE(holdings_->grants().empty());
}

// GF-10. Control: the grant for web-1.
TEST_F(Import, RefusesAGrantForAnotherHost) {
  MakeReady();
  core::Statement statement = Statement();
  statement.hosts = {"web-2"};
  auto refused = ImportGrant(Approved(statement));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Reason::kWrongHost);
}

// GF-38. Control: with the digest of the role that is held.
TEST_F(Import, RefusesAGrantForARoleThatHasChangedSince) {
  MakeReady();
  const std::string approved = Approved(Statement());
  ASSERT_TRUE(importer_->ImportPolicy(SignedPolicy(2, "apache2")));
  auto refused = ImportGrant(approved);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Reason::kRoleChanged);
}

// GF-39: held back until after its latest start. Control: in time.
TEST_F(Import, RefusesAGrantAfterItsLatestStart) {
  MakeReady();
  core::Statement statement = Statement();
  statement.created -= core::Seconds{7200};
  statement.start_by = platform::WallTime() - core::Seconds{1};
  auto refused = ImportGrant(Approved(statement));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Reason::kStartOutOfRange);
}

// GF-39: sent again, before and after a restart: the latched start does not move.
TEST_F(Import, NeverMovesALatchedStart) {
  MakeReady();
  const std::string approved = Approved(Statement());
  auto taken = ImportGrant(approved);
  ASSERT_TRUE(taken);
  const auto started = holdings_->FindGrant(taken->id)->latch.started;
  ASSERT_TRUE(ImportGrant(approved));
  EXPECT_EQ(holdings_->FindGrant(taken->id)->latch.started, started);
  Stop();
  Start();
  ASSERT_NE(holdings_->FindGrant(taken->id), nullptr);
  EXPECT_EQ(holdings_->FindGrant(taken->id)->latch.started, started);
  ASSERT_TRUE(importer_->ImportStatus(SignedStatus(platform::WallTime())));
  ASSERT_TRUE(ImportGrant(approved));
  EXPECT_EQ(holdings_->FindGrant(taken->id)->latch.started, started);
}

// GF-27
TEST_F(Import, KeepsARevocationThatALaterStatusLeavesOut) {
  MakeReady();
  auto taken = ImportGrant(Approved(Statement()));
  ASSERT_TRUE(taken);
  revoked_ = {{taken->id, "", platform::WallTime()}};
  ASSERT_TRUE(importer_->ImportStatus(SignedStatus(platform::WallTime())));
  EXPECT_TRUE(holdings_->IsRevoked(taken->id));
  revoked_.clear();
  ASSERT_TRUE(importer_->ImportStatus(SignedStatus(platform::WallTime())));
  Stop();
  Start();
  EXPECT_TRUE(holdings_->IsRevoked(taken->id));
}

TEST_F(Import, RefusesAGrantForAnAccountThatThisHostDoesNotHave) {
  MakeReady();
  core::Statement statement = Statement();
  statement.subject = "no-such-account";
  auto refused = ImportGrant(Approved(statement));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Reason::kWrongSubject);
}

TEST_F(Import, RefusesGrantsWhileTheTimeIsUnknown) {
  ASSERT_TRUE(importer_->ImportPolicy(SignedPolicy(1)));
  if (time_->View().now) GTEST_SKIP() << "this machine's wall clock is synchronised";
  auto refused = ImportGrant(Approved(Statement()));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Reason::kTimeUnknown);
}

}  // namespace
}  // namespace daypass::agent
